import type { z } from 'zod';
import { extendPreset } from './extend-preset.ts';
import { plainJson } from './plain-json.ts';
import { jsonPath, keepsShape, type ProfileProblem, problemsOf } from './problem.ts';
import type { Profile } from './profile.ts';
import { checkRules } from './profile-rules.ts';
import { profileSchema, SECTIONS } from './schema.ts';

export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

/**
 * Reads a profile from JSON, or from a value of the type: complete, or with `extends` naming the preset that supplies
 * what the file leaves out. Everything wrong with it is answered at once; what comes back is frozen.
 */
export function parseProfile(json: unknown): ParsedProfile {
  const plain = plainJson(json);
  if (!plain.ok) return { ok: false, problems: [{ path: jsonPath(plain.path), message: plain.message }] };
  const extended = extendPreset(plain.value);
  if (!extended.ok) return extended;

  const problems: ProfileProblem[] = [];
  const sections: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(SECTIONS)) {
    const isGiven = Object.hasOwn(extended.value, name);
    if (!isGiven && OPTIONAL_SECTIONS.has(name)) continue;
    const given = isGiven ? extended.value[name] : undefined;
    const result = (schema as z.ZodType).safeParse(given);
    if (result.success) sections[name] = result.data;
    else {
      problems.push(...problemsOf(result.error.issues, [name], given));
      if (keepsShape(result.error.issues)) sections[name] = given;
    }
  }
  for (const key of Object.keys(extended.value)) {
    if (Object.hasOwn(SECTIONS, key)) continue;
    problems.push({ path: jsonPath([key]), message: `There is no such section; there are ${SECTION_NAMES}.` });
  }
  const places = new Set(problems.map((problem) => problem.path));
  problems.push(...checkRules(sections as Partial<Profile>).filter((problem) => !places.has(problem.path)));
  if (problems.length > 0) return { ok: false, problems };
  const profile: Profile = profileSchema.parse(sections);
  return { ok: true, profile: freezeDeep(profile) };
}

/** Those that a profile stays without, so that it is the same text as before they came. */
const OPTIONAL_SECTIONS: ReadonlySet<string> = new Set(['reminders', 'alerts', 'leaks']);

const SECTION_NAMES = Object.keys(SECTIONS).join(', ');

/**
 * The profile as stable JSON text, whose SHA-256 names the version. Sections and their keys have one order; the order of
 * tiers, names and body members is the author's, because people see it.
 * @throws {TypeError} when it is not a profile.
 */
export function canonicalProfile(profile: Profile): string {
  const parsed = parseProfile(profile);
  if (parsed.ok) return JSON.stringify(parsed.profile);
  const [first] = parsed.problems;
  throw new TypeError(`not a profile: ${first?.path} ${first?.message}`);
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freezeDeep(inner);
  }
  return value;
}
