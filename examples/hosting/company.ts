import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Profile, parseProfile } from 'keyhouse';

/** Everything that carries this hoster's name. Another hoster has another file. */
export const PROFILE_FILE = join(import.meta.dirname, 'profile.json');

/** @throws {TypeError} the file is no profile; the message says what is wrong with it. */
export function readProfile(file: string = PROFILE_FILE): Profile {
  const parsed = parseProfile(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.ok) return parsed.profile;
  throw new TypeError(parsed.problems.map(({ path, message }) => `${file}: ${path}: ${message}`).join('\n'));
}
