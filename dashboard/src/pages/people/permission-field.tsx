import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { TokenOptions } from '../../api/operations.ts';
import { Button, Checkbox, Field, IconButton, SearchBox, TextInput } from '../../ui/index.ts';

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
  const { data: options } = useQuery({
    queryKey: ['people', 'permissions'],
    queryFn: ({ signal }) => call<TokenOptions>('GET', '/v1/token-options', { signal }),
    staleTime: 5 * 60_000,
  });
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
        {options.catalogue === 'open' && <FreeEntry chosen={chosen} onChange={onChange} />}
        {own.length > 0 && (
          <ul aria-label="Further permissions" className="flex flex-wrap gap-2">
            {own.map((entry) => (
              <li
                key={entry}
                className="inline-flex h-8 items-center gap-1 rounded-md bg-hover pl-2.5 font-mono text-sm"
              >
                {entry}
                <IconButton
                  icon="close"
                  label={`Take out ${entry}`}
                  onClick={() => onChange(chosen.filter((one) => one !== entry))}
                />
              </li>
            ))}
          </ul>
        )}
        {group('This dashboard', management)}
      </div>
    </details>
  );
}

interface FreeEntryProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Entries of an open catalogue, which nobody can list. */
function FreeEntry({ chosen, onChange }: FreeEntryProps) {
  const [typed, setTyped] = useState('');
  const add = () => {
    const entries = typed.split(/[\s,]+/).filter((entry) => entry !== '');
    if (entries.length === 0) return;
    onChange([...new Set([...chosen, ...entries])]);
    setTyped('');
  };
  return (
    <div className="grid gap-2">
      <Field
        label="Add a permission"
        hint="As your API names them: servers:read, or servers:* for everything with servers."
      >
        <div className="flex gap-2">
          <FreeInput typed={typed} onTyped={setTyped} onEnter={add} />
          <Button onClick={add}>Add</Button>
        </div>
      </Field>
    </div>
  );
}

interface FreeInputProps {
  readonly typed: string;
  readonly onTyped: (text: string) => void;
  readonly onEnter: () => void;
}

function FreeInput({ typed, onTyped, onEnter }: FreeInputProps) {
  return (
    <TextInput
      value={typed}
      maxLength={1_000}
      placeholder="servers:read"
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      onChange={(event) => onTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        // Enter in a box of its own is not the end of the form.
        event.preventDefault();
        onEnter();
      }}
      className="font-mono"
    />
  );
}
