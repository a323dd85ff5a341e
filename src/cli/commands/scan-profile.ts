import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkProfile, type Profile, presets } from '../../profile/index.ts';
import type { Call } from '../call.ts';
import { CommandFailure } from '../failure.ts';
import type { Looked } from '../scan/index.ts';
import { readProfile } from './profile-commands.ts';

/** Whose tokens are looked for: those of the named profile, else of the Keyhouse at hand, else of every preset. */
export async function lookedFor(call: Call): Promise<readonly Looked[]> {
  const wanted = call.option('profile');
  if (wanted !== undefined) return [await named(call, wanted)];
  if (await isAtHand(call)) return [await inForce(call)];
  const all = Object.values(presets);
  const prefixes = all.map(({ token }) => `${token.prefix}_`).join(', ');
  call.warn(`No Keyhouse is at hand: looking for ${prefixes}. A profile of your own goes with --profile.`);
  return all;
}

async function named(call: Call, wanted: string): Promise<Profile> {
  const { profile, problems } = await readProfile(call, wanted);
  if (profile !== null) return profile;
  const [first] = problems;
  throw new CommandFailure('usage', `${wanted} cannot be used: ${first?.path} ${first?.message}`, {
    hint: `See: keyhouse profile check ${wanted}`,
  });
}

async function isAtHand(call: Call): Promise<boolean> {
  if ((call.option('url') ?? call.terminal.env.KEYHOUSE_URL ?? '') !== '') return true;
  const { databaseUrl, dataDir } = await call.config();
  return databaseUrl !== null || existsSync(join(dataDir, 'keyhouse.sqlite'));
}

async function inForce(call: Call): Promise<Profile> {
  const { profile: json } = (await call.ask({ method: 'GET', path: '/v1/profile' })).json as { profile: unknown };
  const { profile } = checkProfile(JSON.stringify(json));
  if (profile === null) throw new CommandFailure('usage', 'This command is older than the profile in force there.');
  return profile;
}
