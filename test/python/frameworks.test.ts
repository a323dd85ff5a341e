import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticate } from '../../src/http/authenticate-request.ts';
import { localCaller, perform, revokeToken } from '../../src/manage/index.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type PythonApp, type ServedHouse, serveHouse, startPythonApp } from './application.ts';

const KINDS = ['flask/', 'django/', 'django/async', 'fastapi/'];
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl';

suiteNeeding('python-frameworks', 'routes of Python frameworks, each with its own permission', () => {
  let served: ServedHouse;
  const apps = new Map<string, PythonApp>();
  const values: Record<string, string> = {};
  const mint = async (name: string, input: Record<string, unknown> = {}) => {
    const made = await served.house.mint({ limits: 'unlimited', ...input });
    values[name] = made.value;
    return made;
  };
  beforeAll(async () => {
    served = await serveHouse();
    const url = `http://127.0.0.1:${served.port}`;
    const started = await Promise.all(KINDS.map((kind) => startPythonApp(kind, url, served.verifier)));
    for (const app of started) apps.set(app.kind, app);
    await mint('reader');
    await mint('writer', { permissions: ['servers:read', 'servers:write'] });
    await mint('other', { permissions: ['instances:read'] });
    await mint('elsewhere', { ip_allowlist: ['203.0.113.9'] });
    await mint('test', { environment: 'test' });
    await mint('expired', { expires_in: '1m' });
    await mint('spent', { limits: [{ name: 'hour', limit: 1, seconds: 3600 }] });
    values.mistyped = `${values.reader?.slice(0, -1)}${values.reader?.endsWith('0') ? '1' : '0'}`;
    served.house.time.now += 120_000;
  });
  afterAll(async () => {
    for (const app of apps.values()) await app.stop();
    await served?.close();
  });

  describe.each(KINDS)('%s', (kind) => {
    const app = (): PythonApp => apps.get(kind) as PythonApp;
    const ran = (): Promise<string[]> => app().views(values.reader as string);

    it('let a token that may through, with identity, limits and request id', async () => {
      const { value } = await served.house.mint({ limits: [{ name: 'hour', limit: 9, seconds: 3600 }] });
      const { status, json, headers } = await app().ask('/v1/servers', value);
      expect({ status, json }).toEqual({ status: 200, json: { owner: 'user-42', can: false } });
      expect(headers).toMatchObject({
        'x-request-id': expect.stringMatching(/^req_/),
        'x-ratelimit-limit': '9',
        'x-ratelimit-remaining': '8',
        'ratelimit-policy': '"hour";q=9;w=3600',
      });
      expect(headers.vary).toContain('Authorization');
    });

    it.each([
      ['/v1/servers', null, 401, 'authentication_required'],
      ['/v1/servers', 'mistyped', 401, 'invalid_token'],
      ['/v1/servers', 'expired', 401, 'token_expired'],
      ['/v1/servers', 'test', 401, 'invalid_token'],
      ['/v1/test', 'reader', 401, 'invalid_token'],
      ['/v1/servers', 'elsewhere', 403, 'ip_restricted'],
      ['/v1/servers', 'other', 403, 'insufficient_permissions'],
      ['/v1/either', 'other', 403, 'insufficient_permissions'],
    ])('refuse %s with %s as every door does: %i %s', async (target, name, status, code) => {
      const before = await ran();
      const token = name === null ? null : (values[name] as string);
      const answer = await app().ask(target, token);
      const environment = target === '/v1/test' ? ('test' as const) : ('live' as const);
      const asked = { allOf: target === '/v1/servers' ? ['servers:read'] : [], environment };
      const engine = await createAuthenticate(served.house.parts)(
        { rawHeaders: token === null ? [] : ['Authorization', `Bearer ${token}`], url: target, ip: '127.0.0.1' },
        target === '/v1/either' ? { anyOf: ['disks:read', 'servers:read'] } : asked,
      );
      if (engine.allowed) throw new Error('the engine accepts what it should refuse');
      const id = answer.headers['x-request-id'];
      const expected = { ...(engine.response.body as object), request_id: id };
      expect(answer).toMatchObject({ status, json: { code } });
      expect(answer.json).toEqual(expected);
      for (const [field, value] of Object.entries(engine.response.headers)) {
        if (field !== 'X-Request-Id') expect(answer.headers[field.toLowerCase()], field).toBe(value);
      }
      expect((await app().ask(target, token, { method: 'HEAD' })).text).toBe('');
      expect(await ran()).toEqual(before);
    });

    it('refuse a token that was revoked with the very next request', async () => {
      const { id, value } = await mint('revoked');
      expect((await app().ask('/v1/servers', value)).status).toBe(200);
      const host = localCaller('host', { ip: null, requestId: 'req_host', idempotencyKey: null });
      await perform(revokeToken, served.house.engine, host, { id });
      expect((await app().ask('/v1/servers', value)).json.code).toBe('invalid_token');
    });

    it('spend what a route costs, and tell a token over its limit when to come back', async () => {
      const limits = [{ name: 'hour', limit: 3, seconds: 3600 }];
      const { value } = await mint('limited', { permissions: ['servers:read', 'servers:write'], limits });
      const left = async (target: string, method: string) => {
        const { headers } = await app().ask(target, value, method === 'POST' ? { method, ...PLAIN } : {});
        return headers['x-ratelimit-remaining'];
      };
      expect(await left('/v1/either', 'GET')).toBe('3');
      expect(await left('/v1/servers', 'POST')).toBe('1');
      expect(await left('/v1/servers', 'GET')).toBe('0');
      const over = await app().ask('/v1/servers', value);
      expect(over).toMatchObject({ status: 429, json: { code: 'rate_limited' } });
      expect(Number(over.headers['retry-after'])).toBeGreaterThan(3000);
    });

    it('hand requests without a credential of ours on where credentials are optional, and only those', async () => {
      const optional = async (token: string | null) => (await app().ask('/v1/optional', token)).json;
      expect(await optional(null)).toMatchObject({ owner: null });
      expect(await optional(JWT)).toMatchObject({ owner: null });
      expect(await optional(values.other as string)).toMatchObject({ owner: 'user-42' });
      expect(await optional(values.mistyped as string)).toMatchObject({ code: 'invalid_token' });
      // Its own, because a server's request log holds what stands in a URL.
      const { value } = await served.house.mint();
      const inUrl = await app().ask(`/v1/optional?token=${value}`, null);
      expect(inUrl).toMatchObject({ status: 401, json: { detail: expect.stringContaining('URL') } });
    });

    it('take a bare token from a further header that a route names', async () => {
      const keyed = (target: string) => app().ask(target, null, { headers: { 'X-API-Key': values.reader as string } });
      expect((await keyed('/v1/keyed')).json).toMatchObject({ owner: 'user-42' });
      expect((await keyed('/v1/servers')).status).toBe(401);
      const both = await app().ask('/v1/keyed', values.reader as string, {
        headers: { 'X-API-Key': values.writer as string },
      });
      expect(both.json.code).toBe('invalid_request');
    });

    it('give the view the body when the token may, and decide before it is sent', async () => {
      const sent = await app().ask('/v1/servers', values.writer as string, { method: 'POST', ...PLAIN });
      expect(sent.json).toEqual({ owner: 'user-42', bytes: PLAIN.body.length });
      // Django reads a body before any of its middleware where it is served over ASGI.
      if (kind === 'django/async') return;
      const lines = [`Authorization: Bearer ${values.reader}`, 'Content-Type: text/plain', 'Content-Length: 1000000'];
      const early = await exchange(app().port, requestText('POST /v1/servers HTTP/1.1', lines), { answers: 1 });
      expect(early.statuses).toEqual([403]);
    });

    it('show no token, also when a view breaks', async () => {
      expect((await app().ask('/v1/broken', values.reader as string)).status).toBe(500);
      const written = await app().written(/the view is broken/);
      for (const value of [...Object.values(values), served.verifier]) expect(written).not.toContain(value);
    });
  });
});

const PLAIN = { headers: { 'Content-Type': 'text/plain' }, body: 'a body' };
