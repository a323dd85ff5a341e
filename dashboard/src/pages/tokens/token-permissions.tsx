import type { Token } from '../../api/operations.ts';
import { classes, Icon } from '../../ui/index.ts';
import { grantedEntries } from './permission-state.ts';
import { useProfile } from './token-queries.ts';
import { levelLabel, ownerName } from './token-words.tsx';

/** What a token was given against what it may do at this moment, and why the two differ. */
export function TokenPermissions({ token }: { readonly token: Token }) {
  const profile = useProfile();
  const catalogue = profile === undefined || profile.catalogue === 'open' ? null : profile.catalogue;
  const descriptions = new Map(catalogue?.map(({ permission, description }) => [permission, description]));
  const granted = grantedEntries(token, catalogue?.map(({ permission }) => permission) ?? null);
  const { grant, effective_permissions: effective } = token;
  const owner = ownerName(token);
  if (granted === null) {
    return (
      <div className="grid gap-3">
        <p>{'level' in grant ? `The level ${levelLabel(grant.level)}` : `Whatever ${owner} may do`}, which today is:</p>
        {effective.length === 0 ? (
          <p className="text-soft">
            {'level' in grant
              ? `Nothing: ${owner} may do none of it in ${token.workspace.name} at the moment.`
              : 'What the role of its owner gives; no single permissions are named.'}
          </p>
        ) : (
          <List entries={effective.map((entry) => ({ entry, holds: 'all' }))} descriptions={descriptions} />
        )}
      </div>
    );
  }
  const isCut = granted.some(({ holds }) => holds !== 'all');
  return (
    <div className="grid gap-3">
      <List entries={granted} descriptions={descriptions} />
      {isCut && (
        <p className="text-sm text-soft">
          What is crossed out was given, and cannot be used now: {owner} may not do it in {token.workspace.name} at the
          moment. It can be used again as soon as {owner} may.
        </p>
      )}
    </div>
  );
}

interface ListProps {
  readonly entries: readonly { readonly entry: string; readonly holds: 'all' | 'some' | 'none' }[];
  readonly descriptions: ReadonlyMap<string, string>;
}

function List({ entries, descriptions }: ListProps) {
  return (
    <ul className="grid gap-1.5">
      {entries.map(({ entry, holds }) => (
        <li key={entry} className="flex gap-2.5">
          <Icon
            name={holds === 'none' ? 'close' : 'check'}
            className={classes('mt-1', holds === 'all' ? 'text-good' : holds === 'some' ? 'text-warn' : 'text-soft')}
          />
          <div className="min-w-0">
            {holds === 'none' ? (
              <s className="font-mono text-sm break-all text-soft">{entry}</s>
            ) : (
              <span className="font-mono text-sm break-all">{entry}</span>
            )}
            {holds !== 'all' && (
              <span className="text-sm text-soft">{holds === 'some' ? ' in part' : ' not at the moment'}</span>
            )}
            {descriptions.has(entry) && <p className="text-sm text-soft">{descriptions.get(entry)}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
