import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';
import {
  createServiceAccount,
  createToken,
  listDenials,
  localCaller,
  perform,
  putOwner,
  readDenial,
} from '../manage/index.ts';
import { parseIpAllowlist, type RouteRule } from '../policy/index.ts';
import { keyhouse } from '../profile/index.ts';
import { generateToken, systemRandom } from '../token/index.ts';

const proxies = parseIpAllowlist(['198.51.100.1']);

describe('denials', () => {
  let house: House;
  let operator: string;
  beforeAll(async () => {
    house = await openHouse(undefined, ({ trust }) => ({
      trust: { ...trust, trustedProxies: proxies.ok ? proxies.list : null },
    }));
    operator = (await house.mint({ permissions: ['keyhouse-denials:read', 'keyhouse-tokens:*'], limits: 'unlimited' }))
      .value;
  });
  afterAll(() => house.close());
  beforeEach(() => expect(house.faults).toEqual([]));

  const host = () => localCaller('host', { ip: null, requestId: 'req_seed', idempotencyKey: null });
  const refusalOf = async (asked: Parameters<House['ask']>[0]) => {
    const { status, headers } = await house.ask(asked);
    expect(status).toBeGreaterThanOrEqual(400);
    return headers['X-Request-Id'] as string;
  };
  const explained = (requestId: string, token = operator) => house.ask({ target: `/v1/denials/${requestId}`, token });
  const why = (body: unknown, more: object = {}) => house.ask({ method: 'POST', target: '/v1/why', body, ...more });
  const failedCheck = (json: { checks: { check: string; outcome: string }[] }) =>
    json.checks.find(({ outcome }) => outcome === 'failed')?.check;

  /** A service account that manages one customer's workspace, with a token. */
  async function managerOf(workspace: string, permissions: string[]): Promise<string> {
    await perform(putOwner, house.engine, host(), {
      external_id: `first of ${workspace}`,
      workspace: { external_id: workspace },
      permissions: [],
    });
    const account = await perform(createServiceAccount, house.engine, host(), {
      name: `manager of ${workspace}`,
      workspace: { external_id: workspace },
      permissions,
    });
    const input = { name: 'manager', owner: { id: account.id }, permissions, limits: 'unlimited' };
    return (await perform(createToken, house.engine, host(), input)).value as string;
  }

  it('explain themselves whole to who may read them, by the request id of the refusal', async () => {
    const { id, value } = await house.mint();
    const requestId = await refusalOf({
      target: '/v1/audit-events?limit=2',
      token: value,
      peer: '198.51.100.1',
      headers: ['X-Forwarded-For', '192.0.2.44'],
    });
    const { status, json } = await explained(requestId);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      request_id: requestId,
      door: 'api',
      method: 'GET',
      path: '/v1/audit-events',
      reason: 'insufficient_permissions',
      cause: 'permission_missing',
      permissions: { all_of: ['keyhouse-audit:read'], missing: ['keyhouse-audit:read'], held: ['servers:read'] },
      address: { ip: '192.0.2.44', from: 'x-forwarded-for' },
      token: { id, name: 'test', hint: expect.stringContaining('…') },
      owner: { external_id: 'user-42' },
      workspace: { external_id: 'org-7' },
    });
    expect(failedCheck(json)).toBe('permission');
    expect(JSON.stringify(json)).not.toContain(value);
  });

  it('tell the windows, what is left and when to try again', async () => {
    const { value } = await house.mint({ limits: [{ name: 'hour', limit: 1, seconds: 3_600 }] });
    await house.ask({ target: '/v1/auth/test', token: value });
    const { json } = await explained(await refusalOf({ target: '/v1/auth/test', token: value }));
    expect(failedCheck(json)).toBe('rate_limit');
    expect(json.rate_limit).toMatchObject({ windows: [{ name: 'hour', limit: 1, remaining: 0 }] });
    expect(json.rate_limit.retry_after).toBeGreaterThan(0);
  });

  it('say what is wrong with the field lines where no token matched, and never repeat them', async () => {
    const { value } = await house.mint();
    const requestId = await refusalOf({
      target: '/v1/auth/test',
      headers: ['Authorization', `Bearer "${value}"`],
    });
    const { json } = await explained(requestId);
    expect([failedCheck(json), json.token]).toEqual(['syntax', null]);
    expect(json.advice).toMatch(/quotation mark/i);
    expect(JSON.stringify(json)).not.toContain(value.slice(8));
    expect(JSON.stringify((await house.engine.denials.find(requestId)) ?? null)).not.toContain(value.slice(8));
  });

  it('of an operation that asks for more than its door did can be explained too', async () => {
    const { value } = await house.mint();
    const { id } = await house.mint({ name: 'another' });
    const { json } = await explained(await refusalOf({ target: `/v1/tokens/${id}`, token: value }));
    expect(json).toMatchObject({ cause: 'permission_missing', permissions: { missing: ['keyhouse-tokens:read'] } });
  });

  it('are shown reduced to the bearer of the same lineage, and to nobody else at all', async () => {
    const mine = await house.mint();
    const { value: stranger } = await house.mint({ name: 'another' });
    const requestId = await refusalOf({ target: '/v1/profile', token: mine.value });
    const { status, json } = await explained(requestId, mine.value);
    expect(status).toBe(200);
    expect(failedCheck(json)).toBe('permission');
    for (const field of ['cause', 'owner', 'workspace', 'ip_allowlist', 'lineage_id'])
      expect(json).not.toHaveProperty(field);
    const none = await explained('req_0000000000000000000000', stranger);
    const foreign = await explained(requestId, stranger);
    const body = (answer: typeof none) => ({ ...answer.json, request_id: null, instance: null });
    expect([none.status, foreign.status]).toEqual([404, 404]);
    expect(body(foreign)).toEqual(body(none));
  });

  it('row 30: of another workspace are like none, in lists too', async () => {
    const manager = await managerOf('org-8', ['keyhouse-denials:read', 'keyhouse-tokens:read']);
    const { id, value } = await house.mint();
    const elsewhere = await refusalOf({ target: '/v1/profile', token: value });
    const own = await refusalOf({ target: '/v1/profile', token: manager });
    expect((await explained(elsewhere, manager)).status).toBe(404);
    const { json } = await explained(own, manager);
    expect(json.workspace).toMatchObject({ external_id: 'org-8' });
    const listed = await house.ask({ target: '/v1/denials?limit=100', token: manager });
    expect(listed.json.data.map((one: { request_id: string }) => one.request_id)).toEqual([own]);
    const asked = await house.ask({ target: `/v1/denials?token_id=${id}`, token: manager });
    expect(asked.json).toEqual({ data: [], next_cursor: null });
    expect((await house.ask({ target: '/v1/denials', token: value })).status).toBe(403);
  });

  it('row 30: name to the operator alone who asked for a thing of another workspace, which stays a 404', async () => {
    const manager = await managerOf('org-9', ['keyhouse-denials:read', 'keyhouse-tokens:read']);
    const { id } = await house.mint();
    const foreign = await house.ask({ target: `/v1/tokens/${id}`, token: manager });
    const none = await house.ask({ target: '/v1/tokens/tok_0000000000000000000000', token: manager });
    const requestId = foreign.headers['X-Request-Id'] as string;
    const bare = ({ status, json }: typeof none) => ({ status, json: { ...json, request_id: null, instance: null } });
    expect(bare(foreign)).toEqual(bare(none));
    const { json } = await explained(requestId);
    expect(json).toMatchObject({ reason: 'cross_workspace_denied', token: { name: 'manager' } });
    expect(json.advice).toContain(id);
    expect((await explained(requestId, manager)).status).toBe(404);
    const told = await why({ token: manager });
    expect(JSON.stringify(told.json)).not.toContain(requestId);
    expect((await why({ token: manager, request_id: requestId })).status).toBe(404);
    const listed = await house.ask({ target: '/v1/denials?reason=cross_workspace_denied', token: operator });
    expect(listed.json.data).toMatchObject([{ request_id: requestId }]);
  });

  it('are listed newest first, by reason, token and address, page by page', async () => {
    const { id, value } = await house.mint();
    const ids: string[] = [];
    for (const path of ['/v1/profile', '/v1/roles', '/v1/users']) {
      house.time.now += 1_000;
      ids.unshift(await refusalOf({ target: path, token: value, peer: '192.0.2.77' }));
    }
    const list = async (query: string) => (await house.ask({ target: `/v1/denials?${query}`, token: operator })).json;
    const first = await list(`token_id=${id}&limit=2`);
    const second = await list(`token_id=${id}&limit=2&cursor=${encodeURIComponent(first.next_cursor)}`);
    const seen = [...first.data, ...second.data].map((one: { request_id: string }) => one.request_id);
    expect(seen).toEqual(ids);
    expect(second.next_cursor).toBeNull();
    expect((await list('ip=192.0.2.77')).data).toHaveLength(3);
    expect((await list('ip=192.0.2.77&reason=rate_limited')).data).toEqual([]);
    expect((await house.ask({ target: '/v1/denials?ip=nowhere', token: operator })).status).toBe(400);
  });

  it('through verify are explained by the id in the verdict, with the rule, and one workspace learns of no other', async () => {
    const manager = await managerOf('org-10', ['keyhouse-tokens:verify', 'keyhouse-denials:read']);
    const { value } = await house.mint();
    const ask = async (token: string, body: object) =>
      (await house.ask({ method: 'POST', target: '/v1/tokens/verify', token, body })).json.request_id as string;
    const refused = await ask(operator, { token: value, all_of: ['servers:write'], ip: '192.0.2.5' });
    const { json } = await explained(refused);
    expect(json).toMatchObject({
      door: 'verify',
      permissions: { missing: ['servers:write'] },
      address: { ip: '192.0.2.5', from: 'question' },
    });
    const outOfReach = await explained(await ask(manager, { token: value, all_of: [] }), manager);
    expect(outOfReach.json).toMatchObject({ cause: 'unknown', token: null });
  });

  describe('the refused token itself', () => {
    it('learns what would be decided now and its latest refusals, and pays nothing for it', async () => {
      const limits = [{ name: 'hour', limit: 1, seconds: 3_600 }];
      const { id, value } = await house.mint({ limits });
      const requestId = await refusalOf({ target: '/v1/profile', token: value });
      const { status, json, headers } = await why({ token: value });
      expect([status, headers['Cache-Control']]).toEqual([200, 'no-store']);
      expect(json.now).toMatchObject({
        reason: 'ok',
        token: { id },
        address: { ip: '203.0.113.9', from: 'connection' },
      });
      expect(json.denials).toMatchObject([{ request_id: requestId, reason: 'insufficient_permissions' }]);
      expect((await house.ask({ target: '/v1/auth/test', token: value })).status).toBe(200);
      const one = await why({ token: value, request_id: requestId });
      expect(one.json.denials).toMatchObject([{ request_id: requestId }]);
    });

    it('row 18: is told the same when it is revoked, when it is disabled and when it never was', async () => {
      const [revoked, disabled] = [await house.mint(), await house.mint()];
      const requestId = await refusalOf({ target: '/v1/profile', token: revoked.value });
      await house.ask({ method: 'DELETE', target: `/v1/tokens/${revoked.id}`, token: operator });
      const body = { disabled: true };
      await house.ask({ method: 'PATCH', target: `/v1/tokens/${disabled.id}`, token: operator, body });
      const answers = [];
      for (const token of [revoked.value, disabled.value]) {
        for (const more of [{}, { request_id: requestId }]) answers.push(await why({ token, ...more }));
      }
      const plain = ({ status, json, headers }: Awaited<ReturnType<typeof why>>) =>
        JSON.stringify([status, { ...json, now: { ...json.now, request_id: '' } }, { ...headers, 'X-Request-Id': '' }]);
      const [first, ...rest] = answers.map(plain);
      for (const one of rest) expect(one).toBe(first);
      expect(JSON.parse(first as string)[1]).toMatchObject({
        now: { reason: 'invalid_token', token: null },
        denials: [],
      });
      // The well-formed one that is not stored gets the very same too.
      const format = house.engine.authenticator.profile.profile.token;
      const unknown = generateToken(format, 'token', 'live', systemRandom);
      expect(plain(await why({ token: unknown }))).toBe(first);
    });

    it('gets a sentence about its shape where it is damaged, and its text is repeated nowhere', async () => {
      const { value } = await house.mint();
      for (const [token, said] of [
        [value.slice(0, -3), /copy it whole/],
        [`"${value}"`, /quotation mark/i],
        ['sk_live_something_else_entirely', /\./],
      ] as const) {
        const { status, json } = await why({ token });
        expect([status, json.denials]).toEqual([200, []]);
        expect(json.now.advice).toMatch(said);
        expect(JSON.stringify(json)).not.toContain(token.slice(9));
      }
      const wrong = await why({ token: value, [value]: 1, request_id: value });
      expect([wrong.status, String(wrong.body).includes(value)]).toEqual([400, false]);
    });

    it('is told of a request without a token no more than its shape, and nothing of another token', async () => {
      const [mine, other] = [await house.mint(), await house.mint()];
      const others = await refusalOf({ target: '/v1/profile', token: other.value });
      const nobodys = await refusalOf({ target: '/v1/profile', headers: ['Authorization', 'Bearer'] });
      expect((await why({ token: mine.value, request_id: others })).status).toBe(404);
      const { json } = await why({ token: mine.value, request_id: nobodys });
      expect(json.denials).toMatchObject([{ path: null, address: { ip: null, from: null }, token: null }]);
      expect(failedCheck(json.denials[0])).toBe('syntax');
    });

    it('learns from an address where it may not be used of requests from that address alone', async () => {
      const { value } = await house.mint({ ip_allowlist: ['203.0.113.9'] });
      const atHome = await refusalOf({ target: '/v1/profile', token: value });
      const away = { peer: '192.0.2.66' };
      const abroad = await refusalOf({ target: '/v1/profile', token: value, ...away });
      const { json } = await why({ token: value }, away);
      expect(failedCheck(json.now)).toBe('address');
      expect(json.denials.map((one: { request_id: string }) => one.request_id)).toEqual([abroad]);
      expect(JSON.stringify(json)).not.toContain('203.0.113.9');
      expect((await why({ token: value, request_id: atHome }, away)).status).toBe(404);
      expect((await why({ token: value })).json.denials).toHaveLength(2);
    });
  });

  it('of a proxy name the rule that asked and the header the address came from', async () => {
    const rule = {
      methods: ['GET'],
      path: '/servers/{id}',
      permissions: ['servers:write'],
      environment: 'live',
      cost: 1,
    };
    const behind = await openHouse({ ...keyhouse, routes: [rule as RouteRule] }, ({ trust }) => ({
      trust: { ...trust, trustedProxies: proxies.ok ? proxies.list : null },
      forwardAuth: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
    }));
    try {
      const { value } = await behind.mint();
      const ask = async (uri: string) => {
        const forwarded = ['X-Forwarded-Method', 'GET', 'X-Forwarded-Uri', uri, 'X-Forwarded-For', '192.0.2.9'];
        const asked = { target: '/forward-auth', token: value, peer: '198.51.100.1', headers: forwarded };
        const { headers } = await behind.ask(asked);
        return perform(readDenial, behind.engine, host(), { request_id: headers['X-Request-Id'] });
      };
      expect(await ask('/servers/7?page=2')).toMatchObject({
        door: 'forward_auth',
        method: 'GET',
        path: '/servers/7',
        route: { methods: 'GET', path: '/servers/{id}' },
        address: { ip: '192.0.2.9', from: 'x-forwarded-for' },
      });
      const none = await ask('/nowhere');
      expect([none.reason, none.route, failedCheck(none)]).toEqual(['no_matching_rule', null, 'route']);
    } finally {
      await behind.close();
    }
  });

  it('are there whether they were written or not', async () => {
    const { value } = await house.mint();
    const requestId = await refusalOf({ target: '/v1/profile', token: value });
    expect(house.engine.denials.pending).toBeGreaterThan(0);
    const before = (await explained(requestId)).json;
    await perform(listDenials, house.engine, host(), {});
    expect(house.engine.denials.pending).toBe(0);
    expect((await explained(requestId)).json).toEqual(before);
  });
});
