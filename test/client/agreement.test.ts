import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authenticates as ClientAuthenticates,
  type AuthenticateOptions as ClientOptions,
  type Verifier,
  verifier,
} from '../../client/src/index.ts';
import type { Authenticates } from '../../src/index.ts';
import { keyhouse, type Profile } from '../../src/profile/index.ts';
import { type Authority, openAuthority } from './open-authority.ts';

const PROFILE: Profile = {
  ...keyhouse,
  routes: [
    { methods: ['GET'], path: '/v1/servers', permissions: ['servers:read'], environment: 'live', cost: 1 },
    { methods: ['POST'], path: '/v1/servers', permissions: ['disks:write'], environment: 'live', cost: 1 },
  ],
};
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl';
const API_KEY = { headers: ['X-API-Key'] };

interface Case {
  readonly title: string;
  /** `T` stands for a token that may read servers, `O` for another one. */
  readonly lines: readonly string[];
  readonly url?: string;
  readonly method?: string;
  readonly ip?: string | null;
  readonly options?: ClientOptions;
}

const CASES: readonly Case[] = [
  { title: 'nothing', lines: [] },
  { title: 'a token', lines: ['Authorization', 'Bearer T'] },
  { title: 'a token under another case of the names', lines: ['aUTHORIZATION', 'bearer   T '] },
  { title: 'a token among other lines', lines: ['Host', 'a.example', 'AUTHORIZATION', 'Bearer T', 'Cookie', 'O'] },
  { title: 'two tokens (row 1)', lines: ['Authorization', 'Bearer T', 'Authorization', 'Bearer O'] },
  { title: 'two lines of three (row 1)', lines: Array(3).fill(['Authorization', 'Basic dTpw']).flat() },
  { title: 'two joined tokens (row 2)', lines: ['Authorization', 'Bearer T, Bearer O'] },
  { title: 'a token and a comma (row 2)', lines: ['Authorization', 'Bearer T,'] },
  { title: 'Bearer twice', lines: ['Authorization', 'Bearer Bearer T'] },
  { title: 'Bearer alone', lines: ['Authorization', 'Bearer'] },
  { title: 'an empty line', lines: ['Authorization', ''] },
  { title: 'a quoted token', lines: ['Authorization', 'Bearer "T"'] },
  { title: 'no scheme', lines: ['Authorization', 'T'] },
  { title: 'a line break', lines: ['Authorization', 'Bearer T\u00a0'] },
  { title: 'the bytes of a curly quotation mark', lines: ['Authorization', 'Bearer \u00e2\u0080\u009cT'] },
  { title: 'a truncated token', lines: ['Authorization', 'Bearer kh_live_0123'] },
  { title: 'another scheme', lines: ['Authorization', 'Basic dTpw'] },
  { title: 'somebody else’s token', lines: ['Authorization', `Bearer ${JWT}`] },
  { title: 'a very long value', lines: ['Authorization', `Bearer ${'a'.repeat(9_000)}`] },
  { title: 'another header', lines: ['X-API-Key', JWT] },
  { title: 'another header that is asked for', lines: ['x-api-key', 'T'], options: { allOf: [], ...API_KEY } },
  {
    title: 'ours beside theirs',
    lines: ['X-API-Key', 'T', 'Authorization', `Bearer ${JWT}`],
    options: { allOf: [], ...API_KEY },
  },
  {
    title: 'theirs beside ours',
    lines: ['X-API-Key', JWT, 'Authorization', 'Bearer T'],
    options: { allOf: [], ...API_KEY },
  },
  {
    title: 'two of ours in two headers',
    lines: ['X-API-Key', 'O', 'Authorization', 'Bearer T'],
    options: { allOf: [], ...API_KEY },
  },
  { title: 'another header twice', lines: ['X-API-Key', 'T', 'X-API-Key', 'T'], options: { allOf: [], ...API_KEY } },
  { title: 'a token in the URL (row 3)', lines: [], url: '/v1/servers?page=2&access_token=T' },
  { title: 'a token in both (row 3)', lines: ['Authorization', 'Bearer O'], url: '/v1/servers?token=T' },
  { title: 'no token in the URL', lines: ['Authorization', 'Bearer T'], url: '/v1/servers?token=abc' },
  { title: 'more lines than 100', lines: [...Array(200).fill('X'), 'Authorization', 'Bearer T'] },
  {
    title: 'a permission that is missing',
    lines: ['Authorization', 'Bearer T'],
    options: { permission: 'disks:read' },
  },
  { title: 'one of several', lines: ['Authorization', 'Bearer T'], options: { anyOf: ['disks:read', 'servers:read'] } },
  { title: 'none of several', lines: ['Authorization', 'Bearer T'], options: { anyOf: ['disks:read', 'x:y'] } },
  {
    title: 'another environment',
    lines: ['Authorization', 'Bearer T'],
    options: { allOf: [], environment: 'test' },
  },
  ...['GET /v1/servers', 'GET /v1/servers/?a=b', 'HEAD /v1/servers', 'POST /v1/servers', 'GET /v1/disks'].map(byRoute),
  ...['GET /v1//servers', 'GET /v1/%2e%2e/servers', 'get /v1/servers', 'OPTIONS *', 'GET v1/servers'].map(byRoute),
  ...['GET http://a.example/v1/servers', 'GET http://b.example/v1/servers', 'GET HTTP://A.example?x=/v1/servers'].map(
    byRoute,
  ),
  byRoute(`GET /v1/servers?${'a'.repeat(20_000)}`),
];

