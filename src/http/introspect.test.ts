import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AskedRequest, type House, openHouse } from '../../test/http/house.ts';
import { localCaller, perform, revokeToken } from '../manage/index.ts';
import { deployerp, presets } from '../profile/index.ts';

const FORM = ['Content-Type', 'application/x-www-form-urlencoded'];
const UNKNOWN = 'kh_live_0000000000000000000000000000000z';

let house: House;
let door: { id: string; value: string };
beforeAll(async () => {
  house = await openHouse();
  door = await house.mint({ name: 'door', permissions: ['keyhouse-tokens:verify'] });
});
afterAll(() => house.close());

const basic = (id: string, secret: string) => [
  'Authorization',
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
];
const form = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();
const post = (body: string | Uint8Array, more: Partial<AskedRequest> = {}) =>
  house.ask({ method: 'POST', target: '/oauth/introspect', token: door.value, headers: FORM, body, ...more });
const ask = (parameters: Record<string, string>, more: Partial<AskedRequest> = {}) => post(form(parameters), more);

describe('introspection (RFC 7662)', () => {
  it('says of an active token whose it is and what it may do now, in the registered names and ours', async () => {
    const key = await house.mint({ permissions: ['servers:read', 'instances:*'], expires_in: '1d' });
    const answer = await ask({ token: key.value, token_type_hint: 'access_token' });
    const now = house.time.now / 1000;
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    });
    expect(answer.json).toEqual({
      active: true,
      scope: 'instances:* servers:read',
      client_id: key.id,
      username: 'user-42@example.com',
      sub: 'own_user420000000000000000',
      token_type: 'Bearer',
      exp: now + 86_400,
      iat: now,
      jti: key.id,
      id: key.id,
      lineage_id: expect.stringMatching(/^lin_/),
      name: 'test',
      environment: 'live',
      owner: {
        id: 'own_user420000000000000000',
        kind: 'external',
        external_id: 'user-42',
        name: 'user-42',
        email: 'user-42@example.com',
        metadata: { plan: 'gold' },
      },
      workspace: { id: 'wsp_customer0000000000000', external_id: 'org-7', name: 'Example Ltd' },
      metadata: {},
    });
    expect(JSON.stringify(answer), 'row 17: no value comes back').not.toContain(key.value);
  });

  it('lists concrete permissions where the catalogue is closed, and no scope where nothing is left', async () => {
    const company = await openHouse(deployerp);
    try {
      const caller = await company.mint({ permissions: ['keyhouse-tokens:verify'] });
      const key = await company.mint({ permissions: ['instances:*'] });
      const asked = { method: 'POST', target: '/oauth/introspect', token: caller.value, headers: FORM };
      const { json } = await company.ask({ ...asked, body: form({ token: key.value }) });
      expect(json).toMatchObject({ active: true, jti: key.id, name: 'test' });
      expect(json.scope.split(' ')).toEqual(expect.arrayContaining(['instances:read']));
      expect(json.scope).not.toContain('*');
    } finally {
      await company.close();
    }
  });

  it('row 18: says active: false and nothing else of every token that is not usable, whatever the reason', async () => {
    const revoked = await house.mint();
    const operator = localCaller('operator', { ip: null, requestId: 'req_test', idempotencyKey: null });
    await perform(revokeToken, house.engine, operator, { id: revoked.id });
    const expired = await house.mint({ expires_in: '60s' });
    house.time.now += 61_000;
    const restricted = await house.mint({ ip_allowlist: ['203.0.113.0/24'] });
    const test = await house.mint({ environment: 'test' });
    const values = [revoked, expired, restricted, test].map(({ value }) => value);
    const further = [UNKNOWN, 'kh_live_short', 'ghp_0123456789', `${door.value} `, door.id, 'Bearer x', 'é', '\0'];
    const answers = await Promise.all([...values, ...further].map((token) => ask({ token })));
    for (const [at, { status, body, headers }] of answers.entries()) {
      expect({ status, body }, `answer ${at}`).toEqual({ status: 200, body: '{"active":false}' });
      expect(Object.keys(headers)).toEqual(Object.keys(answers[0]?.headers ?? {}));
    }
  });

  it('spends nothing and counts no use, also of a token whose limit is used up', async () => {
    const key = await house.mint({ limits: [{ name: 'hour', limit: 1, seconds: 3600 }] });
    const use = { target: '/v1/auth/test', token: key.value };
    for (let times = 0; times < 3; times++) expect((await ask({ token: key.value })).json.active).toBe(true);
    expect((await house.ask(use)).status).toBe(200);
    expect((await house.ask(use)).status).toBe(429);
    expect((await ask({ token: key.value })).json).toMatchObject({ active: true, jti: key.id });
  });

  it('takes the decision when the parameters ask about a request, and then says why not', async () => {
    const key = await house.mint({
      ip_allowlist: ['203.0.113.0/24'],
      limits: [{ name: 'hour', limit: 2, seconds: 3600 }],
    });
    const asked = { token: key.value, client_ip: '203.0.113.9', required_scope: 'servers:read', cost: '1' };
    expect((await ask(asked)).json).toMatchObject({ active: true, rate_limit: { limit: 2, remaining: 1 } });
    expect((await ask({ ...asked, client_ip: '::ffff:203.0.113.9' })).json, 'row 33').toMatchObject({
      active: true,
      rate_limit: { remaining: 0 },
    });
    const limited = (await ask(asked)).json;
    expect(limited).toMatchObject({ active: false, code: 'rate_limited', status: 429 });
    expect(limited.retry_after).toBeGreaterThan(0);
    expect((await ask({ ...asked, cost: '0' })).json).toMatchObject({ active: true });
    const { cost: _, ...free } = asked;
    expect((await ask({ ...free, required_scope: 'servers:read servers:write' })).json).toEqual({
      active: false,
      code: 'insufficient_permissions',
      status: 403,
      message: expect.any(String),
      missing: ['servers:write'],
    });
    expect((await ask({ ...free, client_ip: '198.51.100.7' })).json).toMatchObject({ code: 'ip_restricted' });
    expect((await ask({ token: UNKNOWN, cost: '1' })).json).toMatchObject({ active: false, code: 'invalid_token' });
  });

  it('row 38: a restricted token is active for no address that is not known', async () => {
    const key = await house.mint({ ip_allowlist: ['203.0.113.9'] });
    expect((await ask({ token: key.value })).json).toEqual({ active: false });
    expect((await ask({ token: key.value, cost: '1' })).json).toMatchObject({ code: 'ip_restricted' });
    expect((await ask({ token: key.value, client_ip: '' })).json, 'one without a value is left out').toEqual({
      active: false,
    });
    expect((await ask({ token: key.value, client_ip: '203.0.113.9' })).json).toMatchObject({ active: true });
  });

  it('row 13: a test token is active only where somebody asks for the test environment', async () => {
    const key = await house.mint({ environment: 'test' });
    expect((await ask({ token: key.value, environment: 'test' })).json).toMatchObject({ environment: 'test' });
    const live = await house.mint();
    expect((await ask({ token: live.value, environment: 'test' })).json).toEqual({ active: false });
  });

  it('ends what it says of a superseded token when its grace ends', async () => {
    const key = await house.mint();
    const rotated = await house.ask({
      method: 'POST',
      target: `/v1/tokens/${key.id}/rotate`,
      token: key.value,
      body: { grace_period: '1h' },
    });
    expect(rotated.status).toBe(201);
    expect((await ask({ token: key.value })).json).toMatchObject({ active: true, exp: house.time.now / 1000 + 3600 });
    house.time.now += 3_600_000;
    expect((await ask({ token: key.value })).json).toEqual({ active: false });
  });

  it('never takes the caller for the token that is asked about', async () => {
    const key = await house.mint();
    expect((await ask({ token: key.value })).json.jti).toBe(key.id);
    expect((await ask({ token: door.value })).json).toMatchObject({ jti: door.id, scope: 'keyhouse-tokens:verify' });
    expect((await ask({ token: door.value }, { token: key.value })).status).toBe(403);
    expect((await post('')).json).toMatchObject({ error: 'invalid_request', error_description: /token/ });
  });
});

