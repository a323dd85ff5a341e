import { invalidInput } from '../manage/index.ts';
import type { Profile } from '../profile/index.ts';
import { type DoorRequest, queryOf } from './door.ts';
import { toCanonicalNames } from './field-names.ts';
import { readJsonBody } from './read-body.ts';

/**
 * Everything a request says, in one object: path parameters, query and body. A name that comes from two of them is
 * refused, so that no place can overrule another.
 * @param names whose field names the query and body are written in; null where they are the canonical ones.
 * @throws {Rejection} for what cannot be read; what it means is the operation's to judge.
 */
export async function readInput(
  request: DoorRequest,
  params: Readonly<Record<string, string>>,
  names: Profile | null,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = { ...params };
  const add = (values: Readonly<Record<string, unknown>>, from: string): void => {
    for (const [name, value] of Object.entries(names === null ? values : toCanonicalNames(values, names))) {
      if (Object.hasOwn(input, name)) throw invalidInput(name, `This cannot stand in the ${from}: it is said already.`);
      input[name] = value;
    }
  };
  add(readQuery(request.target), 'query');
  if (request.method !== 'GET' && request.method !== 'HEAD') add(await readJsonBody(request), 'body');
  return input;
}

function readQuery(target: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of queryOf(target)) {
    if (name in values) throw invalidInput(name, 'This stands in the query twice.');
    values[name] = value;
  }
  return values;
}
