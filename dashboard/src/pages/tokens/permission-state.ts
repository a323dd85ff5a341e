import type { Token } from '../../api/operations.ts';

export interface GrantedEntry {
  readonly entry: string;
  /** Whether it can be used at this moment: wholly, in part (a wildcard), or not at all. */
  readonly holds: 'all' | 'some' | 'none';
}

/** What a token was given, entry by entry, held against what it may do now; null where that is not said by entries. */
export function grantedEntries(
  { grant, effective_permissions: effective }: Pick<Token, 'grant' | 'effective_permissions'>,
  catalogue: readonly string[] | null,
): readonly GrantedEntry[] | null {
  if (!('permissions' in grant)) return null;
  const holds = new Set(effective);
  return grant.permissions.map((entry) => ({ entry, holds: heldOf(entry, holds, catalogue) }));
}

function heldOf(entry: string, effective: ReadonlySet<string>, catalogue: readonly string[] | null) {
  const resource = entry.slice(0, entry.indexOf(':'));
  if (effective.has(entry) || effective.has(`${resource}:*`)) return 'all';
  if (!entry.endsWith(':*')) return 'none';
  const held = [...effective].filter((one) => one.startsWith(`${resource}:`));
  if (held.length === 0) return 'none';
  const known = catalogue?.filter((one) => one.startsWith(`${resource}:`)) ?? [];
  return known.length > 0 && known.every((one) => effective.has(one)) ? 'all' : 'some';
}
