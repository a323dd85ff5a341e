import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AskedRequest, doorRequest, type House, openHouse } from '../../../test/http/house.ts';
import { issueSetupCode, SESSION_IDLE_MS, SESSION_LIFETIME_MS } from '../../people/index.ts';
import { keyhouse } from '../../profile/index.ts';
import { createDashboard } from '../dashboard.ts';

const HERE = ['Host', 'localhost:4300', 'Origin', 'http://localhost:4300', 'Sec-Fetch-Site', 'same-origin'];
const OURS = [...HERE, 'Keyhouse-Dashboard', '1'];
const ADA = { email: 'ada@example.com', password: 'four words of my own' };

describe('signing in at the dashboard', () => {
  let house: House;
  let dashboard: ReturnType<typeof createDashboard>;
  beforeAll(async () => {
    house = await openHouse({ ...keyhouse, cors: { origins: '*' } }, undefined, false);
    dashboard = dashboardAt(null);
    const code = await issueSetupCode(house.engine);
    await ask({ method: 'POST', target: '/v1/setup', body: { code, ...ADA, workspace: 'Example Ltd' } });
  });
  afterAll(() => house.close());

  const dashboardAt = (url: string | null) =>
    createDashboard({
      ...house.parts,
      engine: { ...house.parts.engine, dashboardUrl: () => url },
      apiUrl: () => 'http://127.0.0.1:8000',
      isSetUp: house.isSetUp,
      sessions: house.sessions,
    });
  const ask = async (asked: AskedRequest & { readonly cookie?: string }) => {
    const headers = asked.headers ?? OURS;
    const cookies = asked.cookie === undefined ? [] : ['Cookie', asked.cookie];
    const answer = await dashboard(doorRequest({ ...asked, headers: [...headers, ...cookies] }));
    return { ...answer, json: JSON.parse(String(answer.body)) };
  };
  const signIn = async (body: object = ADA) => {
    const answer = await ask({ method: 'POST', target: '/v1/sessions', body });
    return { ...answer, cookie: (answer.cookies ?? []).map((line) => line.split(';')[0]).join('; ') };
  };

  it('answers who one is, and forgets it after signing out (row 100c)', async () => {
    const { status, json, cookie, cookies } = await signIn();
    expect(status).toBe(201);
    expect(cookies?.[0]).toMatch(/^keyhouse=khse_live_\w+; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(JSON.stringify(json)).not.toContain('khse_');
    const me = await ask({ target: '/v1/session', cookie });
    expect(me.json).toEqual(json.session);
    expect(me.json).toMatchObject({
      user: { email: ADA.email, second_factor: false },
      workspace: { name: 'Example Ltd', is_home: true, roles: ['admin'] },
      permissions: { grantable: 'any' },
    });
    expect(me.json.permissions.management).toContain('keyhouse-tokens:write');
    const out = await ask({ method: 'DELETE', target: '/v1/session', cookie });
    expect(out.status).toBe(200);
    expect(out.cookies?.[0]).toMatch(/^keyhouse=; Max-Age=0/);
    expect((await ask({ target: '/v1/session', cookie })).status).toBe(401);
  });

  it('performs operations as the user', async () => {
    const { cookie } = await signIn();
    const made = await ask({
      method: 'POST',
      target: '/v1/tokens',
      body: { name: 'own', permissions: ['servers:read'] },
      cookie,
    });
    expect(made.json).toMatchObject({ owner: { email: ADA.email }, created_by: { kind: 'user' } });
    expect((await ask({ target: '/v1/tokens', cookie })).json.data).not.toHaveLength(0);
    expect((await ask({ target: '/v1/tokens' })).status).toBe(401);
  });

  it('row 100c: a session ends unused after an hour, and used after a day', async () => {
    const { cookie } = await signIn();
    const start = house.time.now;
    house.time.now = start + SESSION_IDLE_MS;
    expect((await ask({ target: '/v1/session', cookie })).status).toBe(401);
    const used = await signIn();
    const began = house.time.now;
    while (house.time.now < began + SESSION_LIFETIME_MS) {
      expect((await ask({ target: '/v1/session', cookie: used.cookie })).status).toBe(200);
      const { store } = house.engine;
      // The note of a use is written beside the answer: a write that comes after it has been seen.
      await store.transact(async () => {});
      house.time.now += SESSION_IDLE_MS / 2;
    }
    expect((await ask({ target: '/v1/session', cookie: used.cookie })).status).toBe(401);
    house.time.now = start;
  });

  it('row 100d: takes changes from its own pages only, and says nothing to any other origin', async () => {
    const { cookie } = await signIn();
    const create = (headers: readonly string[], body: unknown = { name: 'x', permissions: [] }) =>
      ask({ method: 'POST', target: '/v1/tokens', headers, body, cookie });
    const refused: readonly (readonly string[])[] = [
      HERE,
      ['Host', 'localhost:4300', 'Keyhouse-Dashboard', '1'],
      ['Host', 'localhost:4300', 'Origin', 'https://evil.example', 'Keyhouse-Dashboard', '1'],
      ['Host', 'localhost:4300', 'Origin', 'null', 'Keyhouse-Dashboard', '1'],
      [...HERE.slice(0, 4), 'Sec-Fetch-Site', 'same-site', 'Keyhouse-Dashboard', '1'],
      [...OURS, 'Keyhouse-Dashboard', '1'],
    ];
    for (const headers of refused) {
      const answer = await create(headers);
      expect([answer.status, answer.json.code], headers.join(' ')).toEqual([403, 'cross_origin']);
      expect(Object.keys(answer.headers).filter((name) => /^access-control/i.test(name))).toEqual([]);
    }
    const login = await ask({ method: 'POST', target: '/v1/sessions', headers: HERE, body: ADA });
    expect(login.status, 'sign-in by another site').toBe(403);
    const form = await create([...OURS, 'Content-Type', 'application/x-www-form-urlencoded'], 'name=x');
    expect(form.status).toBe(415);
    expect((await create(OURS)).status).toBe(201);
  });

  it('row 100d: a token means nothing here, and a cookie nothing at the API', async () => {
    const { cookie } = await signIn();
    const { json } = await ask({
      method: 'POST',
      target: '/v1/tokens',
      body: { name: 'x', permissions: ['keyhouse-tokens:read'] },
      cookie,
    });
    expect(
      (await ask({ target: '/v1/tokens', headers: [...HERE, 'Authorization', `Bearer ${json.value}`] })).status,
    ).toBe(401);
    expect((await house.ask({ target: '/v1/tokens', token: json.value })).status).toBe(200);
    expect((await house.ask({ target: '/v1/tokens', headers: ['Cookie', cookie] })).status).toBe(401);
    expect((await house.ask({ target: '/v1/session', headers: ['Cookie', cookie] })).status).toBe(404);
    const value = /keyhouse=([^;]+)/.exec(cookie)?.[1] as string;
    expect((await house.ask({ target: '/v1/tokens', token: value })).json.code).toBe('invalid_token');
  });

  it('row 100c: over TLS the cookies are of this host alone, and those of plain HTTP mean nothing', async () => {
    const { cookie } = await signIn();
    const overTls = async (asked: AskedRequest) => {
      const answer = await dashboard({ ...doorRequest(asked), isEncrypted: true });
      return { ...answer, json: JSON.parse(String(answer.body)) };
    };
    const headers = ['Host', 'keys.example.com', 'Origin', 'https://keys.example.com', 'Keyhouse-Dashboard', '1'];
    const { cookies = [] } = await overTls({ method: 'POST', target: '/v1/sessions', body: ADA, headers });
    for (const line of cookies) expect(line).toMatch(/^__Host-keyhouse.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    const mine = cookies.map((line) => line.split(';')[0]).join('; ');
    expect((await overTls({ target: '/v1/session', headers: ['Cookie', mine] })).status).toBe(200);
    expect((await overTls({ target: '/v1/session', headers: ['Cookie', cookie] })).status).toBe(401);
    expect((await overTls({ target: '/v1/session', headers: ['Cookie', `${mine}; ${mine}`] })).status).toBe(401);
    expect((await overTls({ target: '/v1/dashboard' })).json.insecure).toBe(false);
    expect((await ask({ target: '/v1/dashboard' })).json).toMatchObject({ insecure: true, is_set_up: true });
  });

  it('row 100c: a proxy that does not say so costs the cookies nothing where the dashboard’s address is one of TLS', async () => {
    const behind = dashboardAt('https://keys.example.com');
    const headers = ['Host', 'keys.example.com', 'Origin', 'https://keys.example.com', 'Keyhouse-Dashboard', '1'];
    const { cookies = [] } = await behind(doorRequest({ method: 'POST', target: '/v1/sessions', body: ADA, headers }));
    expect(cookies.length).toBeGreaterThan(0);
    for (const line of cookies) expect(line).toMatch(/^__Host-keyhouse.*; Secure$/);
  });

  it('row 100c: signing in again is a new session, and the one before is over', async () => {
    const first = await signIn();
    const second = await ask({ method: 'POST', target: '/v1/sessions', body: ADA, cookie: first.cookie });
    expect(second.cookies?.[0]).not.toBe(first.cookies?.[0]);
    expect((await ask({ target: '/v1/session', cookie: first.cookie })).status).toBe(401);
  });

  it('row 100a: says when the next attempt is looked at', async () => {
    for (let count = 0; count < 5; count++) {
      expect((await signIn({ email: 'eve@example.com', password: 'wrong' })).json.code).toBe('invalid_sign_in');
    }
    const { status, headers, json } = await signIn({ email: 'eve@example.com', password: 'wrong' });
    expect([status, headers['Retry-After'], json.code]).toEqual([429, '1', 'rate_limited']);
    expect(house.events.at(-1)).toMatchObject({ event: 'sign_in_refused', ip: '203.0.113.9' });
    expect(house.logged()).not.toContain('eve@');
  });

  it('row 30: answers alike what is not there and what is not one’s own', async () => {
    const { cookie } = await signIn();
    const gone = await ask({ method: 'DELETE', target: '/v1/sessions/ses_0000000000000000000000', cookie });
    expect(gone.json.ended_ids).toEqual([]);
    expect((await ask({ target: '/v1/nothing', cookie })).status).toBe(404);
    expect((await ask({ method: 'POST', target: '/oauth/introspect', body: {}, cookie })).status).toBe(404);
  });
});
