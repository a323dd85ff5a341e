import type { ApiError } from '../../../api/api-error.ts';
import type { TokenOptions } from '../../../api/operations.ts';
import { classes, Notice } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { ownerName } from '../token-words.tsx';
import { Choices, Group } from './choices.tsx';
import { type Draft, mayGive, type Way } from './draft.ts';
import { PermissionPicker } from './permission-picker.tsx';

interface GrantSectionProps {
  readonly options: TokenOptions;
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly gaps: Readonly<Record<string, string>>;
  readonly error: ApiError | null;
}

/** What it may do, in the ways this company has. */
export function GrantSection({ options, draft, onChange, gaps, error }: GrantSectionProps) {
  const words = useWords();
  const ways = options.grants;
  const problemOf = (way: Way) => gaps[way === 'permissions' ? 'permissions' : way] ?? problemIn(error, way);
  return (
    <>
      {ways.length > 1 && (
        <Choices
          legend={`What the ${words.token} may do`}
          value={draft.way}
          columns={2}
          options={ways.map((way) => ({ value: way, ...WAYS[way] }))}
          onValue={(way) => onChange({ way })}
        />
      )}
      {draft.way === 'permissions' && (
        <>
          <Templates options={options} draft={draft} onChange={onChange} />
          <PermissionPicker
            options={options}
            chosen={draft.permissions}
            onChange={(permissions) => onChange({ permissions })}
            typed={draft.typed}
            onTyped={(typed) => onChange({ typed })}
            problem={problemOf('permissions')}
          />
        </>
      )}
      {draft.way === 'level' && (
        <Choices
          legend="Access"
          hint={`Always within what ${options.is_self ? 'you may' : 'its owner may'} do.`}
          value={draft.level}
          problem={problemOf('level')}
          options={options.levels.map(({ level, description, gives, grantable }) => ({
            value: level,
            label: LEVELS[level],
            disabled: !grantable,
            hint: (
              <>
                {description}
                {grantable ? (
                  <span className="block font-mono text-xs break-words">{gives.join(' · ')}</span>
                ) : (
                  <span className="block">
                    {options.is_self ? 'You may do' : 'Its owner may do'} nothing that this adds.
                  </span>
                )}
              </>
            ),
          }))}
          onValue={(level) => onChange({ level })}
        />
      )}
      {draft.way === 'inherit' && <Inherited options={options} problem={problemOf('inherit')} />}
    </>
  );
}

const LEVELS = { read: 'Read', write: 'Write', admin: 'Admin' } as const;

const WAYS: Readonly<Record<Way, { readonly label: string; readonly hint: string }>> = {
  permissions: { label: 'Only what you choose', hint: 'The safer way: it can do nothing else.' },
  level: { label: 'A level of access', hint: 'Reading, writing or administrating.' },
  inherit: { label: 'Everything its owner may do', hint: 'It follows its owner, when that changes as well.' },
};

/** What the server says of one way; what goes beyond the caller comes under `permissions` whatever the way. */
function problemIn(error: ApiError | null, way: Way): string | undefined {
  return error?.problemOf(way) ?? error?.problemOf('permissions');
}

function Inherited({ options, problem }: { readonly options: TokenOptions; readonly problem: string | undefined }) {
  const words = useWords();
  const whose = options.is_self ? 'you' : ownerName(options);
  const gives = options.inherit?.gives ?? [];
  const described = new Map(options.permissions.map(({ permission, description }) => [permission, description]));
  return (
    <Group legend={`What the ${words.token} may do`} problem={problem}>
      <p className="text-soft">
        Everything {whose} may do here, and never more. When that changes, the {words.token} changes with it.
      </p>
      {gives.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {gives.map((permission) => (
            <li
              key={permission}
              title={described.get(permission) ?? undefined}
              className="rounded bg-hover px-2 py-0.5 font-mono text-sm"
            >
              {permission}
            </li>
          ))}
        </ul>
      )}
      {gives.length === 0 && options.inherit?.everything === false && (
        <Notice look="warn">At the moment that is nothing: requests with it are refused until that changes.</Notice>
      )}
    </Group>
  );
}

function Templates({ options, draft, onChange }: Pick<GrantSectionProps, 'options' | 'draft' | 'onChange'>) {
  const usable = options.templates.filter(({ permissions }) => permissions.some((entry) => mayGive(options, entry)));
  if (usable.length === 0) return null;
  const isSame = (entries: readonly string[]) => [...entries].sort().join() === [...draft.permissions].sort().join();
  return (
    <Group legend="Begin with" optional>
      <div className="grid gap-2 sm:grid-cols-3">
        {usable.map(({ name, token_name, description, permissions, missing }) => {
          const given = permissions.filter((entry) => !missing.includes(entry));
          return (
            <button
              key={name}
              type="button"
              aria-pressed={isSame(given)}
              onClick={() => onChange({ permissions: given, ...(isProposed(draft, options) && { name: token_name }) })}
              className={classes(
                'grid content-start gap-0.5 rounded-md border px-3 py-2.5 text-left hover:bg-raised',
                isSame(given) ? 'border-accent bg-raised' : 'border-edge',
              )}
            >
              <span className="font-medium">{name}</span>
              <span className="text-sm text-soft">{description}</span>
              {missing.length > 0 && <span className="text-sm text-soft">Without {missing.join(', ')}.</span>}
            </button>
          );
        })}
      </div>
    </Group>
  );
}

/** A name that nobody typed may be exchanged. */
function isProposed({ name }: Draft, { templates }: TokenOptions): boolean {
  return name.trim() === '' || templates.some(({ token_name }) => token_name === name);
}
