import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../api/queries.ts';
import { Checkbox } from '../../ui/index.ts';
import { rolesQuery } from './people-queries.ts';
import { PermissionField } from './permission-field.tsx';

export interface Given {
  /** By name. */
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

export const NOTHING: Given = { roles: [], permissions: [] };

const BUILT_IN: Readonly<Record<string, string>> = {
  admin: 'Everything of your API, and all of this dashboard.',
  support: 'Sees everything here and can revoke. Makes and changes nothing.',
  member: 'Everything of your API for what is their own, nothing of this dashboard.',
};

interface GivenFieldsProps {
  readonly given: Given;
  readonly onChange: (given: Given) => void;
  readonly problem: string | undefined;
}

/** What somebody may do in a workspace: by roles, and by permissions on top of them. */
export function GivenFields({ given, onChange, problem }: GivenFieldsProps) {
  const may = useMay();
  const { data } = useQuery({ ...rolesQuery, enabled: may('keyhouse-roles:read') });
  const toggle = (name: string, on: boolean) =>
    onChange({ ...given, roles: on ? [...given.roles, name] : given.roles.filter((one) => one !== name) });
  return (
    <>
      {data !== undefined && (
        <fieldset className="grid gap-2.5">
          <legend className="mb-1.5 font-medium">Roles</legend>
          {data.data.map(({ id, name, permissions, built_in }) => (
            <Checkbox
              key={id}
              label={<span className="break-words">{name}</span>}
              hint={built_in ? BUILT_IN[name] : summaryOf(permissions)}
              checked={given.roles.includes(name)}
              onChecked={(on) => toggle(name, on)}
            />
          ))}
        </fieldset>
      )}
      <PermissionField
        label="Permissions besides"
        chosen={given.permissions}
        onChange={(permissions) => onChange({ ...given, permissions })}
        problem={problem}
      />
    </>
  );
}

function summaryOf(permissions: readonly string[]): string {
  if (permissions.length === 0) return 'Allows nothing yet.';
  const shown = permissions.slice(0, 4).join(', ');
  return permissions.length > 4 ? `${shown} and ${permissions.length - 4} more` : shown;
}
