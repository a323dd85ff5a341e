import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyhouse, type Profile } from '../profile/index.ts';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { applyProfile, createToken, readTokenUsage, revokeToken, testAuthentication, verifyTokens } from './index.ts';

describe('verifying a token for a door elsewhere (wire "Verify")', () => {
  let house: TestEngine;
  let door: string;
  let value: string;
  let id: string;
  beforeAll(async () => {
    house = await testEngine();
    const { token } = await becomeAdmin(house);
    door = (await house.asBearer(token, createToken, { name: 'door', permissions: ['keyhouse-tokens:verify'] }))
      .value as string;
    const made = await externalToken(house, {
      externalId: 'user-42',
      workspace: 'org-7',
      may: ['servers:read'],
      token: {
        ip_allowlist: ['203.0.113.0/24'],
        metadata: { plan: 'pro' },
        limits: [{ name: 'hour', limit: 5, seconds: 3600 }],
      },
    });
    value = made.value;
    id = made.token.id;
  });
  afterAll(() => house.close());
  const verify = (question: object) => house.asBearer(door, verifyTokens, question);

  it('answers who it is, with what was asked for and what is left', async () => {
    const verdict = await verify({ token: value, all_of: ['servers:read'], ip: '203.0.113.9' });
    expect(verdict).toMatchObject({
      allowed: true,
      code: 'ok',
      request_id: expect.stringMatching(/^req_/),
      token: {
        id,
        environment: 'live',
        owner: { external_id: 'user-42' },
        workspace: { external_id: 'org-7' },
        metadata: { plan: 'pro' },
        effective_permissions: ['servers:read'],
      },
      rate_limit: { limit: 5, remaining: 4, windows: [{ name: 'hour', limit: 5, seconds: 3600, remaining: 4 }] },
    });
  });

  it('says no as a result, with the answer to send on, and tells of the token only what the caller needs', async () => {
    const question = { token: value, all_of: ['servers:read', 'servers:write'], ip: '203.0.113.9' };
    expect(await verify(question)).toMatchObject({
      allowed: false,
      code: 'insufficient_permissions',
      status: 403,
      missing: ['servers:write'],
      token: { id },
      response: { status: 403, headers: { 'Content-Type': 'application/problem+json' } },
    });
    expect(await verify({ token: value, all_of: [], ip: '198.51.100.1' })).toMatchObject({ code: 'ip_restricted' });
    expect(await verify({ token: value, all_of: [] }), 'no address').toMatchObject({ code: 'ip_restricted' });
    expect(await verify({ token: value, all_of: [], ip: '203.0.113.9', environment: 'test' })).toMatchObject({
      code: 'invalid_token',
    });
    expect(await verify({ token: null, all_of: [] })).toMatchObject({ code: 'authentication_required', status: 401 });
    expect(await verify({ token: null, problem: 'duplicate', all_of: [] })).toMatchObject({
      code: 'invalid_request',
      status: 400,
    });
    const unknown = await verify({ token: 'kh_live_0000000000000000000000000000000z', all_of: [] });
    expect(unknown).toMatchObject({ code: 'invalid_token' });
    expect(unknown).not.toHaveProperty('token');
  });

  it('spends on accepts alone, in the order of a batch, and nothing for cost 0', async () => {
    const asked = { token: value, all_of: ['servers:read'], ip: '203.0.113.9' };
    const remaining = async () => {
      const verdict = await verify({ ...asked, cost: 0 });
      return 'results' in verdict ? null : verdict.rate_limit?.remaining;
    };
    const before = (await remaining()) as number;
    await verify({ ...asked, all_of: ['servers:write'] });
    expect(await remaining()).toBe(before);
    const batch = await verify({ requests: Array.from({ length: before + 1 }, () => asked) });
    const codes = 'results' in batch ? batch.results.map((one) => one.code) : [];
    expect(codes).toEqual([...Array<string>(before).fill('ok'), 'rate_limited']);
    const limited = await verify(asked);
    expect(limited).toMatchObject({ code: 'rate_limited', status: 429, retry_after: expect.any(Number) });
  });

  it('asks for a question that is whole', async () => {
    for (const [input, path] of [
      [{ token: value }, 'all_of'],
      [{ all_of: [] }, 'token'],
      [{ token: value, headers: [], all_of: [] }, 'token'],
      [{ token: value, target: '/', all_of: [] }, 'target'],
      [{ token: value, all_of: ['servers:*'] }, 'all_of.0'],
      [{ token: value, all_of: [], ip: '010.0.0.1' }, 'ip'],
      [{ token: value, all_of: [], cost: -1 }, 'cost'],
    ] as const) {
      const { code } = await rejectionOf(verify(input));
      expect(code, path).toBe('invalid_input');
    }
    expect((await rejectionOf(verify({ requests: [] }))).code).toBe('invalid_input');
    const many = Array.from({ length: 101 }, () => ({ token: null, all_of: [] }));
    expect((await rejectionOf(verify({ requests: many }))).code).toBe('invalid_input');
    const any = await verify({ token: value, any_of: [], ip: '203.0.113.9', cost: 0 });
    expect(any, 'an empty any_of asks nothing').toMatchObject({ token: { id } });
  });

  it('row 30, peers §5 row 9: for a caller of one workspace another’s token is one that does not exist', async () => {
    const { value: local } = await workspaceManager(house, 'org-8', ['keyhouse-tokens:verify']);
    const own = await externalToken(house, { externalId: 'here', workspace: 'org-8', may: ['servers:read'] });
    const ask = async (token: string) => {
      const {
        request_id: _id,
        response,
        ...rest
      } = (await house.asBearer(local, verifyTokens, {
        token,
        all_of: [],
        ip: '203.0.113.9',
      })) as { request_id: string; response?: { headers: Record<string, string>; body: object } };
      return { ...rest, status: response?.headers['WWW-Authenticate'] };
    };
    expect(await ask(own.value)).toMatchObject({ allowed: true });
    const fresh = await externalToken(house, { externalId: 'there', workspace: 'org-7', may: ['servers:read'] });
    const before = await ask(fresh.value);
    expect(before).toMatchObject({ allowed: false, code: 'invalid_token' });
    await house.asHost(revokeToken, { id: fresh.token.id });
    expect(await ask(fresh.value)).toEqual(before);
    const usage = await house.asHost(readTokenUsage, { id: fresh.token.id });
    expect([usage.allowed, usage.denied], 'and spends and counts nothing').toEqual([0, {}]);
  });
});

