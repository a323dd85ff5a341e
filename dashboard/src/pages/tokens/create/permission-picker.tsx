import { useState } from 'react';
import type { TokenOptions } from '../../../api/operations.ts';
import { Badge, Checkbox, Icon, IconButton, TextInput } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { Group } from './choices.tsx';
import { covers, mayGive } from './draft.ts';
import { FreePermission, withoutSending } from './free-permission.tsx';

/** Beyond this many there is a box to search in. */
const SHORT = 6;

interface PermissionPickerProps {
  readonly options: TokenOptions;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  /** Typed where the catalogue is open, and not added to them yet. */
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
  readonly problem: string | undefined;
}

/** What it may do, entry by entry, by resource; what may not be given is told apart and why. */
export function PermissionPicker(props: PermissionPickerProps) {
  const { options, chosen, onChange, typed, onTyped, problem } = props;
  const [search, setSearch] = useState('');
  const words = useWords();
  const offered = options.permissions.filter(({ grantable }) => grantable);
  const refused = options.permissions.filter(({ grantable }) => !grantable);
  const wildcards = options.wildcards.filter(({ grantable }) => grantable);
  const found = offered.filter((one) => fits(one, search));
  const resources = [
    ...new Set([
      ...found.map(({ resource }) => resource),
      ...wildcards.filter(isFound).map(({ resource }) => resource),
    ]),
  ];
  function isFound({ permission }: { readonly permission: string }) {
    return search.trim() === '' || permission.includes(search.trim().toLowerCase());
  }
  const toggle = (entry: string, on: boolean) =>
    onChange(on ? [...chosen, entry] : chosen.filter((one) => one !== entry));
  const listed = new Set([...offered, ...wildcards, ...options.management].map(({ permission }) => permission));
  const others = chosen.filter((entry) => !listed.has(entry));
  return (
    <Group
      legend="Permissions"
      hint={`Only what it needs: the ${words.token} can then do nothing else, whoever gets hold of it.`}
      problem={problem}
    >
      {offered.length > SHORT && (
        <div className="relative">
          <Icon name="search" className="pointer-events-none absolute top-2.5 left-3 text-soft" />
          <TextInput
            type="search"
            aria-label="Search permissions"
            placeholder="Search permissions"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={withoutSending}
            className="pl-9"
          />
        </div>
      )}
      {resources.length > 0 && (
        <div className="divide-y divide-line rounded-md border border-line">
          {resources.map((resource) => (
            <Resource
              key={resource}
              resource={resource}
              rows={found.filter((one) => one.resource === resource)}
              wildcard={wildcards.find((one) => one.resource === resource && isFound(one))?.permission ?? null}
              chosen={chosen}
              onToggle={toggle}
            />
          ))}
        </div>
      )}
      {search.trim() !== '' && resources.length === 0 && (
        <p className="text-soft">No permission like that. Try another word, such as what the program does.</p>
      )}
      {options.catalogue === 'open' && (
        <FreePermission
          chosen={chosen}
          onChange={onChange}
          typed={typed}
          onTyped={onTyped}
          mayGive={(entry) => mayGive(options, entry)}
        />
      )}
      {others.length > 0 && (
        <ul aria-label="Further permissions" className="flex flex-wrap gap-2">
          {others.map((entry) => (
            <li key={entry} className="inline-flex h-8 items-center gap-1 rounded-md bg-hover pl-2.5 font-mono text-sm">
              {entry}
              {!mayGive(options, entry) && <Badge look="bad">Cannot be given</Badge>}
              <IconButton icon="close" label={`Take out ${entry}`} onClick={() => toggle(entry, false)} />
            </li>
          ))}
        </ul>
      )}
      {refused.length > 0 && <Refused rows={refused} isSelf={options.is_self} />}
      <Management options={options} chosen={chosen} onToggle={toggle} />
      <p role="status" className="text-sm text-soft">
        {chosen.length === 0 ? 'Nothing is chosen yet.' : `${chosen.length} chosen: ${chosen.join(', ')}`}
      </p>
    </Group>
  );
}

