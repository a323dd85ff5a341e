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
    dashboard = createDashboard({
      ...house.parts,
      apiUrl: () => 'http://127.0.0.1:8000',
      isSetUp: house.isSetUp,
      sessions: house.sessions,
    });
    const code = await issueSetupCode(house.engine);
    await ask({ method: 'POST', target: '/v1/setup', body: { code, ...ADA, workspace: 'Example Ltd' } });
  });
  afterAll(() => house.close());

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
});
