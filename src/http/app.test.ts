import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';

describe('the HTTP API', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  it('says that it is alive to anybody', async () => {
    const answer = await house.ask({ target: '/healthz' });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ status: 'ok' });
  });

  it('creates, reads, lists and revokes a token for its bearer', async () => {
    const admin = await house.mint({ permissions: ['keyhouse-tokens:*', 'keyhouse-owners:act-as'] });
    const created = await house.ask({
      method: 'POST',
      target: '/v1/tokens',
      token: admin.value,
      body: { name: 'ci', permissions: ['servers:read'], owner: { external_id: 'user-42' } },
    });
    expect(house.faults).toEqual([]);
    expect(created.status).toBe(201);
    expect(created.json.value).toMatch(/^kh_live_/);
    expect(created.headers['Cache-Control']).toBe('no-store');
    const test = await house.ask({ target: '/v1/auth/test', token: created.json.value });
    expect(test.json).toMatchObject({ authenticated: true, key_id: created.json.id, permissions: ['servers:read'] });
    expect(test.headers.RateLimit).toMatch(/^"hour";r=999;t=\d+,"minute";r=99;t=\d+$/);
    const revoked = await house.ask({ method: 'DELETE', target: `/v1/tokens/${created.json.id}`, token: admin.value });
    expect(revoked.status).toBe(200);
    const after = await house.ask({ target: '/v1/auth/test', token: created.json.value });
    expect(after.status).toBe(401);
    expect(after.json.code).toBe('invalid_token');
  });
});