describe('asking by method and path', () => {
  let house: TestEngine;
  let door: string;
  let value: string;
  const rule = (line: string, permissions: string[], cost = 1): Profile['routes'][number] => {
    const [method = '', path = ''] = line.split(' ');
    return { methods: [method], path, permissions, environment: 'live', cost };
  };
  const profileWith = (...routes: Profile['routes']): Profile => ({ ...keyhouse, routes });
  beforeAll(async () => {
    house = await testEngine({
      profile: profileWith(rule('GET /v1/servers', ['servers:read']), rule('POST /v1/servers', ['servers:write'], 5)),
    });
    const { token } = await becomeAdmin(house);
    const asked = { name: 'door', permissions: ['keyhouse-tokens:verify'] };
    door = (await house.asBearer(token, createToken, asked)).value as string;
    const limits = [{ name: 'hour', limit: 9, seconds: 3600 }];
    value = (await externalToken(house, { externalId: 'a', workspace: 'o', may: ['servers:*'], token: { limits } }))
      .value;
  });
  afterAll(() => house.close());
  const verify = async (question: object) => {
    const verdict = await house.asBearer(door, verifyTokens, question);
    if ('results' in verdict) throw new Error('a batch');
    return verdict;
  };
  const route = (line: string) => {
    const [method = '', target = ''] = line.split(' ');
    return { method, target };
  };

  it.each([
    ['GET /v1/servers?page=2', 'ok'],
    ['HEAD /v1/servers/', 'ok'],
    ['GET /v1/disks', 'no_matching_rule'],
    ['get /v1/servers', 'no_matching_rule'],
    ['GET /v1//servers', 'ambiguous_path'],
    ['GET /v1/%2e%2e/servers', 'ambiguous_path'],
    ['GET http://a.example/v1/servers', 'ambiguous_path'],
  ])('rows 28, 39: %s: %s', async (line, code) => {
    expect(await verify({ token: value, route: route(line) })).toMatchObject({ code });
    expect(await verify({ token: null, route: route(line) })).toMatchObject({ code: 'authentication_required' });
    const problem = { token: null, problem: 'duplicate', route: route(line) };
    expect(await verify(problem)).toMatchObject({ code: 'invalid_request' });
  });

  it('charges what the rule says', async () => {
    const before = (await verify({ token: value, all_of: [], cost: 0 })).rate_limit?.remaining as number;
    const { rate_limit: left } = await verify({ token: value, route: route('POST /v1/servers') });
    expect(left?.remaining).toBe(before - 5);
  });

  it('looks for the credential itself in the lines it is sent, and answers with headers to send on', async () => {
    const line = ['Authorization', `Bearer ${value}`];
    const asked = { headers: [line], all_of: [], cost: 0 };
    const accepted = await verify(asked);
    expect(accepted).toMatchObject({
      allowed: true,
      headers: { 'X-Request-Id': accepted.request_id, 'X-RateLimit-Limit': '9', Vary: 'Authorization' },
    });
    const further = { further_headers: ['X-API-Key'], headers: [['x-api-key', value]] };
    expect(await verify({ ...asked, ...further })).toMatchObject({ allowed: true });
    expect(await verify({ ...asked, headers: [line, line] })).toMatchObject({ code: 'invalid_request', status: 400 });
    const inUrl = { ...asked, headers: [], target: `/?token=${value}` };
    expect(await verify(inUrl)).toMatchObject({
      code: 'authentication_required',
      message: expect.stringMatching(/URL/),
    });
    const basic = { ...asked, headers: [['Authorization', 'Basic dTpw']] };
    expect(await verify(basic)).toMatchObject({ code: 'authentication_required', foreign: true });
    const twice = await verify({ ...asked, headers: [['Authorization', `Bearer Bearer ${value}`]] });
    expect(twice).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('twice') });
    expect(twice).not.toHaveProperty('foreign');
    const refused = await verify({ headers: [line], all_of: ['disks:read'] });
    expect(refused.response?.headers).toMatchObject({ Vary: 'Authorization' });
  });

  it('asks in one way at a time', async () => {
    const asked = { token: value, route: route('GET /v1/servers') };
    for (const besides of [{ all_of: [] }, { any_of: [] }, { environment: 'live' }, { cost: 1 }]) {
      const { code, problems } = await rejectionOf(verify({ ...asked, ...besides }));
      expect([code, problems[0]?.path]).toEqual(['invalid_input', Object.keys(besides)[0]]);
    }
  });

  it('judges by the rules in force', async () => {
    const asked = { token: value, route: route('GET /v1/disks') };
    expect(await verify(asked)).toMatchObject({ code: 'no_matching_rule' });
    await house.asHost(applyProfile, { profile: profileWith(rule('GET /v1/disks', [])), allow_narrowing: true });
    expect(await verify(asked)).toMatchObject({ code: 'ok' });
  });
});

