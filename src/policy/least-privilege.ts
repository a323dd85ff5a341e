import type { Grant, Level } from './grant.ts';
import { covers, isReserved, type PermissionSet } from './permission.ts';
import { alternativesOf } from './use-term.ts';

const LEVELS: readonly Level[] = ['read', 'write', 'admin'];

export interface Privileges {
  readonly grant: Grant;
  readonly levels: ReadonlyMap<Level, PermissionSet>;
  /** What it amounts to now, as `listEffective` gives it. */
  readonly effective: readonly string[];
  /** What the token may do now, one permission asked. */
  readonly may: (permission: string) => boolean;
}

/**
 * The smallest grant of the same kind that would have allowed what was used, as far as the token still may do it. What it
 * holds over Keyhouse itself stays as it is: operations look at that in more ways than requests tell.
 * @param terms as `useTerms` gives them, of every accepted request.
 * @returns null where there is nothing smaller: for `inherit`, for the lowest level that suffices, for what is all used or
 *   would be nothing.
 */
export function sufficientGrant({ grant, levels, effective, may }: Privileges, terms: readonly string[]): Grant | null {
  const needed = sufficientPermissions(terms, may);
  switch (grant.mode) {
    case 'inherit':
      return null;
    case 'level': {
      const lower = LEVELS.slice(0, LEVELS.indexOf(grant.level));
      const level = lower.find((one) => {
        const held = levels.get(one);
        return held !== undefined && needed.size > 0 && [...needed].every((permission) => covers(held, permission));
      });
      return level === undefined ? null : { mode: 'level', level };
    }
    case 'permissions': {
      const kept = grant.permissions.filter(isReserved);
      const used = [...needed].filter((permission) => !isReserved(permission));
      const permissions = [...new Set([...used, ...kept])].sort();
      if (permissions.length === 0 || isAllOf(grant.permissions, new Set(permissions), effective)) return null;
      return { mode: 'permissions', permissions };
    }
  }
}

/** What is used of what is held: of alternatives one that is needed anyway, or else one that serves most of them. */
export function sufficientPermissions(
  terms: readonly string[],
  may: (permission: string) => boolean,
): ReadonlySet<string> {
  const wanted = terms.map((term) => (alternativesOf(term) ?? []).filter(may)).filter((held) => held.length > 0);
  const chosen = new Set(wanted.filter((held) => held.length === 1).flat());
  let open = wanted.filter((held) => !held.some((permission) => chosen.has(permission)));
  while (open.length > 0) {
    const serves = new Map<string, number>();
    for (const permission of open.flat()) serves.set(permission, (serves.get(permission) ?? 0) + 1);
    const [best] = [...serves].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0] as [string, number];
    chosen.add(best);
    open = open.filter((held) => !held.includes(best));
  }
  return chosen;
}

/** Whether the set is no smaller: it names whatever is granted, or whatever of it the token may do now. */
function isAllOf(granted: readonly string[], kept: ReadonlySet<string>, effective: readonly string[]): boolean {
  if (granted.every((entry) => kept.has(entry))) return true;
  const hasWildcard = granted.some((entry) => entry.endsWith(':*'));
  return hasWildcard && effective.length > 0 && effective.every((entry) => kept.has(entry));
}
