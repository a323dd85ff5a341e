import { keyhouse, type Profile } from '../profile/index.ts';

const neutral = new WeakMap<Profile, Profile>();

/** The profile in force with our own paths, field names and error bodies, and for pages of this origin alone. */
export function neutralProfile(profile: Profile): Profile {
  const known = neutral.get(profile);
  if (known !== undefined) return known;
  const { paths, fieldNames, fieldAliases, errors, cors } = keyhouse;
  const made: Profile = { ...profile, paths, fieldNames, fieldAliases, errors, cors };
  neutral.set(profile, made);
  return made;
}