describe('the token of this very request (D12)', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  it('is told its id, its grant as written and where it stands in its longest window, and counts like any other', async () => {
    const { token, value } = await externalToken(house, {
      externalId: 'a',
      workspace: 'o',
      may: ['servers:read', 'instances:*'],
    });
    const test = await house.asBearer(value, testAuthentication, {});
    expect(test).toEqual({
      authenticated: true,
      key_id: token.id,
      permissions: ['servers:read', 'instances:*'],
      rate_limit: { limit: 1000, remaining: 999, reset: expect.stringMatching(/^2027-01-15T/) },
    });
    expect((await house.asBearer(value, testAuthentication, {})).rate_limit?.remaining).toBe(998);
    const usage = await house.asHost(readTokenUsage, { id: token.id });
    expect(usage.allowed).toBe(2);
    expect(usage.rate_limit?.windows.map(({ name, remaining }) => [name, remaining])).toEqual([
      ['hour', 998],
      ['minute', 98],
    ]);
    expect((await house.asHost(readTokenUsage, { id: token.id })).rate_limit, 'asking spends nothing').toEqual(
      usage.rate_limit,
    );
  });

  it('has no limit to tell of where there is none, and is nobody where there is no token', async () => {
    const { value } = await externalToken(house, {
      externalId: 'b',
      workspace: 'o',
      may: ['servers:read'],
      token: { limits: 'unlimited' },
    });
    expect((await house.asBearer(value, testAuthentication, {})).rate_limit).toBeNull();
    expect(await rejectionOf(house.asHost(testAuthentication, {}))).toMatchObject({ code: 'authentication_required' });
  });

  it('peers §5 row 2: a level or inherit is told as the permissions it amounts to', async () => {
    const { value } = await externalToken(house, {
      externalId: 'c',
      workspace: 'o',
      may: ['servers:read'],
      token: { inherit: true },
    });
    expect((await house.asBearer(value, testAuthentication, {})).permissions).toEqual(['servers:read']);
  });
});

