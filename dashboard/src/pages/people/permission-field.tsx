import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Checkbox, IconButton, SearchBox } from '../../ui/index.ts';
import { FreePermission } from '../tokens/create/free-permission.tsx';
import { tokenOptionsQuery } from '../tokens/token-queries.ts';

interface Choice {
  readonly permission: string;
  readonly description: string | null;
}

/** Beyond this many there is a box to search in. */
const SHORT = 8;

interface PermissionFieldProps {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly problem: string | undefined;
  readonly open?: boolean;
}

/** Permissions for people and roles: those of the provider's API, and those for this dashboard that one holds oneself. */
export function PermissionField({ label, chosen, onChange, problem, open = false }: PermissionFieldProps) {
  const [isOpen] = useState(open || chosen.length > 0);
  const [search, setSearch] = useState('');
  const [typed, setTyped] = useState('');
  const { data: options } = useQuery(tokenOptionsQuery(null));
  if (options === undefined) return null;
  const api: readonly Choice[] = [
    ...options.permissions,
    ...options.wildcards.map(({ permission, resource }) => ({
      permission,
      description: `Everything with ${resource}`,
    })),
  ];
  const management = options.management.filter(({ permission }) => !permission.endsWith(':*'));
  const listed = new Set([...api, ...management].map(({ permission }) => permission));
  const own = chosen.filter((entry) => !listed.has(entry));
  const toggle = (entry: string, on: boolean) =>
    onChange(on ? [...chosen, entry] : chosen.filter((one) => one !== entry));
  const fits = ({ permission, description }: Choice) =>
    `${permission} ${description ?? ''}`.toLowerCase().includes(search.toLowerCase());
  const group = (title: string, choices: readonly Choice[]) => {
    const found = choices.filter(fits);
    if (found.length === 0) return null;
    return (
      <fieldset className="min-w-0">
        <legend className="mb-2 text-sm font-medium text-soft">{title}</legend>
        <div className="grid gap-x-6 gap-y-2.5 sm:grid-cols-2">
          {found.map(({ permission, description }) => (
            <Checkbox
              key={permission}
              label={<span className="font-mono text-sm break-all">{permission}</span>}
              hint={description ?? undefined}
              checked={chosen.includes(permission)}
              onChecked={(on) => toggle(permission, on)}
            />
          ))}
        </div>
      </fieldset>
    );
  };
  return (
    <details open={isOpen} className="rounded-md border border-line">
      <summary className="px-3.5 py-2.5 font-medium hover:bg-raised">
        {label}
        {chosen.length > 0 && <span className="font-normal text-soft"> · {chosen.length} chosen</span>}
      </summary>
      <div className="grid gap-4 px-3.5 pt-1.5 pb-3.5">
        {problem !== undefined && (
          <p role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
        {listed.size > SHORT && <SearchBox text={search} onText={setSearch} label="Search permissions" />}
        {group('Your API', api)}
        {options.catalogue === 'open' && (
          <FreePermission chosen={chosen} onChange={onChange} typed={typed} onTyped={setTyped} />
        )}
        {own.length > 0 && (
          <ul aria-label="Further permissions" className="flex flex-wrap gap-2">
            {own.map((entry) => (
              <li
                key={entry}
                className="inline-flex h-8 items-center gap-1 rounded-md bg-hover pl-2.5 font-mono text-sm"
              >
                {entry}
                <IconButton icon="close" label={`Take out ${entry}`} onClick={() => toggle(entry, false)} />
              </li>
            ))}
          </ul>
        )}
        {group('This dashboard', management)}
      </div>
    </details>
  );
}
