import type { Token } from '../../api/operations.ts';

export const STATE_LABELS: Readonly<Record<Token['state'], string>> = {
  active: 'Active',
  disabled: 'Disabled',
  superseded: 'Ending soon',
  replaced: 'Replaced',
  expired: 'Expired',
  revoked: 'Revoked',
};

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

/** How much may be asked in one window of a limit. */
export function limitText({ limit, name }: { readonly limit: number; readonly name: string }): string {
  return `${limit.toLocaleString('en')} requests per ${name}`;
}