/** Rows 28 and 39: what the rules of the profile say. */
function byRoute(line: string): Case {
  const [method = '', url = ''] = line.split(' ');
  const lines = ['Host', 'a.example', 'Authorization', 'Bearer T'];
  return { title: `by route: ${line.slice(0, 60)}`, lines, method, url, options: { byRoute: true } };
}

describe('the remote check and the engine', () => {
  let authority: Authority;
  let remote: Verifier;
  let values: Record<string, string>;
  beforeAll(async () => {
    authority = await openAuthority(PROFILE);
    remote = verifier({ urls: [authority.url], token: authority.verifyToken, timeoutMs: 20_000 });
    const input = { permissions: ['servers:read'], limits: 'unlimited' };
    values = { T: (await authority.makeToken(input)).value, O: (await authority.makeToken(input)).value };
  });
  afterAll(async () => {
    remote?.close();
    await authority?.close();
  });
  const filled = (text: string) =>
    text.length < 300 ? text.replace(/\b[TO]\b/g, (letter) => values[letter] ?? '') : text;

  it.each(CASES)('agree on $title', async ({ lines, url = '/v1/servers', method = 'GET', ip = null, options }) => {
    const request = { rawHeaders: lines.map(filled), url: filled(url), method, ip };
    const asked = options ?? { permission: 'servers:read' };
    const answers = await Promise.all(
      [authority.engine, remote].map(async (door) => comparable(await door.authenticate(request, asked))),
    );
    expect(answers[1]).toEqual(answers[0]);
  });

  it('refuse a token in a header that is not asked for, which the remote check does not send on', async () => {
    const request = { rawHeaders: ['X-API-Key', values.T ?? ''], url: '/', method: 'GET', ip: null };
    for (const door of [authority.engine, remote]) {
      const result = await door.authenticate(request, { allOf: [] });
      expect(result).toMatchObject({ denial: { reason: 'authentication_required' }, foreign: true });
    }
  });

  it('agree on what an accepted token may do beyond the route', async () => {
    const { value } = await authority.makeToken({ permissions: ['servers:*'] });
    const request = { rawHeaders: ['Authorization', `Bearer ${value}`], url: '/', method: 'GET', ip: null };
    for (const door of [authority.engine, remote]) {
      const result = await door.authenticate(request, { allOf: [] });
      if (!result.allowed) throw new Error('refused');
      const held = ['servers:read', 'servers:x', 'disks:read', 'servers:', 'servers:*'].map(result.identity.can);
      expect(held).toEqual([true, true, false, false, false]);
    }
  });

  it('rows 27, 29: remember no decision: another permission, and a revocation, count from the next request on', async () => {
    const { id, value } = await authority.makeToken({ permissions: ['servers:read'] });
    const request = { rawHeaders: ['Authorization', `Bearer ${value}`], url: '/', method: 'GET', ip: null };
    const reason = async (permission: string) => {
      const result = await remote.authenticate(request, { permission });
      return result.allowed ? 'ok' : result.denial.reason;
    };
    expect(await reason('servers:read')).toBe('ok');
    expect(await reason('servers:write')).toBe('insufficient_permissions');
    expect(await reason('servers:read')).toBe('ok');
    await authority.revoke(id);
    expect(await reason('servers:read')).toBe('invalid_token');
  });

  it('judge the address alike, an IPv4 address in IPv6 and a zone included', async () => {
    const near = await authority.makeToken({ permissions: ['servers:read'], ip_allowlist: ['203.0.113.0/24'] });
    for (const ip of ['203.0.113.9', '::ffff:203.0.113.9', 'fe80::1%eth0', '198.51.100.1', 'unknown', null]) {
      const request = { rawHeaders: ['Authorization', `Bearer ${near.value}`], url: '/', method: 'GET', ip };
      const answers = await Promise.all(
        [authority.engine, remote].map(async (door) => (await door.authenticate(request, { allOf: [] })).allowed),
      );
      expect([ip, answers[1]]).toEqual([ip, answers[0]]);
    }
  });

  it('take each other’s place in types too', () => {
    const asRemote: ClientAuthenticates = authority.engine;
    const asEngine: Authenticates = remote;
    expect([asRemote, asEngine]).toEqual([authority.engine, remote]);
  });

  it.each<[string, ClientOptions]>([
    ['nothing', {}],
    ['both ways', { byRoute: true, allOf: [] }],
    ['no permission', { permission: 'servers' }],
    ['a wildcard', { allOf: ['servers:*'] }],
    ['half a request', { allOf: [], cost: 0.5 }],
  ])('refuse options that ask for %s', async (_, options) => {
    const request = { rawHeaders: [], url: '/', method: 'GET', ip: null };
    for (const door of [authority.engine, remote]) {
      await expect(door.authenticate(request, options)).rejects.toThrow(TypeError);
    }
  });
});

/** Everything that the interface promises, but what is drawn anew for each request. */
function comparable(result: Awaited<ReturnType<ClientAuthenticates['authenticate']>>): unknown {
  const told = result.allowed ? result : { ...result, response: { ...result.response, message: undefined } };
  return JSON.parse(JSON.stringify(told).replaceAll(result.requestId, 'req'));
}
