import { findPreset, presets } from './presets/index.ts';
import type { ProfileProblem } from './problem.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export type ExtendedProfile =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

/**
 * Fills in what a profile with `extends` leaves out. A section that is an object is filled key by key and so is each
 * denial; a list, a set of tiers or names, and the error body are taken whole from the file. The name is never
 * inherited.
 */
export function extendPreset(value: unknown): ExtendedProfile {
  if (!isObject(value)) {
    return { ok: false, problems: [{ path: '$', message: 'A profile is a JSON object.' }] };
  }
  if (!Object.hasOwn(value, 'extends')) return { ok: true, value };
  const { extends: name, ...own } = value;
  const preset = typeof name === 'string' ? findPreset(name) : null;
  if (preset === null) {
    const names = Object.keys(presets).join(', ');
    return { ok: false, problems: [{ path: '$.extends', message: `There is no such preset; there is ${names}.` }] };
  }
  const { name: _, ...base } = preset;
  return { ok: true, value: merge(base, own, []) };
}

/** Objects whose keys the author chooses; filled key by key they could never lose one. */
const TAKEN_WHOLE: readonly string[] = ['fieldNames', 'fieldAliases', 'limits.tiers', 'errors.body'];

/** Whether a file that says something at this place says all of it. */
export function isTakenWhole(path: readonly string[]): boolean {
  return TAKEN_WHOLE.includes(path.join('.'));
}

function merge(base: JsonObject, own: JsonObject, path: readonly string[]): JsonObject {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const inherited = base[key];
    const here = [...path, key];
    const isFilled = isObject(value) && isObject(inherited) && !isTakenWhole(here);
    merged[key] = isFilled ? merge(inherited, value, here) : value;
  }
  return merged;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
