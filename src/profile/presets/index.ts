/** presets: the profiles that come with Keyhouse, each one value in one file. Nothing here is code. */
import type { Profile } from '../profile.ts';
import { deployerp } from './deployerp.ts';
import { keyhouse } from './keyhouse.ts';

/** By the name that `KEYHOUSE_PROFILE` and `extends` take. */
export const presets: Readonly<Record<string, Profile>> = { keyhouse, deployerp };

export { deployerp, keyhouse };
