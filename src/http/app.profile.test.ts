import { describe, expect, it } from 'vitest';
import { openHouse } from '../../test/http/house.ts';
import { deployerp, keyhouse } from '../profile/index.ts';

const MANAGEMENT = ['keyhouse-tokens:*', 'keyhouse-owners:*', 'keyhouse-audit:*', 'keyhouse-profile:*'];

describe('the HTTP API under a profile', () => {
  it('lives at the paths of the profile and speaks with its field names', async () => {
    const house = await openHouse({ ...deployerp, catalogue: 'open' });
    const admin = (await house.mint({ permissions: MANAGEMENT })).value;
    const create = (body: object) =>
      house.ask({
        method: 'POST',
        target: '/v1/api-keys',
        token: admin,
        body: { owner: { external_id: 'user-42' }, ...body },
      });
    const created = await create({ name: 'ci', permissions: ['servers:read'], ip_whitelist: ['203.0.113.0/24'] });
    expect(created.status).toBe(201);
    expect(created.json.ip_whitelist).toEqual(['203.0.113.0/24']);
    expect(created.json).not.toHaveProperty('ip_allowlist');
    expect(created.json.id).toMatch(/^key_/);
    const canonical = await create({ name: 'ci', permissions: [], ip_allowlist: ['203.0.113.0/24'] });
    expect(canonical.json.ip_whitelist).toEqual(['203.0.113.0/24']);
    const listed = await house.ask({ target: '/v1/api-keys?limit=1', token: admin });
    expect(listed.json.data[0]).toHaveProperty('ip_whitelist');
    const both = await create({
      name: 'ci',
      permissions: [],
      ip_whitelist: ['203.0.113.1'],
      ip_allowlist: ['203.0.113.2'],
    });
    expect(both.json.error).toMatchObject({ code: 'invalid_input', status: 400 });
    expect(JSON.stringify(both.json)).toMatch(/same field/);
    const agreed = await create({ name: 'ci', permissions: [], auto_rotate: false, rotation_enabled: false });
    expect(agreed.status).toBe(201);
    const wrong = await create({ name: 'ci', permissions: [], ip_whitelist: ['nowhere'] });
    expect(JSON.stringify(wrong.json)).toContain('ip_whitelist.0');
    expect((await house.ask({ target: '/v1/tokens', token: admin })).json.error.code).toBe('not_found');
    await house.close();
  });

  it('lets browsers of the named origins read every answer, and asks no token for a preflight', async () => {
    const house = await openHouse({ ...keyhouse, cors: { origins: ['https://app.example.com'] } });
    const from = (origin: string) => ['Origin', origin, 'Access-Control-Request-Method', 'DELETE'];
    const preflight = await house.ask({
      method: 'OPTIONS',
      target: '/v1/tokens/x',
      headers: from('https://app.example.com'),
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'Access-Control-Allow-Origin': 'https://app.example.com',
      'Access-Control-Allow-Methods': 'GET, HEAD, PATCH, DELETE, OPTIONS',
      'Access-Control-Allow-Headers': expect.stringContaining('Authorization'),
      Vary: 'Origin',
    });
    const denied = await house.ask({ target: '/v1/tokens', headers: ['Origin', 'https://app.example.com'] });
    expect(denied.status).toBe(401);
    expect(denied.headers).toMatchObject({
      'Access-Control-Allow-Origin': 'https://app.example.com',
      'Access-Control-Expose-Headers': expect.stringContaining('RateLimit'),
      Vary: expect.stringContaining('Origin'),
    });
    const other = await house.ask({ method: 'OPTIONS', target: '/v1/tokens', headers: from('https://evil.example') });
    expect(other.headers).not.toHaveProperty('Access-Control-Allow-Origin');
    for (const { headers } of [preflight, denied])
      expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
    await house.close();
    const open = await openHouse({ ...keyhouse, cors: { origins: '*' } });
    const any = await open.ask({ target: '/v1/tokens', headers: ['Origin', 'https://anybody.example'] });
    expect(any.headers['Access-Control-Allow-Origin']).toBe('*');
    await open.close();
  });
});
