import { compilePermissions, isGrantEntry, isReserved, type Level, type PermissionSet } from '../policy/index.ts';
import type { Profile } from './profile.ts';

/** What each level of the profile allows; a level the profile does not have is not in the map and grants nothing. */
export function compileLevels(profile: Profile): ReadonlyMap<Level, PermissionSet> {
  return new Map(profile.levels.map((entry) => [entry.level, compilePermissions(entry.permissions)]));
}

/** Every permission of a closed catalogue in its order; null where any well-formed one may exist. */
export function cataloguePermissions(profile: Profile): readonly string[] | null {
  return profile.catalogue === 'open' ? null : profile.catalogue.map((entry) => entry.permission);
}

/**
 * Whether a grant entry means something in this profile; a wildcard does when the catalogue has its resource. Keyhouse's
 * own permissions (`keyhouse-…`) are no profile's: false, the caller knows them.
 */
export function knowsPermission(profile: Profile, entry: string): boolean {
  if (!isGrantEntry(entry) || isReserved(entry)) return false;
  if (profile.catalogue === 'open') return true;
  const matches = entry.endsWith(':*')
    ? (permission: string) => permission.startsWith(entry.slice(0, -1))
    : (permission: string) => permission === entry;
  return profile.catalogue.some(({ permission }) => matches(permission));
}
