import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';
import { type AuthenticateResult, createAuthenticate } from './authenticate-request.ts';

describe('authenticate', () => {
  let house: House;
  let authenticate: ReturnType<typeof createAuthenticate>;
  beforeAll(async () => {
    house = await openHouse();
    authenticate = createAuthenticate(house.parts);
  });
  afterAll(() => house.close());

  const bearer = (token: string, ...more: string[]) => ({
    rawHeaders: ['Authorization', `Bearer ${token}`, ...more],
    url: '/v1/servers',
    method: 'GET',
    ip: '203.0.113.9',
  });

  it('gives the identity behind a token that may do what is needed', async () => {
    const { id, value } = await house.mint({ metadata: { pipeline: 7 } });
    const result = await authenticate(bearer(value), { permission: 'servers:read' });
    if (!result.allowed) throw new Error('refused');
    expect(result.identity).toMatchObject({
      id,
      name: 'test',
      environment: 'live',
      metadata: { pipeline: 7 },
      effective_permissions: ['servers:read'],
      owner: { external_id: 'user-42', metadata: { plan: 'gold' } },
      workspace: { external_id: 'org-7' },
      rate_limit: { limit: 1000, remaining: 999 },
    });
    expect(result.identity.can('servers:read')).toBe(true);
    expect(result.identity.can('servers:write')).toBe(false);
    expect(result.headers).toMatchObject({ 'X-RateLimit-Remaining': '999', Vary: 'Authorization' });
  });

  it('reads a fetch request, whose address it cannot know', async () => {
    const free = await house.mint();
    const bound = await house.mint({ ip_allowlist: ['203.0.113.0/24'] });
    const asking = (value: string) =>
      new Request('http://localhost/v1/servers?x=1', { headers: { authorization: `Bearer ${value}` } });
    expect(await authenticate(asking(free.value), { allOf: [] })).toMatchObject({ allowed: true });
    expect(await authenticate(asking(bound.value), { allOf: [] })).toMatchObject({
      denial: { reason: 'ip_restricted' },
    });
    expect(await authenticate(bearer(bound.value), { allOf: [] })).toMatchObject({ allowed: true });
  });

  it('names the missing permission and answers in the words of the profile', async () => {
    const { value } = await house.mint();
    const result = refused(await authenticate(bearer(value), { permission: 'servers:write' }));
    expect(result.denial).toEqual({ reason: 'insufficient_permissions', missing: ['servers:write'] });
    expect(result.response.status).toBe(403);
    expect(result.response.headers['WWW-Authenticate']).toMatch(/error="insufficient_scope".*scope="servers:write"/);
    expect(result.foreign).toBe(false);
  });

  it('takes one of several permissions', async () => {
    const { value } = await house.mint();
    expect(await authenticate(bearer(value), { anyOf: ['servers:write', 'servers:read'] })).toMatchObject({
      allowed: true,
    });
    const result = refused(await authenticate(bearer(value), { anyOf: ['servers:write', 'instances:read'] }));
    expect(result.denial.missing).toEqual(['servers:write', 'instances:read']);
  });

  it('tells what is not ours from what is ours and wrong', async () => {
    const foreign = async (rawHeaders: string[]) =>
      refused(await authenticate({ ...bearer(''), rawHeaders }, { allOf: [] })).foreign;
    expect(await foreign([])).toBe(true);
    expect(await foreign(['Authorization', 'Basic eDp5'])).toBe(true);
    expect(await foreign(['Authorization', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc'])).toBe(true);
    expect(await foreign(['Authorization', `Bearer kh_live_${'a'.repeat(32)}`])).toBe(false);
    expect(await foreign(['Authorization', 'Bearer'])).toBe(false);
  });

  it('takes a token from a further header, and the application keeps its Authorization', async () => {
    const { value } = await house.mint();
    const options = { permission: 'servers:read', headers: ['X-API-Key'] };
    const keyed = (...rawHeaders: string[]) => authenticate({ ...bearer(''), rawHeaders }, options);
    expect(await keyed('X-API-Key', value)).toMatchObject({ allowed: true });
    expect(await keyed('Authorization', 'Bearer some.jwt.value', 'x-api-key', value)).toMatchObject({ allowed: true });
    expect(await keyed('Authorization', `Bearer ${value}`, 'X-API-Key', value)).toMatchObject({
      denial: { reason: 'invalid_request' },
    });
  });

  it('row 13: a test token on a live route is invalid, and the other way round', async () => {
    const test = await house.mint({ environment: 'test' });
    expect(await authenticate(bearer(test.value), { allOf: [] })).toMatchObject({
      denial: { reason: 'invalid_token' },
    });
    expect(await authenticate(bearer(test.value), { allOf: [], environment: 'test' })).toMatchObject({ allowed: true });
  });

  it('says how long to wait when the limit is reached, and spends nothing on refusals', async () => {
    const { value } = await house.mint({ limits: [{ name: 'minute', limit: 2, seconds: 60 }] });
    for (let refusals = 0; refusals < 3; refusals++) await authenticate(bearer(value), { permission: 'servers:write' });
    expect(await authenticate(bearer(value), { allOf: [] })).toMatchObject({ allowed: true });
    expect(await authenticate(bearer(value), { allOf: [] })).toMatchObject({ allowed: true });
    const { denial, response } = refused(await authenticate(bearer(value), { allOf: [] }));
    expect(denial.reason).toBe('rate_limited');
    expect(response.status).toBe(429);
    expect(Number(response.headers['Retry-After'])).toBeGreaterThan(0);
    expect(Number(response.headers['Retry-After'])).toBeLessThanOrEqual(61);
    expect(response.headers).toMatchObject({
      'RateLimit-Policy': '"minute";q=2;w=60',
      'X-RateLimit-Limit': '2',
      'X-RateLimit-Remaining': '0',
    });
    expect(response.headers.RateLimit).toMatch(/^"minute";r=0;t=\d+$/);
  });

  it('shows what was checked when asked, and nothing about a token that is not valid', async () => {
    const { id, value } = await house.mint({
      ip_allowlist: ['203.0.113.9'],
      permissions: ['servers:read', 'instances:*'],
    });
    const debug = ['X-Debug-Auth', 'true'];
    const accepted = await authenticate(bearer(value, ...debug), { permission: 'servers:read' });
    if (!accepted.allowed) throw new Error('refused');
    expect(accepted.headers).toMatchObject({
      'X-Auth-Key-ID': id,
      'X-Auth-Permissions': 'servers:read,instances:*',
      'X-Auth-IP-Check': 'passed',
      'X-Auth-Rate-Limit': '999/1000',
    });
    const elsewhere = await authenticate({ ...bearer(value, ...debug), ip: '198.51.100.1' }, { allOf: [] });
    expect(refused(elsewhere).response.headers).toMatchObject({ 'X-Auth-Key-ID': id, 'X-Auth-IP-Check': 'failed' });
    const unlimited = await house.mint({ limits: 'unlimited' });
    const free = await authenticate(bearer(unlimited.value, ...debug), { allOf: [] });
    expect(free.allowed && free.headers).toMatchObject({
      'X-Auth-IP-Check': 'not-restricted',
      'X-Auth-Rate-Limit': 'unlimited',
    });
    const silent = await authenticate(bearer(value), { allOf: [] });
    expect(silent.allowed && Object.keys(silent.headers).some((name) => name.startsWith('X-Auth-'))).toBe(false);
  });

  it('row 18: an unknown and a revoked token get the same answer, debugging or not', async () => {
    const { engine } = house;
    const revoked = await house.mint();
    const { token } = (await engine.store.facts.findByTokenId(revoked.id)) ?? {};
    await engine.store.transact(({ tokens }) => tokens.update(token?.id as string, { revokedAt: engine.clock.now() }));
    const unknown = (await house.mint()).value;
    const other = unknown.slice(0, 9) === 'kh_live_0' ? '1' : '0';
    const { checksum } = await import('../token/index.ts');
    const random = other + unknown.slice(9, 34);
    const answerOf = async (value: string) => {
      const { response, requestId } = refused(await authenticate(bearer(value, 'X-Debug-Auth', 'true'), { allOf: [] }));
      return JSON.stringify(response).replaceAll(requestId, '');
    };
    const first = await answerOf(revoked.value);
    expect(first).toBe(await answerOf(`kh_live_${random}${checksum(random)}`));
    expect(first).toMatch(/invalid_token/);
  });

  it('row 99: whatever fails on the way is a refusal with a request id, and its text stays in the log', async () => {
    const other = await openHouse();
    const { value } = await other.mint();
    await other.engine.store.close();
    const result = refused(await createAuthenticate(other.parts)(bearer(value), { allOf: [] }));
    expect(result.response.status).toBe(503);
    expect(result.denial.reason).toBe('authority_unavailable');
    const [fault] = other.faults;
    expect(fault).toMatchObject({ requestId: result.requestId });
    expect(JSON.stringify(result)).not.toContain(String(fault?.error));
    await other.close();
  });

  it('refuses options that ask nothing, or ask for no permission', async () => {
    await expect(authenticate(bearer('x'), {})).rejects.toThrow(TypeError);
    await expect(authenticate(bearer('x'), { permission: 'servers:*' })).rejects.toThrow(/servers:\*/);
    await expect(authenticate(bearer('x'), { permission: 'servers' })).rejects.toThrow(TypeError);
    await expect(authenticate(bearer('x'), { allOf: [], cost: -1 })).rejects.toThrow(TypeError);
  });
});

function refused(result: AuthenticateResult): Extract<AuthenticateResult, { allowed: false }> {
  if (result.allowed) throw new Error('accepted');
  return result;
}
