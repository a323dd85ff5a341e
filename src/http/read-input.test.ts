import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';

const MANAGEMENT = ['keyhouse-tokens:*', 'keyhouse-owners:*', 'keyhouse-audit:*', 'keyhouse-profile:*'];

describe('what a request says', () => {
  let house: House;
  let admin: string;
  beforeAll(async () => {
    house = await openHouse();
    admin = (await house.mint({ permissions: MANAGEMENT, limits: 'unlimited' })).value;
  });
  afterAll(() => house.close());
  beforeEach(() => expect(house.faults).toEqual([]));

  const post = (target: string, body: unknown, more: object = {}) =>
    house.ask({ method: 'POST', target, token: admin, body, ...more });

  it('row 54: refuses bodies of another type, size or syntax, each with its own status', async () => {
    const send = async (body: unknown, ...headers: string[]) =>
      (await house.ask({ method: 'POST', target: '/v1/tokens', token: admin, body, headers })).status;
    expect(await send('{}', 'Content-Type', 'text/plain')).toBe(415);
    expect(await send('{}', 'Content-Type', 'application/x-www-form-urlencoded')).toBe(415);
    expect(await send('{}', 'Content-Type', 'application/json; charset=utf-16')).toBe(415);
    expect(await send('{}', 'Content-Type', 'application/json', 'Content-Type', 'application/json')).toBe(415);
    expect(await send('{}', 'Content-Type', 'application/json;charset=UTF-8')).toBe(400);
    expect(await send('x'.repeat(65 * 1024))).toBe(413);
    expect(await send('{}', 'Content-Type', 'application/json', 'Content-Length', '65537')).toBe(413);
    expect(await send('[]')).toBe(400);
    expect(await send('{"name":"a","name":"b"}')).toBe(400);
  });

  it('a body that turns out to be empty has no type to be wrong, as when a proxy sends one in chunks', async () => {
    const { value } = await house.mint();
    const rotate = { method: 'POST', target: '/v1/tokens/current/rotate', token: value, body: '' };
    const answer = await house.ask({
      ...rotate,
      headers: ['Transfer-Encoding', 'chunked', 'Content-Type', 'text/plain'],
    });
    expect(answer.status).toBe(201);
  });

  it('row 30b: unknown and server-owned fields are refused by name', async () => {
    const answer = await post('/v1/tokens', { name: 'ci', permissions: [], revoked_at: null, digest: 'x', naem: 1 });
    expect(answer.status).toBe(400);
    expect(answer.json.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      'digest',
      'naem',
      'revoked_at',
    ]);
  });

  it('row 30b: no part of a request can overrule another', async () => {
    const { id } = await house.mint();
    const other = await house.ask({
      method: 'PATCH',
      target: `/v1/tokens/${id}`,
      token: admin,
      body: { id: 'tok_other', name: 'x' },
    });
    expect(other.json).toMatchObject({ code: 'invalid_input', errors: [{ path: 'id' }] });
    expect((await house.ask({ target: '/v1/tokens?limit=1&limit=2', token: admin })).status).toBe(400);
    expect((await house.ask({ target: `/v1/tokens/${id}?id=tok_other`, token: admin })).status).toBe(400);
    expect((await house.ask({ target: '/v1/tokens?__proto__=1', token: admin })).status).toBe(400);
    expect((await house.ask({ target: '/v1/tokens/%zz', token: admin })).status).toBe(400);
  });

  it('takes many owners as lines, and nothing of them when one line cannot be read', async () => {
    const line = (id: string) =>
      JSON.stringify({ external_id: id, workspace: { external_id: 'org-7' }, permissions: [] });
    const sync = (body: string, query = '') =>
      house.ask({
        method: 'POST',
        target: `/v1/owners/sync${query}`,
        token: admin,
        body,
        headers: ['Content-Type', 'application/x-ndjson'],
      });
    const broken = await sync(`${line('u1')}\n{"external_id":`);
    expect(broken.status).toBe(400);
    expect(broken.json.detail).toMatch(/Line 2/);
    expect((await house.ask({ target: '/v1/owners/u1', token: admin })).status).toBe(404);
    expect((await sync(`${line('u1')}\n`, '?dry_run=true')).json).toMatchObject({ dry_run: true, created: 1 });
    expect((await sync(`${line('u1')}\r\n\n${line('u2')}`)).json).toMatchObject({
      created: 2,
      results: [{ line: 1 }, { line: 3 }],
    });
    expect((await sync(`${line('u1')}\n${'x'.repeat(70_000)}`)).status).toBe(413);
    const json = await house.ask({ method: 'POST', target: '/v1/owners/sync', token: admin, body: {} });
    expect(json.status).toBe(415);
  });
});
