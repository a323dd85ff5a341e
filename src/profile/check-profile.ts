import { parseProfile } from './parse-profile.ts';
import type { ProfileProblem } from './problem.ts';
import type { Profile } from './profile.ts';
import { profileWarnings } from './profile-warnings.ts';
import { findRepeatedKeys } from './repeated-keys.ts';

export interface ProfileCheck {
  /** The profile, or null when there are problems. */
  readonly profile: Profile | null;
  /** What keeps it from being used. */
  readonly problems: readonly ProfileProblem[];
  /** What would be used as it is and is probably not meant. */
  readonly warnings: readonly ProfileProblem[];
}

/** Checks the text of a profile file: everything wrong with it and everything odd about it, at once. */
export function checkProfile(text: string): ProfileCheck {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const message = text.startsWith('\uFEFF')
      ? 'The file begins with a byte order mark; save it as UTF-8 without one.'
      : `The file is not JSON: ${(error as Error).message}.`;
    return { profile: null, problems: [{ path: '$', message }], warnings: [] };
  }
  const repeated = findRepeatedKeys(text).map((path) => ({ path, message: 'This key stands here twice; keep one.' }));
  const parsed = parseProfile(json);
  const problems = parsed.ok ? repeated : [...repeated, ...parsed.problems];
  if (!parsed.ok || problems.length > 0) return { profile: null, problems, warnings: [] };
  return { profile: parsed.profile, problems, warnings: profileWarnings(parsed.profile) };
}
