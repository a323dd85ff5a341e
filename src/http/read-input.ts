import { invalidInput, Rejection } from '../manage/index.ts';
import type { Profile } from '../profile/index.ts';
import { type DoorRequest, queryOf } from './door.ts';
import { toCanonicalNames } from './field-names.ts';
import { readFormBody, readJsonBody, readNdjsonBody, readSignedBody } from './read-body.ts';
import type { BodyType } from './route.ts';

/**
 * Everything a request says, in one object: path parameters, query and body. A name that comes from two of them
 * with different values is refused, so that no place can overrule another. A form has everything in its body (RFC 7662 §2.1).
 * @param names whose field names the query and body are written in; null where they are the canonical ones.
 * @param type a newline-delimited body becomes the field `lines`.
 * @throws {Rejection} for what cannot be read; what it means is the operation's to judge.
 */
export async function readInput(
  request: DoorRequest,
  params: Readonly<Record<string, string>>,
  names: Profile | null,
  type: BodyType,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = { ...params };
  const add = (values: Readonly<Record<string, unknown>>, from: string): void => {
    for (const [name, value] of Object.entries(names === null ? values : toCanonicalNames(values, names))) {
      if (Object.hasOwn(input, name) && input[name] !== value) {
        throw invalidInput(name, `This stands in the ${from} with another value than elsewhere in the request.`);
      }
      input[name] = value;
    }
  };
  if (type === 'signed') return { ...input, ...(await readSignedBody(request)) };
  const query = readQuery(request.target);
  if (type === 'application/x-www-form-urlencoded') {
    if (Object.keys(query).length > 0) throw new Rejection('invalid_input', 'Send every parameter in the body.');
    return { ...input, ...(await readFormBody(request)) };
  }
  add(query, 'query');
  if (request.method === 'GET' || request.method === 'HEAD') return input;
  if (type === 'application/x-ndjson') add({ lines: await readNdjsonBody(request) }, 'body');
  else add(await readJsonBody(request), 'body');
  return input;
}

function readQuery(target: string): Record<string, string> {
  const values: Record<string, string> = {};
  if (!target.includes('?')) return values;
  for (const [name, value] of queryOf(target)) {
    if (name in values) throw invalidInput(name, 'This stands in the query twice.');
    values[name] = value;
  }
  return values;
}
