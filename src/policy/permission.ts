/** Resources of Keyhouse's own management permissions: only an entry that names one of them reaches it. */
export const RESERVED_RESOURCE_PREFIX = 'keyhouse-';

const PERMISSION = /^[a-z][a-z0-9_-]{0,31}:[a-z][a-z0-9_-]{0,31}$/;
const GRANT_ENTRY = /^[a-z][a-z0-9_-]{0,31}:(?:[a-z][a-z0-9_-]{0,31}|\*)$/;

/** Compiled grant entries. Unions and questions only: an entry is never taken away from a set. */
export interface PermissionSet {
  readonly exact: ReadonlySet<string>;
  /** Resources held as `resource:*`. */
  readonly wildcards: ReadonlySet<string>;
  /** Every permission outside the reserved resources, whatever the catalogue says. */
  readonly everything: boolean;
}

/** Whether the text is one concrete permission, `resource:action`. Bytes are compared; nothing is folded. */
export function isPermission(text: string): boolean {
  return PERMISSION.test(text);
}

/** Whether the text may stand in a grant: a concrete permission, or `resource:*`. */
export function isGrantEntry(text: string): boolean {
  return GRANT_ENTRY.test(text);
}

/** Whether the entry is about Keyhouse itself. */
export function isReserved(entry: string): boolean {
  return entry.startsWith(RESERVED_RESOURCE_PREFIX);
}

/** Compiles grant entries; one that is not a grant entry grants nothing. */
export function compilePermissions(entries: readonly string[], everything = false): PermissionSet {
  const exact = new Set<string>();
  const wildcards = new Set<string>();
  for (const entry of entries) {
    if (isPermission(entry)) exact.add(entry);
    else if (isGrantEntry(entry)) wildcards.add(resourceOf(entry));
  }
  return { exact, wildcards, everything };
}

/** Whether the set allows one concrete permission; anything that is not one is never allowed. */
export function covers(set: PermissionSet, permission: string): boolean {
  if (set.exact.has(permission)) return true;
  if (set.wildcards.size === 0 && !set.everything) return false;
  if (!isPermission(permission)) return false;
  return set.wildcards.has(resourceOf(permission)) || (set.everything && !isReserved(permission));
}

/** The set that allows what any of `sets` allows. */
export function unionPermissions(sets: readonly PermissionSet[]): PermissionSet {
  const exact = new Set<string>();
  const wildcards = new Set<string>();
  let everything = false;
  for (const set of sets) {
    for (const permission of set.exact) exact.add(permission);
    for (const resource of set.wildcards) wildcards.add(resource);
    everything ||= set.everything;
  }
  return { exact, wildcards, everything };
}

/**
 * The entries of `inner` that reach further than `outer`, as written, in order.
 * @param catalogue every permission there is, or null where any well-formed one may exist: then only a wildcard (or
 *   `everything`) covers a wildcard.
 */
export function entriesNotCovered(
  inner: readonly string[],
  outer: PermissionSet,
  catalogue: readonly string[] | null,
): string[] {
  return inner.filter((entry) => !coversEntry(outer, entry, catalogue));
}

/**
 * What a grant amounts to for an owner, sorted. In a closed catalogue these are concrete permissions; in an open one a
 * wildcard that both sides hold stays a wildcard. `inherit` never yields a reserved permission. An owner with
 * `everything` in an open catalogue has no finite list: only what is named on either side is listed.
 */
export function listEffective(
  grant: PermissionSet | 'inherit',
  owner: PermissionSet,
  catalogue: readonly string[] | null,
): string[] {
  const asked: PermissionSet = grant === 'inherit' ? { ...NOTHING, everything: true } : grant;
  const named = new Set([...entriesOf(asked), ...entriesOf(owner)]);
  const wanted = catalogue === null ? named : new Set([...catalogue, ...[...named].filter(isReserved)]);
  const both = [...wanted].filter((entry) => coversEntry(asked, entry, null) && coversEntry(owner, entry, null));
  const wide = new Set(both.filter((entry) => entry.endsWith(':*')).map(resourceOf));
  return both.filter((entry) => entry.endsWith(':*') || !wide.has(resourceOf(entry))).sort();
}

const NOTHING: PermissionSet = { exact: new Set(), wildcards: new Set(), everything: false };

function resourceOf(entry: string): string {
  return entry.slice(0, entry.indexOf(':'));
}

/** The entries that a set was compiled from, each once; `everything` is no entry. */
export function entriesOf(set: PermissionSet): string[] {
  return [...set.exact, ...[...set.wildcards].map((resource) => `${resource}:*`)];
}

function coversEntry(set: PermissionSet, entry: string, catalogue: readonly string[] | null): boolean {
  if (!isGrantEntry(entry)) return false;
  if (!entry.endsWith(':*')) return covers(set, entry);
  const resource = resourceOf(entry);
  if (set.wildcards.has(resource) || (set.everything && !isReserved(entry))) return true;
  const known = (catalogue ?? []).filter((permission) => resourceOf(permission) === resource);
  return known.length > 0 && known.every((permission) => covers(set, permission));
}
