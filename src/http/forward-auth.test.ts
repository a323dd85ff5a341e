import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';
import { parseIpAllowlist } from '../policy/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';

const PROXY = '10.0.0.1';
const profile: Profile = {
  ...keyhouse,
  cors: { origins: ['https://app.example.com'] },
  routes: [
    { methods: ['GET'], path: '/v1/servers', permissions: ['servers:read'], environment: 'live', cost: 1 },
    { methods: ['POST'], path: '/v1/servers', permissions: ['servers:write'], environment: 'live', cost: 1 },
    { methods: ['GET'], path: '/v1/reports', permissions: ['servers:read'], environment: 'live', cost: 100 },
  ],
};

describe('/forward-auth', () => {
  let house: House;
  let token: string;
  let id: string;
  beforeAll(async () => {
    const proxies = parseIpAllowlist([PROXY]);
    if (!proxies.ok) throw new Error('no list');
    house = await openHouse(profile, () => ({
      trust: { trustedProxies: proxies.list, header: 'x-forwarded-for' },
      forwardAuth: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
    }));
    ({ id, value: token } = await house.mint());
  });
  afterAll(() => house.close());

  const told = (method: string, uri: string, ...more: string[]) => [
    ...['X-Forwarded-Method', method, 'X-Forwarded-Uri', uri, 'X-Forwarded-For', '203.0.113.9'],
    ...more,
  ];
  const ask = (headers: string[], more: { target?: string; method?: string; token?: string; peer?: string } = {}) =>
    house.ask({ target: '/forward-auth', peer: PROXY, token, ...more, headers });

  it('lets pass what the rules allow, and says who is asking', async () => {
    const answer = await ask(told('GET', '/v1/servers?page=2'));
    expect(answer).toMatchObject({ status: 200, body: null });
    expect(answer.headers).toMatchObject({
      'Keyhouse-Token': id,
      'Keyhouse-Owner': 'user-42',
      'Keyhouse-Workspace': 'org-7',
      'Keyhouse-Permissions': 'servers:read',
      'Keyhouse-Environment': 'live',
      'Keyhouse-Request': answer.headers['X-Request-Id'],
      'X-RateLimit-Limit': '1000',
    });
  });

  it('refuses in the words of the profile, which go to the client as they are, so without an identity', async () => {
    const denied = await ask(told('POST', '/v1/servers'));
    expect(denied.status).toBe(403);
    expect(denied.json).toMatchObject({ code: 'insufficient_permissions', missing: ['servers:write'] });
    expect(denied.headers['WWW-Authenticate']).toMatch(/scope=/);
    expect(Object.keys(denied.headers).join()).not.toMatch(/keyhouse/i);
    const anonymous = await house.ask({ target: '/forward-auth', peer: PROXY, headers: told('GET', '/v1/servers') });
    expect(anonymous.json.code).toBe('authentication_required');
    expect((await ask(told('GET', '/v1/elsewhere'))).json.code).toBe('no_matching_rule');
    expect((await ask(told('GET', '/v1/../v1/servers'))).json.code).toBe('ambiguous_path');
  });

  it('row 47: is never an answer for anybody else', async () => {
    for (const headers of [told('GET', '/v1/servers'), told('POST', '/v1/servers')]) {
      const answer = await ask(headers);
      expect(answer.headers).toMatchObject({ 'Cache-Control': 'no-store' });
      expect(answer.headers.Vary).toMatch(/^Authorization/);
    }
  });

  it('row 43: is not there for anybody but trusted proxies, whatever they say', async () => {
    for (const target of ['/forward-auth', '/forward-auth/envoy/v1/servers', '/forward-auth/needs/servers:read']) {
      const answer = await ask(told('GET', '/v1/servers'), { target, peer: '203.0.113.9' });
      expect(answer.json).toEqual({
        ...(await house.ask({ target: '/nowhere', token })).json,
        request_id: expect.any(String),
      });
    }
    const open = await openHouse(profile, () => ({ forwardAuth: { method: 'a', uri: 'b' } }));
    expect((await open.ask({ target: '/forward-auth', peer: PROXY })).status).toBe(404);
    await open.close();
  });

  it.each([
    ['no method', ['X-Forwarded-Uri', '/v1/servers']],
    ['an empty method', ['X-Forwarded-Method', '', 'X-Forwarded-Uri', '/v1/servers']],
    ['two methods', told('GET', '/v1/servers', 'X-Forwarded-Method', 'GET')],
    ['no path', ['X-Forwarded-Method', 'GET']],
    ['two paths', told('GET', '/v1/servers', 'x-forwarded-uri', '/v1/servers')],
    ['another pair of headers', ['X-Original-Method', 'GET', 'X-Original-URI', '/v1/servers']],
    ['a whole URL', told('GET', 'https://api.example.com/v1/servers')],
  ])('rows 40 and 43: refuses where the proxy tells %s', async (_what, headers) => {
    for (const target of ['/forward-auth', '/forward-auth/needs/servers:read']) {
      const answer = await ask(headers, { target });
      expect([answer.status, answer.json.code]).toEqual([403, 'ambiguous_path']);
    }
  });

  it('row 40: takes the method from its one header, and no override for it', async () => {
    const overrides = ['X-HTTP-Method-Override', 'GET', 'X-Original-Method', 'GET', 'X-Method-Override', 'GET'];
    const answer = await ask(told('POST', '/v1/servers?_method=GET', ...overrides), { method: 'GET' });
    expect(answer.json.code).toBe('insufficient_permissions');
    expect((await ask(told('HEAD', '/v1/servers'))).status).toBe(200);
    for (const method of ['OPTIONS', 'TRACE', 'get']) {
      expect((await ask(told(method, '/v1/servers'))).json.code, method).toBe('no_matching_rule');
    }
  });

  it('asks for permissions that the proxy names, and takes none from the query of a client', async () => {
    const target = '/forward-auth/needs/servers:read';
    expect((await ask(told('POST', '/anything'), { target })).status).toBe(200);
    expect((await ask(told('POST', '/any/%2e%2e/thing'), { target })).json.code).toBe('ambiguous_path');
    const both = await ask(told('GET', '/anything'), { target: `${target},servers:write` });
    expect(both.json.missing).toEqual(['servers:write']);
    const query = await ask(told('POST', '/v1/servers'), { target: '/forward-auth?permission=servers:read' });
    expect(query.json.code).toBe('insufficient_permissions');
    for (const wrong of ['', 'servers', 'servers:*', 'servers:read,', 'servers:read/x']) {
      expect((await ask(told('GET', '/'), { target: `/forward-auth/needs/${wrong}` })).status, wrong).toBe(404);
    }
  });

  it('answers Envoy for the method and path it asks with', async () => {
    const from = ['X-Forwarded-For', '203.0.113.9', 'X-Forwarded-Method', 'GET'];
    const envoy = (method: string, path: string) => ask(from, { method, target: `/forward-auth/envoy${path}` });
    expect((await envoy('GET', '/v1/servers?page=2')).status).toBe(200);
    expect((await envoy('POST', '/v1/servers')).json.code).toBe('insufficient_permissions');
    expect((await envoy('GET', '//v1/servers')).json.code).toBe('ambiguous_path');
    expect((await envoy('GET', '')).status).toBe(404);
    expect((await ask(from, { target: '/forward-authority' })).status).toBe(404);
  });

  it('row 44: answers nginx with statuses it knows, and tells the meant one and the words as headers', async () => {
    const nginx = (headers: string[], more: object = {}) =>
      ask(headers, { target: '/forward-auth?mode=nginx', ...more });
    expect((await nginx(told('GET', '/v1/servers'))).status).toBe(200);
    const anonymous = await house.ask({
      target: '/forward-auth?mode=nginx',
      peer: PROXY,
      headers: told('GET', '/v1/servers'),
    });
    expect(anonymous.status).toBe(401);
    const malformed = await nginx(told('GET', '/v1/servers', 'Authorization', 'Bearer x'));
    expect([malformed.status, malformed.headers['X-Auth-Status']]).toEqual([403, '400']);
    const other = await house.mint({ name: 'small' });
    await nginx(told('GET', '/v1/reports'), { token: other.value });
    const limited = await nginx(told('GET', '/v1/servers'), { token: other.value });
    expect(limited.status).toBe(403);
    expect(limited.headers).toMatchObject({ 'X-Auth-Status': '429', 'Retry-After': expect.stringMatching(/^\d+$/) });
    expect(limited.headers['X-Auth-Body']).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(limited.headers['X-Auth-Body'] as string)).toEqual(limited.json);
  });

  it('row 45: answers 503 while decisions cannot be taken, also to nginx', async () => {
    const { trust } = house.parts;
    const own = await openHouse(profile, () => ({ trust, forwardAuth: { method: 'm', uri: 'u' } }));
    const { value } = await own.mint();
    await own.engine.store.close();
    const unable = (target: string) =>
      own.ask({ target, peer: PROXY, token: value, headers: ['M', 'GET', 'U', '/v1/servers'] });
    expect((await unable('/forward-auth')).status).toBe(503);
    const nginx = await unable('/forward-auth?mode=nginx');
    expect([nginx.status, nginx.headers['X-Auth-Status']]).toEqual([403, '503']);
    expect(nginx.headers['Retry-After']).toMatch(/^\d+$/);
    await own.close();
  });

  it('rows 31 to 36: knows the client by the one header, and refuses restricted tokens where it is missing', async () => {
    const restricted = await house.mint({ ip_allowlist: ['203.0.113.9', PROXY] });
    const from = (...lines: string[]) =>
      ask(['X-Forwarded-Method', 'GET', 'X-Forwarded-Uri', '/v1/servers', ...lines], { token: restricted.value });
    expect((await from('X-Forwarded-For', '203.0.113.9')).status).toBe(200);
    for (const spelling of [
      '::FFFF:203.0.113.9',
      '::ffff:cb00:7109',
      '0:0:0:0:0:ffff:cb00:7109',
      '203.0.113.9, 10.0.0.1',
    ]) {
      expect((await from('X-Forwarded-For', spelling)).status, spelling).toBe(200);
    }
    for (const lines of [
      [],
      ['X-Real-IP', '203.0.113.9'],
      ['X-Forwarded-For', '198.51.100.1'],
      ['X-Forwarded-For', '203.0.113.9, 198.51.100.1'],
      ['X-Forwarded-For', '::203.0.113.9'],
      ['X-Forwarded-For', '64:ff9b::cb00:7109'],
      ['X-Forwarded-For', '2002:cb00:7109::1'],
      ['X-Forwarded-For', '::ffff:0:203.0.113.9'],
      ['X-Forwarded-For', '0203.0.113.9'],
      ['X-Forwarded-For', '203.0.113.9:80'],
      ['X-Forwarded-For', ''],
      ['X_Forwarded_For', '203.0.113.9'],
      ['X-Forwarded-For', '203.0.113.9, nonsense'],
      ['X-Forwarded-For', '203.0.113.9', 'X-Forwarded-For', '198.51.100.1'],
    ]) {
      expect((await from(...lines)).json?.code, lines.join()).toBe('ip_restricted');
    }
  });

  it('answers a preflight that a proxy hands over from the profile, without a token', async () => {
    const from = (origin: string) => ['Origin', origin, 'Access-Control-Request-Method', 'GET'];
    const preflight = (headers: string[], more: object = {}) =>
      house.ask({ method: 'OPTIONS', target: '/forward-auth/preflight', peer: PROXY, headers, ...more });
    const answer = await preflight(from('https://app.example.com'));
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'Access-Control-Allow-Origin': 'https://app.example.com',
      'Access-Control-Allow-Methods': expect.stringContaining('DELETE'),
    });
    const other = await preflight(from('https://evil.example'));
    expect(other.headers).not.toHaveProperty('Access-Control-Allow-Methods');
    const envoy = await preflight(from('https://app.example.com'), { target: '/forward-auth/envoy/v1/servers' });
    expect([envoy.status, envoy.headers['Access-Control-Allow-Methods']]).toEqual([204, expect.any(String)]);
    const plain = await preflight(['X-Forwarded-For', '203.0.113.9'], { target: '/forward-auth/envoy/v1/servers' });
    expect(plain.status).toBe(401);
    expect((await preflight([])).status).toBe(404);
    expect((await preflight(from('https://app.example.com'), { peer: '203.0.113.9' })).status).toBe(404);
  });
});
