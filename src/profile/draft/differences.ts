import { isTakenWhole } from '../extend-preset.ts';
import type { Profile } from '../profile.ts';
import { SECTIONS } from '../schema.ts';
import { isObject, type JsonObject } from './json-value.ts';

/** The file that makes `wanted` out of the preset: its name, what it extends, and what differs, section by section. */
export function fileFor(wanted: Profile, presetName: string, preset: Profile): JsonObject {
  const file: Record<string, unknown> = { name: wanted.name, extends: presetName };
  for (const section of Object.keys(SECTIONS) as (keyof Profile)[]) {
    if (section === 'name') continue;
    const differing = difference(preset[section], wanted[section], [section]);
    if (differing !== undefined) file[section] = differing;
  }
  return file;
}

/** What a file has to say at this place; undefined for nothing. */
function difference(base: unknown, wanted: unknown, path: readonly string[]): unknown {
  if (JSON.stringify(base) === JSON.stringify(wanted)) return undefined;
  if (!isObject(base) || !isObject(wanted) || isTakenWhole(path)) return wanted;
  const differing: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(wanted)) {
    const inner = difference(base[key], value, [...path, key]);
    if (inner !== undefined) differing[key] = inner;
  }
  return Object.keys(differing).length === 0 ? undefined : differing;
}
