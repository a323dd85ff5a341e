import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPageRoute, type OperationRoute } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes.ts';
import { ALL_MANAGEMENT, createToken, localCaller, perform } from '../../src/manage/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { jsonLinesLog } from '../../src/server/standard-error-log.ts';
import { RANDOM_LENGTH } from '../../src/token/format.ts';
import { type RandomSource, systemRandom } from '../../src/token/index.ts';
import { type House, openHouse } from '../http/house.ts';

const PROXY = '10.0.0.1';

let house: House;
beforeAll(async () => {
  const trusted = parseIpAllowlist([PROXY]);
  if (!trusted.ok) throw new Error('no list');
  house = await openHouse(keyhouse, () => ({ trust: { trustedProxies: trusted.list, header: 'x-forwarded-for' } }));
});
afterAll(() => house.close());

const testAuth = (token: string, headers: readonly string[] = [], peer: string | null = PROXY) =>
  house.ask({ target: '/v1/auth/test', token, headers, peer });

const OPERATIONS = ROUTES.filter((route): route is OperationRoute => !isPageRoute(route) && route[2] === 'bearer');

/** A target of the route that is about nothing there is. */
const targetOf = ([, path]: OperationRoute) =>
  (path.split('?')[0] as string).replace('{tokens}', '/v1/tokens').replace(/\{\w+\}/g, 'tok_nothing000000000000');

describe('row 28: by default nothing is allowed', () => {
  it('a token without management permissions calls nothing but what is about itself', async () => {
    const { value } = await house.mint({ permissions: [], tier: 'unlimited' });
    const open: string[] = [];
    for (const route of OPERATIONS) {
      const [method, path] = route;
      const hasBody = method !== 'GET' && method !== 'DELETE';
      const { status } = await house.ask({
        method,
        target: targetOf(route),
        token: value,
        ...(hasBody && { body: {} }),
      });
      expect([200, 400, 403, 404, 415]).toContain(status);
      if (status !== 403) open.push(`${method} ${path} ${status}`);
    }
    expect(open).toEqual([
      'GET {tokens} 200',
      // Whoever has the value of one's own token learns about that one.
      'POST {tokens}/try 400',
      'POST {tokens}/find 400',
      'GET /v1/token-options 200',
      'GET /v1/auth/test 200',
      'GET /v1/overview 200',
      // Denials of one's own, of which this is none.
      'GET /v1/denials/{request_id} 404',
    ]);
  });

  it('row 30b: and without a token nothing, whatever the body says', async () => {
    for (const route of OPERATIONS) {
      const [method] = route;
      const body = { user_id: 'usr_1', owner: { external_id: 'admin-1' }, actor: { external_id: 'admin-1' } };
      const hasBody = method !== 'GET' && method !== 'DELETE';
      const answer = await house.ask({ method, target: targetOf(route), ...(hasBody && { body }) });
      expect(answer.status, targetOf(route)).toBe(401);
      expect(answer.headers['WWW-Authenticate']).not.toContain('error=');
    }
  });
});

describe('row 30b: what only the server may say', () => {
  const OURS = [
    'digest',
    'revoked_at',
    'created_at',
    'lineage_id',
    'kind',
    'state',
    'workspace_id',
    'user_id',
    'is_home',
  ];

  it('is an unknown field in every call that has a body', async () => {
    const { value } = await house.mint({ permissions: ALL_MANAGEMENT, tier: 'unlimited' });
    const calls = OPERATIONS.filter(([method, , , , , type]) => method !== 'GET' && type === undefined);
    expect(calls.length).toBeGreaterThan(10);
    for (const route of calls) {
      for (const field of OURS) {
        const answer = await house.ask({
          method: route[0],
          target: targetOf(route),
          token: value,
          body: { [field]: null },
        });
        expect(answer.status, `${targetOf(route)} ${field}`).toBe(400);
      }
    }
  });
});

