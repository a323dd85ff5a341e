import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITY_HEADERS } from '../../src/http/identity-headers.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { holdCredentialsTo, holdPathsTo } from './hold-to-corpus.ts';
import { type RealBackends, startRealBackends } from './real-backends.ts';
import { AUDIENCE, type RunningProxy, startProxy } from './running-proxy.ts';

let backends: RealBackends;
beforeAll(async () => {
  backends = await startRealBackends();
});
afterAll(() => backends?.close());

describe.each(['nginx', 'caddy', 'haproxy'] as const)('behind', (name) => {
  suiteNeeding([name, 'python', 'php-curl'], name, () => {
    let proxy: RunningProxy;
    let reader: { id: string; value: string };
    let bearer: string;
    beforeAll(async () => {
      proxy = await startProxy(name);
      reader = await proxy.house.mint({ limits: 'unlimited' });
      bearer = `Authorization: Bearer ${reader.value}`;
    });
    afterAll(() => proxy?.close());
    beforeEach(() => void proxy.reached());

    const headersOf = (lines: readonly string[], field: string) =>
      lines.filter((_, at) => at % 2 === 1 && lines[at - 1]?.toLowerCase() === field.toLowerCase());

    it('a request that may pass reaches the API with the identity and without the token', async () => {
      const answer = await proxy.ask('GET /v1/servers?page=2 HTTP/1.1', bearer, 'X-Custom: kept');
      expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('"by":"user-42"')]);
      const [one, ...more] = proxy.reached();
      expect(more).toEqual([]);
      const { rawHeaders = [] } = one ?? {};
      expect(one).toMatchObject({ method: 'GET', url: '/v1/servers?page=2' });
      for (const field of IDENTITY_HEADERS) expect(headersOf(rawHeaders, field), field).toHaveLength(1);
      expect(headersOf(rawHeaders, 'Keyhouse-Token')).toEqual([reader.id]);
      expect(headersOf(rawHeaders, 'Keyhouse-Owner')).toEqual(['user-42']);
      expect(headersOf(rawHeaders, 'Keyhouse-Permissions')).toEqual(['servers:read']);
      expect(headersOf(rawHeaders, 'X-Custom')).toEqual(['kept']);
      expect(rawHeaders.join()).not.toContain(reader.value);
    });

    it('refusals come in the words of the company, with their status', async () => {
      const anonymous = await proxy.ask('GET /v1/servers HTTP/1.1');
      expect(anonymous.status).toBe(401);
      expect(JSON.parse(bodyOf(anonymous)).error).toMatchObject({ code: 'authentication_required', status: 401 });
      expect(anonymous.text).toMatch(/^www-authenticate: Bearer/im);
      expect(anonymous.text.match(/^www-authenticate:/gim)).toHaveLength(1);
      expect(anonymous.text).toMatch(/^content-type: application\/json/im);
      const denied = await proxy.ask('POST /v1/servers HTTP/1.1', bearer, 'Content-Length: 2', '');
      expect(denied.status).toBe(403);
      expect(JSON.parse(bodyOf(denied)).error).toMatchObject({ code: 'insufficient_permissions', status: 403 });
      expect(denied.text).toMatch(/^www-authenticate: Bearer.*insufficient_scope/im);
      expect(denied.text.match(/^www-authenticate:/gim)).toHaveLength(1);
      const twice = await proxy.ask('GET /v1/servers HTTP/1.1', bearer, bearer);
      expect(twice.status).toBeGreaterThanOrEqual(400);
      expect(twice.status).toBeLessThan(500);
      const page = await proxy.ask('GET /v1/servers HTTP/1.1', 'Origin: https://app.example.com');
      expect(page.text).toMatch(/^access-control-allow-origin: https:\/\/app\.example\.com/im);
      expect(proxy.reached()).toEqual([]);
    });

    it('row 44: a limit that is reached is 429 with Retry-After', async () => {
      const { value } = await proxy.house.mint();
      const spend = () => proxy.ask('GET /v1/reports HTTP/1.1', `Authorization: Bearer ${value}`);
      expect((await spend()).status).toBe(200);
      const limited = await spend();
      expect(limited.status).toBe(429);
      expect(limited.text).toMatch(/^retry-after: \d+\r$/im);
      expect(limited.text).toMatch(/^x-ratelimit-limit: 1000\r$/im);
      expect(JSON.parse(bodyOf(limited)).error).toMatchObject({ status: 429 });
      expect(proxy.reached()).toHaveLength(1);
    });

    it('row 46: the signed identity reaches the API, and no other under its name', async () => {
      const target = '/v1/servers?page=2';
      const signed = async (...lines: string[]) => {
        await proxy.ask(`GET ${target} HTTP/1.1`, bearer, ...lines);
        return proxy.reached().map(({ rawHeaders }) => headersOf(rawHeaders, 'Keyhouse-Identity'));
      };
      const keySet = createRemoteJWKSet(new URL(`http://127.0.0.1:${proxy.keyhousePort}/.well-known/jwks.json`));
      proxy.signing.isOn = true;
      try {
        const [[own = '', ...others] = []] = await signed();
        const currentDate = new Date(proxy.house.time.now);
        const { payload } = await jwtVerify(own, keySet, { audience: AUDIENCE, issuer: 'keyhouse', currentDate });
        expect(payload).toMatchObject({ token: reader.id, method: 'GET', path: '/v1/servers', client_ip: '127.0.0.1' });
        expect(others).toEqual([]);
        const forgeries = [
          ['Keyhouse-Identity: forged'],
          ['keyhouse-identity: forged', 'KEYHOUSE-IDENTITY: forged'],
          [`Keyhouse-Identity: ${own}`],
          ['Keyhouse_Identity: forged', 'Keyhouse.Identity: forged'],
          ['Connection: Keyhouse-Identity'],
        ];
        for (const lines of forgeries) {
          const [[one = '', ...more] = []] = await signed(...lines);
          expect(more, lines.join()).toEqual([]);
          expect(one, lines.join()).not.toBe(own);
          await jwtVerify(one, keySet, { audience: AUDIENCE, issuer: 'keyhouse', currentDate });
        }
      } finally {
        proxy.signing.isOn = false;
      }
      expect(await signed('Keyhouse-Identity: forged')).toEqual([[]]);
      expect(await signed('Keyhouse-Identity: eyJmb3JnZWQ')).toEqual([[]]);
    });

    it('every answer says which request it was, and where a limited token stands', async () => {
      const { value } = await proxy.house.mint();
      const limited = await proxy.ask('GET /v1/servers HTTP/1.1', `Authorization: Bearer ${value}`);
      expect(limited.status).toBe(200);
      expect(limited.text).toMatch(/^x-request-id: req_\w+\r$/im);
      expect(limited.text).toMatch(/^ratelimit: "hour";r=999;t=\d+/im);
      expect(limited.text).toMatch(/^ratelimit-policy: "hour";q=1000;w=3600/im);
      expect(limited.text).toMatch(/^x-ratelimit-remaining: 999\r$/im);
      const unlimited = await proxy.ask('GET /v1/servers HTTP/1.1', bearer);
      expect(unlimited.text).toMatch(/^x-request-id: req_\w+\r$/im);
      expect(unlimited.text).not.toMatch(/ratelimit/i);
    });

    it('row 46: nothing that a client says about itself reaches the API', async () => {
      const names = ['Owner', 'Token', 'Workspace', 'Permissions', 'Environment', 'Request', 'Identity', 'Else'];
      const forged = [
        ...names.flatMap((one) => [`Keyhouse-${one}`, `KEYHOUSE_${one}`, `keyhouse.${one}`]),
        ...['X-Auth-Key-ID', 'X_Auth_Key_ID', 'X.Auth.Key.ID', 'X-Auth-Permissions', 'X_AUTH_PERMISSIONS'],
      ].map((field) => `${field}: forged`);
      expect((await proxy.ask('GET /v1/servers HTTP/1.1', bearer, ...forged)).status).toBe(200);
      const [{ rawHeaders } = { rawHeaders: [] }] = proxy.reached();
      const kept = rawHeaders.filter((_, at) => rawHeaders[at + 1] === 'forged' && at % 2 === 0);
      expect(kept.filter((field) => !/^keyhouse-else$/i.test(field))).toEqual([]);
      expect(headersOf(rawHeaders, 'Keyhouse-Owner')).toEqual(['user-42']);
      await proxy.ask('GET /v1/servers HTTP/1.1', bearer, 'Connection: Keyhouse-Owner, Keyhouse-Token');
      for (const one of proxy.reached()) expect(headersOf(one.rawHeaders, 'Keyhouse-Owner')).toEqual(['user-42']);
    });

    it('row 31: the address is the one of the connection, whatever the client says', async () => {
      const own = await proxy.house.mint({ ip_allowlist: ['127.0.0.1'], limits: 'unlimited' });
      const other = await proxy.house.mint({ ip_allowlist: ['203.0.113.5'], limits: 'unlimited' });
      const status = async (value: string, ...lines: string[]) =>
        (await proxy.ask('GET /v1/servers HTTP/1.1', `Authorization: Bearer ${value}`, ...lines)).status;
      expect(await status(own.value)).toBe(200);
      expect(await status(own.value, 'X-Forwarded-For: 198.51.100.1')).toBe(200);
      proxy.reached();
      for (const line of [
        ...['203.0.113.5', '::ffff:203.0.113.5', '203.0.113.5, 127.0.0.1'].map((one) => `X-Forwarded-For: ${one}`),
        ...['X_Forwarded_For', 'X-Real-IP', 'CF-Connecting-IP'].map((field) => `${field}: 203.0.113.5`),
        'Forwarded: for=203.0.113.5',
        'X-Forwarded-For: 203.0.113.5\r\nX-Forwarded-For: 203.0.113.5',
      ]) {
        expect(await status(other.value, line), line).toBe(403);
      }
      expect(proxy.reached()).toEqual([]);
    });

    it('row 43: the door itself cannot be reached through the proxy', async () => {
      const forged = ['X-Forwarded-Method: GET', 'X-Forwarded-Uri: /v1/servers', 'X-Forwarded-For: 203.0.113.9'];
      for (const path of [
        '/forward-auth',
        '/_keyhouse',
        '/_keyhouse_preflight',
        '/v1/admin?mode=nginx&permission=servers:read',
        '/forward-auth/needs/servers:read',
      ]) {
        const answer = await proxy.ask(`GET ${path} HTTP/1.1`, bearer, ...forged);
        expect([403, 404], path).toContain(answer.status);
        expect(answer.text.toLowerCase(), path).not.toContain('keyhouse-owner');
      }
      expect(proxy.reached()).toEqual([]);
    });

    it('row 40: methods are what the request line says', async () => {
      const overrides = ['X-HTTP-Method-Override: GET', 'X-Forwarded-Method: GET', 'X-Original-Method: GET'];
      for (const method of ['POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'TRACE', 'get', 'BREW']) {
        const answer = await proxy.ask(`${method} /v1/servers?_method=GET HTTP/1.1`, bearer, ...overrides);
        expect(answer.status, method).toBeGreaterThanOrEqual(400);
        expect(answer.status, method).toBeLessThan(500);
      }
      expect(proxy.reached()).toEqual([]);
      expect((await proxy.ask('HEAD /v1/servers HTTP/1.1', bearer)).status).toBe(200);
      expect(proxy.reached()).toMatchObject([{ method: 'HEAD' }]);
    });

    it('rows 39 and 42: no spelling of a path or host reaches what the token may not', () =>
      holdPathsTo(proxy, bearer, backends));

    it('rows 1 to 9: no form of a credential or of a request line runs a handler without its permission', () =>
      holdCredentialsTo(proxy, reader.value));

    it('answers preflights from the profile, without a token and without the API', async () => {
      const asked = ['Origin: https://app.example.com', 'Access-Control-Request-Method: GET'];
      const preflight = await proxy.ask('OPTIONS /v1/servers HTTP/1.1', ...asked);
      expect(preflight.status).toBe(204);
      expect(preflight.text).toMatch(/^access-control-allow-methods: /im);
      const other = await proxy.ask('OPTIONS /v1/servers HTTP/1.1', 'Origin: https://evil.example', asked[1] as string);
      expect(other.text).not.toMatch(/^access-control-allow-methods: /im);
      expect(proxy.reached()).toEqual([]);
    });

    it('row 48: refuses before a body is uploaded, and passes bodies on that may', async () => {
      const large = `POST /v1/servers HTTP/1.1\r\nHost: a\r\n${bearer}\r\nContent-Length: 1000000\r\n\r\nabc`;
      expect((await proxy.send(large)).statuses[0]).toBe(403);
      expect(proxy.reached()).toEqual([]);
      const { value } = await proxy.house.mint({ permissions: ['servers:write'] });
      const passed = await proxy.send(
        `POST /v1/servers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${value}\r\nContent-Length: 3\r\n\r\nabc`,
      );
      expect(passed.statuses).toEqual([200]);
      expect(proxy.reached()).toMatchObject([{ method: 'POST', url: '/v1/servers' }]);
    });

    it('row 45: lets nothing pass while Keyhouse is down, silent or cut short, and goes on by itself', async () => {
      const ask = async () => (await proxy.ask('GET /v1/servers HTTP/1.1', bearer)).status;
      for (const trouble of ['refuse', 'stall'] as const) {
        proxy.toKeyhouse[trouble]();
        expect(await ask(), trouble).toBeGreaterThanOrEqual(500);
        expect(proxy.reached(), trouble).toEqual([]);
        proxy.toKeyhouse.heal();
        proxy.toKeyhouse.cut();
        expect(await ask(), trouble).toBe(200);
        proxy.reached();
      }
      proxy.toKeyhouse.cut();
      proxy.toKeyhouse.cutAnswerAfter(40);
      // HAProxy asks once more; the others give up.
      const status = await ask();
      const passed = proxy.reached().map(({ rawHeaders }) => headersOf(rawHeaders, 'Keyhouse-Token'));
      expect(passed).toEqual(status === 200 ? [[reader.id]] : []);
      proxy.toKeyhouse.heal();
      expect(await ask()).toBe(200);
    });

    it('row 45: lets no more pass while connections to Keyhouse break under load', async () => {
      const asked = Array.from({ length: 60 }, async (_, at) => {
        const { status } = await proxy.ask('GET /v1/servers HTTP/1.1', ...(at % 2 === 0 ? [bearer] : []));
        proxy.toKeyhouse[at % 3 === 0 ? 'cut' : 'heal']();
        return status;
      });
      proxy.toKeyhouse.refuse();
      const statuses = await Promise.all(asked);
      proxy.toKeyhouse.heal();
      const reached = proxy.reached();
      for (const { rawHeaders } of reached) expect(headersOf(rawHeaders, 'Keyhouse-Token')).toEqual([reader.id]);
      expect(statuses.filter((status) => status === 200)).toHaveLength(reached.length);
      expect((await proxy.ask('GET /v1/servers HTTP/1.1', bearer)).status).toBe(200);
    });

    it('asks over connections that stay open', async () => {
      const before = proxy.toKeyhouse.connectionsMade();
      for (let asked = 0; asked < 30; asked += 1) await proxy.ask('GET /v1/servers HTTP/1.1', bearer);
      expect(proxy.toKeyhouse.connectionsMade() - before).toBeLessThan(10);
    });

    it('a revoked token is refused on the next request', async () => {
      const { id, value } = await proxy.house.mint();
      const status = async () => (await proxy.ask('GET /v1/servers HTTP/1.1', `Authorization: Bearer ${value}`)).status;
      expect(await status()).toBe(200);
      const manager = await proxy.house.mint({ permissions: ['keyhouse-tokens:*'] });
      const revoked = await proxy.house.ask({ method: 'DELETE', target: `/v1/api-keys/${id}`, token: manager.value });
      expect(revoked.status).toBe(200);
      expect(await status()).toBe(401);
    });
  });
});

/** The JSON of an answer, whether it came in chunks or not. */
function bodyOf({ text }: { readonly text: string }): string {
  return /\{.*\}/s.exec(text)?.[0] ?? 'null';
}
