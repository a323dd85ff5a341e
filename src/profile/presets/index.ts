/** presets: the profiles that come with Keyhouse, each one value in one file. None of them holds code. */
import type { Profile } from '../profile.ts';
import { deployerp } from './deployerp.ts';
import { keyhouse } from './keyhouse.ts';

/** By the name that `KEYHOUSE_PROFILE` and `extends` take. */
export const presets: Readonly<Record<string, Profile>> = { keyhouse, deployerp };

export { deployerp, keyhouse };

/** The preset of that name, or null. */
export function findPreset(name: string): Profile | null {
  return Object.hasOwn(presets, name) ? (presets[name] as Profile) : null;
}