describe('rows 31 to 34 and 38: the client’s address', () => {
  it('is read from the one header, from its right end, and only from a trusted proxy', async () => {
    const { value } = await house.mint({ ip_allowlist: ['203.0.113.5'], tier: 'unlimited' });
    const from = async (headers: readonly string[], peer: string | null = PROXY) =>
      (await testAuth(value, headers, peer)).status;
    const xff = (...values: string[]) => values.flatMap((one) => ['X-Forwarded-For', one]);
    expect(await from(xff('203.0.113.5'))).toBe(200);
    expect(await from(xff('198.51.100.1, 203.0.113.5'))).toBe(200);
    expect(await from(xff('198.51.100.1', '203.0.113.5'))).toBe(200);
    expect(await from(xff('::ffff:203.0.113.5'))).toBe(200);
    expect(await from(xff('::FFFF:cb00:7105'))).toBe(200);
    for (const refused of [
      xff('203.0.113.5, 198.51.100.1'),
      xff('203.0.113.5', '198.51.100.1'),
      xff('203.0.113.5, garbage'),
      xff('203.0.113.5:80'),
      xff('::203.0.113.5'),
      xff('64:ff9b::203.0.113.5'),
      xff('2002:cb00:7105::'),
      xff(
        Array.from({ length: 1000 }, () => '203.0.113.5')
          .join(', ')
          .concat(', 198.51.100.1'),
      ),
    ]) {
      expect(await from(refused), refused.join().slice(0, 80)).toBe(403);
    }
    for (const alias of ['X_Forwarded_For', 'X.Forwarded.For', 'Forwarded', 'X-Real-IP', 'CF-Connecting-IP']) {
      expect(await from([alias, '203.0.113.5']), alias).toBe(403);
    }
    expect(await from(xff('203.0.113.5'), '198.51.100.1'), 'sent by the client itself').toBe(403);
    expect(await from([], null), 'no address at all').toBe(403);
    const { value: anywhere } = await house.mint({ tier: 'unlimited' });
    expect((await testAuth(anywhere, [], null)).status).toBe(200);
  });
});

describe('row 65: a token that was just created', () => {
  it('is known at once', async () => {
    for (let round = 0; round < 20; round++) {
      const { value } = await house.mint({ tier: 'unlimited' });
      expect((await testAuth(value)).status).toBe(200);
    }
  });
});

describe('row 20: log lines', () => {
  it('are one event each, whatever stands in them', () => {
    const lines: string[] = [];
    const log = jsonLinesLog('debug', (line) => lines.push(line));
    const texts = ['a\r\nb', '\u001b[31mred', 'x\u2028y\u2029z', '"},{"', '\u0000', '\u0085', '‮', '%0d%0a', '\ud800'];
    for (const path of texts) {
      log.securityEvent({ event: 'token_in_url', requestId: 'req_1', method: 'GET', path, ip: null });
      log.fault(new Error(path, { cause: path }), { requestId: 'req_1', operation: null });
    }
    expect(lines).toHaveLength(2 * texts.length);
    for (const line of lines) {
      expect(line).toMatch(/^[^\p{Cc}\u2028-\u202e]+\n$/u);
      expect(JSON.parse(line)).toMatchObject({ event: expect.any(String) });
    }
    expect(lines.filter((_, index) => index % 2 === 0).map((line) => JSON.parse(line).path)).toEqual(texts);
  });
});

describe('row 14: a value that another token has already', () => {
  it('is thrown away for another one', async () => {
    const host = localCaller('host', { ip: null, requestId: 'req_14', idempotencyKey: null });
    const create = (random: RandomSource) =>
      perform(createToken, { ...house.engine, random }, host, {
        name: 'twin',
        permissions: [],
        owner: { external_id: 'user-42' },
      });
    const drawn: Uint8Array[] = [];
    const first = await create({
      bytes: (count) => {
        const bytes = systemRandom.bytes(count);
        if (count === RANDOM_LENGTH) drawn.push(bytes);
        return bytes;
      },
    });
    const again = drawn.values();
    const second = await create({
      bytes: (count) => (count === RANDOM_LENGTH ? again.next().value : undefined) ?? systemRandom.bytes(count),
    });
    expect(again.next().done, 'the same value was drawn first').toBe(true);
    expect(second.value).not.toBe(first.value);
    expect((await testAuth(second.value as string)).status).toBe(200);
  });
});

describe('row 55: what nobody can see', () => {
  it('is in no text that is stored or looked for, so that no database and no terminal stumbles over it', async () => {
    const { value } = await house.mint({ permissions: ALL_MANAGEMENT, tier: 'unlimited' });
    const ask = (method: string, target: string, body?: unknown) => house.ask({ method, target, token: value, body });
    for (const unseen of ['\u0000', '\u001b[31m', '\u009b31m', '\u202e', '\u200b']) {
      const inUrl = encodeURIComponent(unseen);
      const answers = [
        await ask('GET', `/v1/tokens/${inUrl}`),
        await ask('GET', `/v1/tokens?search=${inUrl}`),
        await ask('GET', `/v1/users?search=${inUrl}`),
        await ask('GET', `/v1/audit-events?subject_id=${inUrl}`),
        await ask('GET', `/v1/owners/${inUrl}`),
        await ask('POST', '/v1/users', { email: `${unseen}@example.com` }),
        await ask('POST', '/v1/users', { email: 'a@example.com', name: `a${unseen}` }),
        await ask('POST', '/v1/tokens', { name: 'a', permissions: [], actor: { external_id: 'b', ip: unseen } }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
    }
  });
});
