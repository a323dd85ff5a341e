import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Page, PagePosition, PageRequest } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import type { Engine } from './operation.ts';
import { invalidInput } from './rejection.ts';

/**
 * Opaque positions in lists: signed, and bound to who asked and for what, so that a cursor can neither be forged nor
 * carried to another caller or filter (threats row 57).
 */
export function pageRequest(
  engine: Engine,
  caller: Caller,
  list: string,
  filter: object,
  asked: { readonly limit: number; readonly cursor?: string | undefined },
): PageRequest {
  if (asked.cursor === undefined) return { limit: asked.limit, after: null };
  const [body, mac, more] = asked.cursor.split('.');
  const position = body && mac && more === undefined ? readBody(body) : null;
  if (position === null) throw invalidInput('cursor', 'Not a cursor of this list.');
  const expected = sign(engine, caller, list, filter, body as string);
  const given = Buffer.from(mac as string, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw invalidInput('cursor', 'Not a cursor of this list, filter and caller.');
  }
  return { limit: asked.limit, after: position };
}

export function nextCursor(
  engine: Engine,
  caller: Caller,
  list: string,
  filter: object,
  page: Page<unknown>,
): string | null {
  if (page.next === null) return null;
  const body = Buffer.from(JSON.stringify([page.next.at, page.next.id])).toString('base64url');
  return `${body}.${sign(engine, caller, list, filter, body).toString('base64url')}`;
}

function readBody(body: string): PagePosition | null {
  try {
    const [at, id] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as unknown[];
    const isKey = Number.isSafeInteger(at) || typeof at === 'string';
    return isKey && typeof id === 'string' ? { at: at as number | string, id } : null;
  } catch {
    return null;
  }
}

function sign(engine: Engine, caller: Caller, list: string, filter: object, body: string): Buffer {
  const { current, versions } = engine.pepper();
  const key = createHmac('sha256', versions.get(current) as Uint8Array)
    .update('keyhouse cursor')
    .digest();
  const bound = JSON.stringify([list, caller.actor, caller.reach, Object.entries(filter).sort(), body]);
  return createHmac('sha256', key).update(bound).digest().subarray(0, 18);
}
