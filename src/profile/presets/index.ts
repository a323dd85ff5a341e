/** presets: the profiles that come with Keyhouse, each one value in one file. None of them holds code. */
import type { Profile } from '../profile.ts';
import { collections } from './collections.ts';
import { coolset } from './coolset.ts';
import { deployerp } from './deployerp.ts';
import { hosting } from './hosting.ts';
import { installer } from './installer.ts';
import { keyhouse } from './keyhouse.ts';

/** By the name that `KEYHOUSE_PROFILE` and `extends` take. */
export const presets: Readonly<Record<string, Profile>> = {
  keyhouse,
  installer,
  deployerp,
  hosting,
  collections,
  coolset,
};

export { collections, coolset, deployerp, hosting, installer, keyhouse };

/** The preset of that name, or null. */
export function findPreset(name: string): Profile | null {
  return Object.hasOwn(presets, name) ? (presets[name] as Profile) : null;
}