interface ResourceProps {
  readonly resource: string;
  readonly rows: TokenOptions['permissions'];
  readonly wildcard: string | null;
  readonly chosen: readonly string[];
  readonly onToggle: (entry: string, on: boolean) => void;
}

function Resource({ resource, rows, wildcard, chosen, onToggle }: ResourceProps) {
  const hasAll = wildcard !== null && chosen.includes(wildcard);
  return (
    <fieldset className="min-w-0 px-3.5 py-3">
      <legend className="sr-only">{resource}</legend>
      <div className="grid gap-x-6 gap-y-2.5 sm:grid-cols-2">
        {rows.map(({ permission, description, operations }) => (
          <Checkbox
            key={permission}
            label={<span className="font-mono text-sm break-all">{permission}</span>}
            hint={<Meaning description={description} operations={operations} />}
            checked={hasAll || chosen.includes(permission)}
            disabled={hasAll}
            onChecked={(on) => onToggle(permission, on)}
          />
        ))}
        {wildcard !== null && (
          <Checkbox
            label={<span className="font-mono text-sm break-all">{wildcard}</span>}
            hint={`Everything with ${resource}, also what is added later`}
            checked={hasAll}
            onChecked={(on) => onToggle(wildcard, on)}
          />
        )}
      </div>
    </fieldset>
  );
}

function Meaning({ description, operations }: Pick<TokenOptions['permissions'][number], 'description' | 'operations'>) {
  return (
    <>
      {description}
      {operations.length > 0 && <span className="block font-mono text-xs break-words">{operations.join(' · ')}</span>}
    </>
  );
}

function Refused({ rows, isSelf }: { readonly rows: TokenOptions['permissions']; readonly isSelf: boolean }) {
  return (
    <details className="text-sm text-soft">
      <summary className="w-fit hover:text-ink">
        {rows.length} more that {isSelf ? 'you cannot give' : 'this owner may not use'}
      </summary>
      <p className="mt-2">
        {isSelf
          ? 'You may not do these yourself here. Ask an administrator for them, then come back.'
          : 'The owner may not do these. Allow them to the owner first.'}
      </p>
      <ul className="mt-1.5 list-disc pl-5">
        {rows.map(({ permission, description }) => (
          <li key={permission}>
            <span className="font-mono">{permission}</span>
            {description !== null && ` ${description}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface ManagementProps {
  readonly options: TokenOptions;
  readonly chosen: readonly string[];
  readonly onToggle: (entry: string, on: boolean) => void;
}

/** For programs that work on this dashboard's own things. */
function Management({ options: { management }, chosen, onToggle }: ManagementProps) {
  const words = useWords();
  const [isOpen] = useState(() => chosen.some((entry) => entry.startsWith('keyhouse-')));
  if (management.length === 0) return null;
  return (
    <details open={isOpen} className="rounded-md border border-line">
      <summary className="px-3.5 py-2.5 hover:bg-raised">Managing {words.tokens} and people</summary>
      <div className="grid gap-x-6 gap-y-2.5 px-3.5 pt-1 pb-3.5 sm:grid-cols-2">
        {management
          .filter(({ permission }) => !permission.endsWith(':*'))
          .map(({ permission, description }) => (
            <Checkbox
              key={permission}
              label={<span className="font-mono text-sm break-all">{permission}</span>}
              hint={description}
              checked={chosen.some((entry) => covers(entry, permission))}
              disabled={chosen.some((entry) => entry !== permission && covers(entry, permission))}
              onChecked={(on) => onToggle(permission, on)}
            />
          ))}
      </div>
    </details>
  );
}

function fits({ permission, description, operations }: TokenOptions['permissions'][number], search: string): boolean {
  const text = [permission, description ?? '', ...operations].join(' ').toLowerCase();
  return search
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
