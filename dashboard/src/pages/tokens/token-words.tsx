import type { Token, TokenState } from '../../api/wire.ts';
import { Badge, type BadgeLook } from '../../ui/index.ts';

const STATES: Readonly<Record<TokenState, { readonly look: BadgeLook; readonly label: string }>> = {
  active: { look: 'good', label: 'Active' },
  disabled: { look: 'warn', label: 'Disabled' },
  superseded: { look: 'warn', label: 'Ending soon' },
  replaced: { look: 'plain', label: 'Replaced' },
  expired: { look: 'plain', label: 'Expired' },
  revoked: { look: 'bad', label: 'Revoked' },
};

export function StateBadge({ state }: Pick<Token, 'state'>) {
  const { look, label } = STATES[state];
  return <Badge look={look}>{label}</Badge>;
}

const LEVELS: Readonly<Record<string, string>> = { read: 'Read', write: 'Write', admin: 'Admin' };

export function levelLabel(level: string): string {
  return LEVELS[level] ?? level;
}

/** What a token was given, short enough for a row. */
export function grantSummary({ grant }: Pick<Token, 'grant'>): string {
  if ('level' in grant) return levelLabel(grant.level);
  if ('inherit' in grant) return 'Same as its owner';
  const [first = 'Nothing', ...more] = grant.permissions;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** How an owner is called: by name, else by address, else by the provider's own id. */
export function ownerName({ owner }: Pick<Token, 'owner'>): string {
  return owner.name ?? owner.email ?? owner.external_id ?? owner.id;
}
