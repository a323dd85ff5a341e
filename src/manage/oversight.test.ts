import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  createServiceAccount,
  createToken,
  findPastedToken,
  listAuditEvents,
  listRoles,
  listTokens,
  putOwner,
  readOverview,
  readTokenUsage,
  revokeToken,
  tryToken,
  updateToken,
} from './index.ts';

const DAY = 86_400_000;
const SEES = ['keyhouse-tokens:read', 'keyhouse-denials:read', 'keyhouse-audit:read'];
const HOUR_LIMIT = { limits: [{ name: 'hour', limit: 2, seconds: 3600 }] };

describe('overview, finding and trying', () => {
  let house: TestEngine;
  let ada: Awaited<ReturnType<typeof externalToken>>;
  let bob: Awaited<ReturnType<typeof externalToken>>;
  let watcher: string;
  let admin: string;
  let home: { readonly id: string };
  beforeAll(async () => {
    house = await testEngine();
    ({ token: admin, workspace: home } = await becomeAdmin(house));
    ada = await externalToken(house, { externalId: 'ada', workspace: 'one', may: ['servers:read'] });
    bob = await externalToken(house, { externalId: 'bob', workspace: 'two', may: ['servers:read'] });
    ({ value: watcher } = await workspaceManager(house, 'one', SEES));
    for (let uses = 0; uses < 3; uses++) await house.verdict(ada.value, ['servers:read']);
    await house.verdict(ada.value, ['servers:write']);
    await house.verdict(bob.value, ['servers:write']);
  });
  afterAll(() => house.close());

  it('sums what happened lately, the last second included, over the tokens within reach alone', async () => {
    const all = await house.asHost(readOverview, {});
    expect(all.unit).toBe('hour');
    expect(all.time).toHaveLength(24);
    expect(all.time.at(-1)).toMatchObject({ accepted: all.accepted, refused: 2 });
    expect(all.refused_by_reason).toEqual([{ reason: 'insufficient_permissions', count: 2 }]);
    expect(all.top_refused.map(({ token }) => token.id).sort()).toEqual([ada.token.id, bob.token.id].sort());

    const one = await house.asBearer(watcher, readOverview, { period: '30d' });
    expect(one).toMatchObject({ unit: 'day', refused: 1 });
    expect(one.time).toHaveLength(30);
    expect(one.top_refused).toMatchObject([{ token: { id: ada.token.id, name: 'for ada' }, count: 1 }]);
    expect(JSON.stringify(one)).not.toContain('bob');

    const own = await house.asBearer(ada.value, readOverview, {});
    expect(own).toMatchObject({ refused: 1, unrecognised_by_reason: null, tokens: { working: 1 } });
  });

  it('counts exactly what the lists behind its numbers show', async () => {
    const soon = await externalToken(house, {
      externalId: 'soon',
      workspace: 'one',
      may: ['servers:read'],
      token: { expires_in: '7d' },
    });
    const left = await externalToken(house, { externalId: 'left', workspace: 'one', may: ['servers:read'] });
    await house.asHost(putOwner, { external_id: 'left', disabled: true });
    const { tokens } = await house.asHost(readOverview, {});
    const listed = async (filter: object) =>
      (await house.asHost(listTokens, { live: 'true', limit: 100, ...filter })).data.map(({ id }) => id);
    expect((await listed({})).length).toBe(tokens.working);
    expect(await listed({ expires_within: '30d' })).toEqual([soon.token.id]);
    expect(await listed({ owner_ended: 'true' })).toEqual([left.token.id]);
    expect((await listed({ never_expires: 'true' })).length).toBe(tokens.never_expire);
    expect(tokens).toMatchObject({ expiring: 1, owner_ended: 1, unused: 0 });
    house.clock.advance(90 * DAY + 1);
    const later = await house.asHost(readOverview, {});
    expect((await listed({ unused_for: '90d' })).length).toBe(later.tokens.unused);
    expect(later.accepted + later.refused).toBe(0);
  });

  it('row 30: finds the token of a value within reach, and says of all others the same', async () => {
    expect(await house.asBearer(watcher, findPastedToken, { token: ` Bearer ${ada.value}\n` })).toMatchObject({
      id: ada.token.id,
      name: 'for ada',
    });
    expect(await house.asBearer(ada.value, findPastedToken, { token: ada.value })).toMatchObject({ id: ada.token.id });
    const unknown = `${bob.value.slice(0, -32)}${'0'.repeat(26)}1b6fCz`;
    const refusals = [
      await rejectionOf(house.asBearer(watcher, findPastedToken, { token: bob.value })),
      await rejectionOf(house.asBearer(ada.value, findPastedToken, { token: bob.value })),
    ];
    for (const refusal of refusals) {
      expect(refusal).toEqual(refusals[0]);
      expect(refusal.code).toBe('not_found');
      expect(refusal.message).not.toContain(bob.value.slice(8));
    }
    const broken = await rejectionOf(house.asBearer(watcher, findPastedToken, { token: unknown }));
    expect(broken.code).toBe('not_found');
  });

  it('finds a revoked token too, whose value still goes around', async () => {
    const gone = await externalToken(house, { externalId: 'gone', workspace: 'one', may: ['servers:read'] });
    await house.asHost(revokeToken, { id: gone.token.id });
    expect(await house.asHost(findPastedToken, { token: gone.value })).toMatchObject({ state: 'revoked' });
  });

  it('tries a token check by check, and neither spends, counts nor keeps anything', async () => {
    const limited = await externalToken(house, {
      externalId: 'limited',
      workspace: 'one',
      may: ['servers:read'],
      token: HOUR_LIMIT,
    });
    const attempt = (input: object) => house.asHost(tryToken, { token: limited.value, ...input });
    for (let again = 0; again < 5; again++) expect((await attempt({ all_of: ['servers:read'] })).allowed).toBe(true);
    const refused = await attempt({ all_of: ['servers:write'], ip: '203.0.113.9' });
    expect(refused.allowed).toBe(false);
    expect(refused.explanation.checks.find(({ outcome }) => outcome === 'failed')?.check).toBe('permission');
    expect(await house.verdict(limited.value)).toBe('ok');
    expect(await house.verdict(limited.value)).toBe('ok');
    const full = await attempt({});
    expect(full).toMatchObject({ allowed: false, explanation: { reason: 'rate_limited' } });
    expect(full.explanation.rate_limit?.retry_after).toBeGreaterThan(0);
    const usage = await house.asHost(readTokenUsage, { id: limited.token.id });
    expect(usage).toMatchObject({ allowed: 2, denied: {} });
    expect(await house.engine.denials.find(refused.explanation.request_id)).toBeNull();
    expect(JSON.stringify(refused)).not.toContain(limited.value);
    await house.asHost(updateToken, { id: limited.token.id, disabled: true });
    expect((await attempt({})).explanation).toMatchObject({ cause: 'disabled' });
  });

  it('row 30: tries for an owner their own token alone, and for one workspace its own', async () => {
    expect(await house.asBearer(ada.value, tryToken, { token: ada.value })).toMatchObject({ allowed: true });
    const foreign = [
      await house.asBearer(ada.value, tryToken, { token: bob.value }),
      await house.asBearer(watcher, tryToken, { token: bob.value }),
    ];
    for (const { allowed, explanation } of foreign) {
      expect(allowed).toBe(false);
      expect(explanation).toMatchObject({ reason: 'invalid_token', token: null });
      expect(JSON.stringify(explanation)).not.toContain(bob.token.id);
    }
    expect(await house.asBearer(admin, tryToken, { token: bob.value })).toMatchObject({ allowed: true });
  });

  it('shows the role support all of this and lets it revoke, and make nothing', async () => {
    const account = await house.asHost(createServiceAccount, {
      name: 'desk',
      workspace: { id: home.id },
      roles: ['support'],
    });
    const role = (await house.asHost(listRoles, {})).data.find(({ name }) => name === 'support');
    const { value } = await house.asHost(createToken, {
      name: 'desk',
      owner: { id: account.id },
      permissions: role?.permissions ?? [],
    });
    const desk = <Output>(operation: Parameters<typeof house.asBearer<Output>>[1], input: object) =>
      house.asBearer(value as string, operation, input);
    const stray = await externalToken(house, { externalId: 'stray', workspace: 'one', may: ['servers:read'] });
    expect((await desk(readOverview, {})).unrecognised_by_reason).not.toBeNull();
    expect((await desk(listAuditEvents, {})).data.length).toBeGreaterThan(0);
    expect(await desk(tryToken, { token: stray.value })).toMatchObject({ allowed: true });
    expect(await desk(findPastedToken, { token: stray.value })).toMatchObject({ id: stray.token.id });
    await desk(revokeToken, { id: stray.token.id });
    expect(await house.verdict(stray.value)).toBe('invalid_token');
    const wish = { name: 'more', permissions: ['servers:read'], owner: { external_id: 'ada' } };
    expect((await rejectionOf(desk(createToken, wish))).code).toBe('denied: insufficient_permissions');
  });

  it('finds what one request has changed in the audit log', async () => {
    const made = { requestId: 'req_ofThisOneChange00000' };
    await house.asHost(updateToken, { id: ada.token.id, description: 'looked after' }, made);
    const { data } = await house.asHost(listAuditEvents, { request_id: made.requestId });
    expect(data.map(({ action }) => action)).toEqual(['token.updated']);
  });
});
