import { invalidInput } from '../manage/index.ts';
import type { Profile } from '../profile/index.ts';

type Names = Pick<Profile, 'fieldNames' | 'fieldAliases'>;

/** Where several of the same stand. */
export const LISTS: ReadonlySet<string> = new Set(['data', 'results']);

/** Where a token or a part of one stands inside something else. */
export const TOKEN_PARTS: ReadonlySet<string> = new Set(['token', 'grant', 'rotation']);

/**
 * The input with this company's field names turned into ours. A field may come under its canonical name, the company's,
 * or an alias; under several only with one and the same value.
 * @throws {Rejection} `invalid_input` when two names disagree.
 */
export function toCanonicalNames(input: Readonly<Record<string, unknown>>, profile: Names): Record<string, unknown> {
  const fields = canonicalNames(profile);
  const result: Record<string, unknown> = {};
  const writtenAs = new Map<string, string>();
  for (const [name, value] of Object.entries(input)) {
    const field = fields.get(name) ?? name;
    const other = writtenAs.get(field);
    if (other !== undefined && JSON.stringify(result[field]) !== JSON.stringify(value)) {
      throw invalidInput(name, `${name} and ${other} are the same field and have different values.`);
    }
    writtenAs.set(field, name);
    result[field] = value;
  }
  return result;
}

/** Problem paths (`ip_allowlist.0`) in the names the caller knows. */
export function toCompanyPath(path: string, { fieldNames }: Names): string {
  const [field = '', ...rest] = path.split('.');
  return [companyName(field, fieldNames), ...rest].join('.');
}

/**
 * The output with a token's fields under this company's names. `isToken`: the output is a token, or a list of them;
 * otherwise only what stands under `token` is renamed. An owner's or workspace's own fields keep their names.
 */
export function toCompanyNames(output: unknown, { fieldNames }: Names, isToken: boolean): unknown {
  return Object.keys(fieldNames).length === 0 ? output : rename(output, fieldNames, isToken);
}

function rename(node: unknown, fieldNames: Names['fieldNames'], isToken: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => rename(item, fieldNames, isToken));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      isToken ? companyName(name, fieldNames) : name,
      LISTS.has(name) || TOKEN_PARTS.has(name) ? rename(value, fieldNames, isToken || name === 'token') : value,
    ]),
  );
}

export function companyName(field: string, fieldNames: Names['fieldNames']): string {
  return Object.hasOwn(fieldNames, field) ? (fieldNames[field] as string) : field;
}

/** Worked out once for each profile: every request about tokens asks. */
const canonical = new WeakMap<Names, ReadonlyMap<string, string>>();

function canonicalNames(names: Names): ReadonlyMap<string, string> {
  let known = canonical.get(names);
  if (known === undefined) {
    const { fieldNames, fieldAliases } = names;
    const fields = Object.entries(fieldNames).map(([field, name]) => [name, field] as const);
    known = new Map([...fields, ...Object.entries(fieldAliases)]);
    canonical.set(names, known);
  }
  return known;
}
