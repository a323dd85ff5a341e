import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorRequest, type House, openHouse } from '../../test/http/house.ts';
import { issueSetupCode } from '../people/index.ts';
import { keyhouse } from '../profile/index.ts';
import { createDashboard } from './dashboard.ts';

describe('the listener for people', () => {
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
  });
  afterAll(() => house.close());

  const HOST = ['Host', 'localhost:4300', 'Origin', 'http://localhost:4300'];
  const HERE = [...HOST, 'Sec-Fetch-Site', 'same-origin', 'Keyhouse-Dashboard', '1'];
  const ask = (asked: Parameters<typeof doorRequest>[0]) => dashboard(doorRequest(asked));

  it('sets up its first administrator, once', async () => {
    const code = await issueSetupCode(house.engine);
    const body = { code, email: 'ada@example.com', password: 'four words of my own', workspace: 'Example Ltd' };
    const made = await ask({ method: 'POST', target: '/v1/setup', body, headers: HERE });
    expect(made.status).toBe(201);
    expect(JSON.parse(String(made.body)).token.value).toMatch(/^kh_live_/);
    expect((await ask({ method: 'POST', target: '/v1/setup', body, headers: HERE })).status).toBe(409);
  });

  it('row 100d: takes a set-up from its own page only', async () => {
    const setUp = async (headers: string[]) =>
      (await ask({ method: 'POST', target: '/v1/setup', body: {}, headers })).status;
    expect(await setUp(['Host', 'localhost:4300'])).toBe(403);
    expect(await setUp(['Host', 'localhost:4300', 'Origin', 'https://evil.example'])).toBe(403);
    expect(await setUp(['Host', 'localhost:4300', 'Origin', 'null'])).toBe(403);
    expect(await setUp([...HOST, 'Sec-Fetch-Site', 'cross-site', 'Keyhouse-Dashboard', '1'])).toBe(403);
    expect(await setUp(HERE)).toBe(400);
    expect(
      (await ask({ method: 'OPTIONS', target: '/v1/setup', headers: ['Origin', 'https://evil.example'] })).status,
    ).toBe(403);
  });

  it('says whether it is there', async () => {
    expect((await ask({ target: '/healthz' })).status).toBe(200);
  });
});