describe('how a token was used', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  it('is told by the hour, accepted and refused by reason, to the last second', async () => {
    const { token, value } = await externalToken(house, { externalId: 'a', workspace: 'o', may: ['servers:read'] });
    house.clock.advance(30 * 60_000);
    await house.verdict(value, ['servers:read'], { ip: '203.0.113.9' });
    await house.verdict(value, ['servers:write']);
    house.clock.advance(3_600_000);
    await house.verdict(value, ['servers:read'], { ip: '203.0.113.10' });
    await house.verdict(value, ['servers:read'], { cost: 0 });
    const usage = await house.asHost(readTokenUsage, { id: token.id });
    expect(usage).toMatchObject({
      token_id: token.id,
      allowed: 2,
      denied: { insufficient_permissions: 1 },
      last_used_at: '2027-01-15T09:30:00.000Z',
      last_used_ip: '203.0.113.10',
      hours: [
        { hour: '2027-01-15T08:00:00.000Z', allowed: 1, denied: { insufficient_permissions: 1 } },
        { hour: '2027-01-15T09:00:00.000Z', allowed: 1, denied: {} },
      ],
    });
    const from = '2027-01-15T08:45:00Z';
    const later = await house.asHost(readTokenUsage, { id: token.id, from });
    expect(later, 'the hour that `from` falls into is counted whole, and said so').toMatchObject({
      from: '2027-01-15T08:00:00.000Z',
      allowed: 2,
    });
    const own = await house.asBearer(value, readTokenUsage, { id: 'current' }, { ip: '203.0.113.11' });
    expect(own, 'its own request included').toMatchObject({ allowed: 3, last_used_ip: '203.0.113.11' });
  });

  it('row 80: is asked for at most 92 days, forwards', async () => {
    const { token } = await externalToken(house, { externalId: 'b', workspace: 'o', may: [] });
    const ask = (input: object) => rejectionOf(house.asHost(readTokenUsage, { id: token.id, ...input }));
    const now = '2027-01-15T10:00:00Z';
    for (const input of [
      { from: '2026-01-01T00:00:00Z', to: now },
      { from: now, to: now },
      { from: '2027-02-30T00:00:00Z' },
      { to: 'now' },
    ]) {
      expect((await ask(input)).code, JSON.stringify(input)).toBe('invalid_input');
    }
  });
});
