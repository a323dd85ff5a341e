import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';
import { keyhouse } from '../profile/index.ts';

const MANAGEMENT = ['keyhouse-tokens:*', 'keyhouse-owners:*', 'keyhouse-audit:*', 'keyhouse-profile:*'];

describe('the HTTP API', () => {
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

  it('row 68: ends a token that has used up its limit, which can do nothing else any more', async () => {
    const limits = [{ name: 'hour', limit: 1, seconds: 3_600 }];
    const { value: token } = await house.mint({ permissions: ['servers:read'], limits });
    expect((await house.ask({ target: '/v1/auth/test', token })).status).toBe(200);
    expect((await house.ask({ target: '/v1/auth/test', token })).status).toBe(429);
    expect((await house.ask({ method: 'DELETE', target: '/v1/tokens/current', token })).status).toBe(200);
    expect((await house.ask({ target: '/v1/auth/test', token })).status).toBe(401);
  });

  it('creates a token, uses it, and refuses it on the very next request after it was revoked', async () => {
    const created = await post('/v1/tokens', {
      name: 'ci',
      permissions: ['servers:read'],
      owner: { external_id: 'user-42' },
    });
    expect(created.status).toBe(201);
    expect(created.json.value).toMatch(/^kh_live_/);
    expect(created.headers).toMatchObject({ 'Cache-Control': 'no-store', Vary: 'Authorization' });
    const test = await house.ask({ target: '/v1/auth/test', token: created.json.value });
    expect(test.json).toEqual({
      authenticated: true,
      key_id: created.json.id,
      permissions: ['servers:read'],
      rate_limit: { limit: 1000, remaining: 999, reset: expect.stringMatching(/Z$/) },
    });
    const revoked = await house.ask({
      method: 'DELETE',
      target: `/v1/tokens/${created.json.id}?reason=left`,
      token: admin,
    });
    expect(revoked.status).toBe(200);
    expect(revoked.json).toMatchObject({ revoked_ids: [created.json.id], guarantee: { class: 'process' } });
    const after = await house.ask({ target: '/v1/auth/test', token: created.json.value });
    expect(after.status).toBe(401);
    expect(after.json.code).toBe('invalid_token');
  });

  it('names every answer, whatever the client sends', async () => {
    const ids = await Promise.all(
      ['/healthz', '/nowhere', '/v1/tokens'].map(async (target) => {
        const { headers } = await house.ask({ target, headers: ['X-Request-Id', 'req_mine'] });
        return headers['X-Request-Id'];
      }),
    );
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^req_[0-9A-Za-z]{22}$/);
    const refused = await house.ask({ target: '/v1/tokens' });
    expect(refused.json.request_id).toBe(refused.headers['X-Request-Id']);
  });

  it('answers 404 where nothing is, and 405 with what there is', async () => {
    for (const target of ['/', '/v1', '/v1/token', '/v1/tokens/', '/V1/tokens', '//v1/tokens', '/v1/./tokens', '*']) {
      expect((await house.ask({ target })).json?.code, target).toBe('not_found');
    }
    const put = await house.ask({ method: 'PUT', target: '/v1/tokens' });
    expect(put.status).toBe(405);
    expect(put.headers.Allow).toBe('POST, GET, HEAD, OPTIONS');
    for (const method of ['get', 'TRACE', 'CONNECT', 'BREW']) {
      expect((await house.ask({ method, target: '/v1/auth/test' })).status, method).toBe(405);
    }
  });

  it('row 40: an override header changes nothing', async () => {
    const headers = ['X-HTTP-Method-Override', 'DELETE', 'X-Method-Override', 'DELETE'];
    const { id, value } = await house.mint();
    await house.ask({ method: 'POST', target: `/v1/tokens/${id}/rotate?_method=DELETE`, token: admin, headers });
    expect((await house.ask({ target: '/v1/auth/test', token: value })).status).toBe(200);
  });

  it('refuses before it reads: nothing of a body is taken without a token', async () => {
    let isRead = false;
    const answer = await house.handler.answer({
      method: 'POST',
      target: '/v1/tokens',
      rawHeaders: ['Content-Type', 'application/json', 'Content-Length', '2'],
      peer: null,
      body: async function* () {
        isRead = true;
        yield Buffer.from('{}');
      },
    });
    expect(answer.status).toBe(401);
    expect(isRead).toBe(false);
  });

  it('says which permission is missing with the challenge of a refused request, and spends nothing', async () => {
    const { value } = await house.mint();
    const denied = await house.ask({ target: '/v1/audit-events', token: value });
    expect(denied.status).toBe(403);
    expect(denied.json).toMatchObject({ code: 'insufficient_permissions', missing: ['keyhouse-audit:read'] });
    expect(denied.headers['WWW-Authenticate']).toMatch(/error="insufficient_scope".*scope="keyhouse-audit:read"/);
    const rejected = await post('/v1/tokens', { name: 'x', permissions: ['servers:read'] }, { token: value });
    expect(rejected.status).toBe(403);
    expect(rejected.headers['WWW-Authenticate']).toMatch(/scope="keyhouse-tokens:write"/);
    expect(rejected.json.missing).toEqual(['keyhouse-tokens:write']);
    const spent = await house.ask({ target: '/v1/auth/test', token: value });
    expect(spent.json.rate_limit.remaining).toBe(999);
  });

  it('shows what was checked with X-Debug-Auth, and the limits always', async () => {
    const { id, value } = await house.mint({ permissions: ['servers:read', 'instances:*'] });
    const { headers } = await house.ask({ target: '/v1/auth/test', token: value, headers: ['X-Debug-Auth', 'true'] });
    expect(headers).toMatchObject({
      'X-Auth-Key-ID': id,
      'X-Auth-Permissions': 'servers:read,instances:*',
      'X-Auth-IP-Check': 'not-restricted',
      'X-Auth-Rate-Limit': '999/1000',
      'RateLimit-Policy': '"hour";q=1000;w=3600,"minute";q=100;w=60',
    });
    expect(headers.RateLimit).toMatch(/^"hour";r=999;t=\d+,"minute";r=99;t=\d+$/);
  });

  it('gives the bearer whose answer was lost the same successor again, with the value that has ended', async () => {
    const { value } = await house.mint();
    const rotate = () =>
      house.ask({ method: 'POST', target: '/v1/tokens/current/rotate', token: value, body: { grace_period: '0s' } });
    const first = await rotate();
    expect(first.status).toBe(201);
    const again = await rotate();
    expect(again.json.new_key).toEqual(first.json.new_key);
    expect((await house.ask({ target: '/v1/auth/test', token: value })).status).toBe(401);
    expect((await house.ask({ target: '/v1/auth/test', token: first.json.new_key.value })).status).toBe(200);
    expect((await rotate()).json.code).toBe('already_rotated');
  });

  it('row 67: makes one token for one Idempotency-Key, and none for two', async () => {
    const body = { name: 'once', permissions: [], owner: { external_id: 'user-42' } };
    const first = await post('/v1/tokens', body, { headers: ['Idempotency-Key', 'k-1'] });
    const again = await post('/v1/tokens', body, { headers: ['Idempotency-Key', 'k-1'] });
    expect(again.json).toMatchObject({ id: first.json.id, value: null, already_issued: true });
    const two = await post('/v1/tokens', body, { headers: ['Idempotency-Key', 'k-1', 'Idempotency-Key', 'k-2'] });
    expect(two.json).toMatchObject({ code: 'invalid_input', errors: [{ path: 'Idempotency-Key' }] });
  });

  it('row 62: tells the bearer of a rotated token when it ends', async () => {
    const { value } = await house.mint();
    const rotated = await house.ask({ method: 'POST', target: '/v1/tokens/current/rotate', token: value });
    const { headers } = await house.ask({ target: '/v1/auth/test', token: value });
    expect(new Date(headers.Sunset as string)).toEqual(new Date(rotated.json.old_key.expires_at));
    const successor = await house.ask({ target: '/v1/auth/test', token: rotated.json.new_key.value });
    expect(successor.headers).not.toHaveProperty('Sunset');
  });

  it('tells a new owner from one that is known by the status', async () => {
    const put = () =>
      house.ask({
        method: 'PUT',
        target: '/v1/owners/user%2F7',
        token: admin,
        body: { workspace: { external_id: 'org-7' }, permissions: ['servers:read'] },
      });
    expect((await put()).status).toBe(201);
    const again = await put();
    expect(again.status).toBe(200);
    expect(again.json.external_id).toBe('user/7');
  });

  it('row 99: answers a fault with 500 and a request id, and keeps its text to the log', async () => {
    const canary = 'inner text of a fault';
    const broken = await openHouse(keyhouse, () => ({
      readiness: () => Promise.reject(new Error(canary)),
    }));
    const answer = await broken.ask({ target: '/readyz' });
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({ code: 'internal', request_id: answer.headers['X-Request-Id'] });
    expect(JSON.stringify(answer)).not.toContain(canary);
    expect(broken.logged()).toContain(canary);
    await broken.close();
  });

  it('row 86: says 503 and when to try again while the store cannot be reached', async () => {
    const broken = await openHouse();
    const token = (await broken.mint({ permissions: MANAGEMENT })).value;
    const { value } = await broken.mint();
    await broken.ask({ target: '/v1/auth/test', token });
    await broken.engine.store.close();
    const uncached = await broken.ask({ target: '/v1/auth/test', token: value });
    expect(uncached.json).toMatchObject({ code: 'authority_unavailable', status: 503 });
    const change = await broken.ask({ method: 'DELETE', target: '/v1/tokens/current', token });
    expect(change.json).toMatchObject({ code: 'storage_unavailable', status: 503 });
    for (const { headers } of [uncached, change]) expect(headers['Retry-After']).toMatch(/^\d+$/);
    expect(broken.faults.length).toBe(2);
    await broken.close();
  });

  it('tells a load balancer to stop before anything else stops', async () => {
    const ready = async () => (await house.ask({ target: '/readyz' })).json;
    expect(await ready()).toEqual({ status: 'ok', store: 'ok' });
    house.readiness = { store: 'read_only', draining: false };
    expect((await house.ask({ target: '/readyz' })).status).toBe(200);
    expect(await ready()).toEqual({ status: 'degraded', store: 'read_only' });
    house.readiness = { store: 'unreachable', draining: false };
    expect((await house.ask({ target: '/readyz' })).status).toBe(503);
    house.readiness = { store: 'ok', draining: true };
    expect((await house.ask({ target: '/readyz' })).status).toBe(503);
    expect((await house.ask({ target: '/healthz' })).status).toBe(200);
    house.readiness = { store: 'ok', draining: false };
  });

  it('row 19: no token ever stands in a log or an error', async () => {
    const { id, value } = await house.mint();
    const asked = [
      { target: `/v1/auth/test?access_token=${value}` },
      { target: `/nowhere/${value}`, token: value },
      { target: '/v1/auth/test', token: `${value}x` },
      { target: '/v1/auth/test', token: `${value} ${value}` },
      { method: 'POST', target: '/v1/tokens', token: value, body: { [value]: value } },
      {
        method: 'POST',
        target: '/v1/tokens',
        token: admin,
        body: { name: 'x', permissions: [value], metadata: value },
      },
      { method: 'PATCH', target: `/v1/tokens/${id}`, token: admin, body: `{"${value}":1,"${value}":2}` },
      { target: `/v1/tokens/${value}`, token: admin },
    ];
    const answers = await Promise.all(asked.map((one) => house.ask(one)));
    for (const { headers, body } of answers) expect(JSON.stringify([headers, String(body)])).not.toContain(value);
    expect(house.logged()).not.toContain(value);
  });
});
