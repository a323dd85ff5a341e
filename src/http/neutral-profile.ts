import { keyhouse, type Profile } from '../profile/index.ts';

const neutral = new WeakMap<Profile, Profile>();
const forElements = new WeakMap<Profile, Profile>();

/** The profile in force with our own paths, field names and error bodies, and for pages of this origin alone. */
export function neutralProfile(profile: Profile): Profile {
  const { paths, fieldNames, fieldAliases, errors, cors } = keyhouse;
  return madeOnce(neutral, profile, { paths, fieldNames, fieldAliases, errors, cors });
}

/** The same for pages of every origin that the company has registered. */
export function elementProfile(profile: Profile): Profile {
  return madeOnce(forElements, profile, { ...neutralProfile(profile), cors: profile.cors });
}

function madeOnce(made: WeakMap<Profile, Profile>, profile: Profile, change: Partial<Profile>): Profile {
  const known = made.get(profile);
  if (known !== undefined) return known;
  const changed = { ...profile, ...change };
  made.set(profile, changed);
  return changed;
}