describe('the client of introspection', () => {
  it('may send the id of its token and its value with HTTP Basic, form-encoded or not', async () => {
    const key = await house.mint();
    const encoded = basic(door.id.replaceAll('_', '%5F'), door.value.replaceAll('_', '%5f'));
    for (const line of [basic(door.id, door.value), encoded]) {
      const headers = [...FORM, ...line];
      const answer = await house.ask({
        method: 'POST',
        target: '/oauth/introspect',
        headers,
        body: form({ token: key.value }),
      });
      expect(answer.json).toMatchObject({ active: true, jti: key.id });
    }
  });

  it('is refused with 401 and a challenge when it is not who it says, in every profile alike', async () => {
    const key = await house.mint();
    const id = `Basic ${Buffer.from(`${door.id}:${door.value}`).toString('base64')}`;
    const wrong: [string, string[]][] = [
      ['invalid_client', basic(door.id, UNKNOWN)],
      ['invalid_client', basic(key.id, door.value)],
      ['invalid_client', basic('', door.value)],
      ['invalid_client', basic(door.id, '')],
      ['invalid_client', basic(door.id, `${door.value} x`)],
      ['invalid_client', basic(door.id, '%zz')],
      ['invalid_client', ['Authorization', 'Basic']],
      ['invalid_client', ['Authorization', `${id}=`]],
      ['invalid_client', ['Authorization', `${id},${id}`]],
      ['invalid_client', []],
      ['invalid_client', ['Authorization', 'Digest x']],
      ['invalid_token', ['Authorization', `Bearer ${UNKNOWN}`]],
    ];
    for (const [error, line] of wrong) {
      const answer = await house.ask({
        method: 'POST',
        target: '/oauth/introspect',
        headers: [...FORM, ...line],
        body: form({ token: key.value }),
      });
      expect(answer, line.join(' ')).toMatchObject({ status: 401, json: { error } });
      expect(answer.headers['WWW-Authenticate']).toMatch(error === 'invalid_token' ? /^Bearer / : /Basic realm="/);
      expect(answer.headers).toMatchObject({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    }
    const several = [...FORM, ...basic(door.id, door.value), ...basic(door.id, door.value)];
    const twice = await house.ask({ method: 'POST', target: '/oauth/introspect', headers: several, body: 'token=x' });
    expect(twice).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
  });

  it('row 18: learns nothing from which of id and value was wrong', async () => {
    const key = await house.mint();
    const refused = [basic(key.id, door.value), basic(door.id, UNKNOWN), basic('nobody', UNKNOWN)];
    const answers = await Promise.all(
      refused.map((line) =>
        house.ask({ method: 'POST', target: '/oauth/introspect', headers: [...FORM, ...line], body: 'token=x' }),
      ),
    );
    const plain = answers.map(({ status, body, headers: { 'X-Request-Id': _, ...headers } }) => ({
      status,
      body,
      headers,
    }));
    expect(plain[1]).toEqual(plain[0]);
    expect(plain[2]).toEqual(plain[0]);
  });

  it('is refused without the permission, at a limit of its own, and from a wrong address, in OAuth’s form', async () => {
    const plain = await house.mint();
    expect(await ask({ token: 'x' }, { token: plain.value })).toMatchObject({
      status: 403,
      json: { error: 'insufficient_scope' },
      headers: { 'WWW-Authenticate': expect.stringContaining('scope="keyhouse-tokens:verify"') },
    });
    const slow = await house.mint({
      permissions: ['keyhouse-tokens:verify'],
      limits: [{ name: 'hour', limit: 1, seconds: 3600 }],
      ip_allowlist: ['203.0.113.9'],
    });
    expect((await ask({ token: 'x' }, { token: slow.value })).headers.RateLimit).toContain('r=0');
    const limited = await ask({ token: 'x' }, { token: slow.value });
    expect(limited).toMatchObject({ status: 429, json: { error: 'rate_limited' } });
    expect(Number(limited.headers['Retry-After'])).toBeGreaterThan(0);
    const elsewhere = await ask({ token: 'x' }, { token: slow.value, peer: '198.51.100.7' });
    expect(elsewhere).toMatchObject({ status: 403, json: { error: 'ip_restricted' } });
  });

  it.each(Object.values(presets))('hears OAuth’s words also from $name', async (profile) => {
    const company = await openHouse(profile);
    try {
      const asked = { method: 'POST', target: '/oauth/introspect', headers: FORM, body: 'token=x' };
      expect(await company.ask(asked)).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
      const caller = await company.mint({ permissions: ['keyhouse-tokens:verify'] });
      const good = { ...asked, token: caller.value };
      expect((await company.ask(good)).json).toEqual({ active: false });
      expect(await company.ask({ ...good, body: 'tok=x' })).toMatchObject({
        status: 400,
        json: { error: 'invalid_request', error_description: expect.stringContaining('tok') },
      });
    } finally {
      await company.close();
    }
  });

  it('gets 503 and no word about the token while nothing can be decided', async () => {
    const dark = await openHouse();
    try {
      const caller = await dark.mint({ permissions: ['keyhouse-tokens:verify'] });
      const asked = { method: 'POST', target: '/oauth/introspect', token: caller.value, headers: FORM };
      expect((await dark.ask({ ...asked, body: form({ token: caller.value }) })).json.active).toBe(true);
      await dark.engine.store.close();
      const answer = await dark.ask({ ...asked, body: form({ token: door.value }) });
      expect(answer.status).toBe(503);
      expect(answer.json).toEqual({ error: 'temporarily_unavailable', error_description: expect.any(String) });
    } finally {
      await dark.close();
    }
  });
});

describe('the form of introspection', () => {
  it.each([
    ['a parameter twice', `token=${UNKNOWN}&token=${UNKNOWN}`],
    ['a parameter twice, spelled in two ways', `token=x&%74oken=y`],
    ['a parameter twice, once without a value', 'token=x&cost=&cost=1'],
    ['a parameter there is none of', 'token=x&required_scopes=servers%3Aread'],
    ['credentials of the client', `token=x&client_secret=${UNKNOWN}`],
    ['a name that is none', 'token=x&__proto__=y'],
    ['a token for a name', `${UNKNOWN}=x&token=y`],
    ['an escape that is none', 'token=%zz'],
    ['an escape that is not UTF-8', 'token=%ff'],
    ['a line break', 'token=x\r\n'],
    ['a raw character beyond ASCII', 'token=é'],
    ['no token', 'token_type_hint=access_token'],
    ['a token without a value', 'token='],
    ['an address that is none', 'token=x&client_ip=203.0.113.09'],
    ['a permission that is none', 'token=x&required_scope=servers'],
    ['a wildcard for a permission', 'token=x&required_scope=servers%3A*'],
    ['a cost that is none', 'token=x&cost=-1'],
    ['a cost beyond all measure', 'token=x&cost=1e9'],
    ['an environment there is none of', 'token=x&environment=prod'],
  ])('is refused with %s, and nothing of it is repeated', async (_what, body) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    expect(answer.json.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(`${answer.body}${house.logged()}`, 'row 19').not.toContain(UNKNOWN);
  });

  it('comes with its type and no larger than 64 KiB, and everything in the body', async () => {
    const json = ['Content-Type', 'application/json'];
    expect(await post('{"token":"x"}', { headers: json })).toMatchObject({ status: 415 });
    const utf8 = ['Content-Type', 'application/x-www-form-urlencoded;charset=UTF-8'];
    expect(await post('token=x', { headers: utf8 })).toMatchObject({ status: 200 });
    const latin = ['Content-Type', 'application/x-www-form-urlencoded; charset=iso-8859-1'];
    expect(await post('token=x', { headers: latin })).toMatchObject({
      status: 415,
      json: { error: 'invalid_request' },
    });
    expect(await post(`token=${'x'.repeat(65_536)}`)).toMatchObject({
      status: 413,
      json: { error: 'invalid_request' },
    });
    const inQuery = { target: '/oauth/introspect?cost=1' };
    expect(await post('token=x', inQuery)).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    const key = await house.mint();
    const leaked = await post('', { target: `/oauth/introspect?token=${key.value}` });
    expect(leaked, 'row 3').toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    expect(`${leaked.body}${house.logged()}`).not.toContain(key.value);
  });

  it('is answered to POST alone', async () => {
    const answer = await house.ask({ target: '/oauth/introspect', token: door.value });
    expect(answer).toMatchObject({ status: 405, headers: { Allow: 'POST, OPTIONS' } });
  });
});
