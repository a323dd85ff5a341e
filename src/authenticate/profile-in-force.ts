import { type Level, type LimitSetting, type PermissionSet, RouteTable, type Window } from '../policy/index.ts';
import type { ProfileVersion } from '../ports/index.ts';
import { cataloguePermissions, compileLevels, type Profile, parseProfile, windowsOf } from '../profile/index.ts';
import type { ImportedForm } from '../token/index.ts';

/** The profile that decisions are taken under, compiled once per version. */
export interface ProfileInForce {
  readonly version: number;
  readonly profile: Profile;
  readonly levels: ReadonlyMap<Level, PermissionSet>;
  /** Every permission of a closed catalogue; null where any well-formed permission exists. */
  readonly catalogue: readonly string[] | null;
  /** What exists now: a permission cut from the catalogue stops granting at once. null where the catalogue is open. */
  readonly known: ReadonlySet<string> | null;
  /** What requests need, by method and path. */
  readonly routes: RouteTable;
  windowsOf(setting: LimitSetting): readonly Window[] | 'unlimited';
}

/** @param imports what tokens of other systems look like that work beside those of the profile. */
export function compileProfile(
  version: number,
  written: Profile,
  imports: readonly ImportedForm[] = [],
): ProfileInForce {
  const profile = imports.length === 0 ? written : { ...written, token: { ...written.token, imports } };
  const catalogue = cataloguePermissions(profile);
  return {
    version,
    profile,
    levels: compileLevels(profile),
    catalogue,
    known: catalogue === null ? null : new Set(catalogue),
    routes: new RouteTable(profile.routes),
    windowsOf: (setting) => windowsOf(profile, setting),
  };
}

/** @throws {Error} a stored version that this build cannot read: it was written by a newer one. */
export function compileStoredProfile(stored: ProfileVersion): ProfileInForce {
  const parsed = parseProfile(JSON.parse(stored.document));
  if (!parsed.ok) {
    const first = parsed.problems[0];
    throw new Error(`profile version ${stored.version} cannot be read: ${first?.path}: ${first?.message}`);
  }
  return compileProfile(stored.version, parsed.profile, stored.imports);
}
