import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrial } from '../../src/manage/index.ts';
import { keyhouse, type Profile } from '../../src/profile/index.ts';
import { testEngine } from '../../src/testing/engine.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../services/postgres.ts';
import { type ObservedHouse, openObservedHouse } from './observed-house.ts';

const rule = (path: string, permissions: readonly string[], methods = ['GET']) => ({
  methods,
  path,
  permissions,
  environment: 'live' as const,
  cost: 1,
});
const routed: Profile = {
  ...keyhouse,
  routes: [rule('/servers/{id}', ['servers:read']), rule('/servers/{id}', ['servers:write'], ['PUT'])],
};
const READ = { all_of: ['servers:read'] };
const WRITE = { all_of: ['servers:write'] };

function behaviour(databaseUrl: () => Promise<string | null>): void {
  let observed: ObservedHouse;
  beforeAll(async () => {
    observed = await openObservedHouse(await databaseUrl(), routed);
  });
  afterAll(() => observed?.close());

  it('a cut of one token refuses nothing while it is observed, names what would be missing, and then refuses exactly that', async () => {
    const { api, caller, observe, verify, broken } = observed;
    const both = await caller('cut-1', ['servers:read', 'servers:write']);
    const other = await caller('cut-2', ['servers:read', 'servers:write']);
    const before = await verify(both.value, WRITE);
    const trial = await observe({ kind: 'token', id: both.id }, { permissions: ['servers:read'] }, { name: 'read' });
    expect(trial).toMatchObject({ state: 'observing', name: 'read', judged: 0, would_refuse: 0, would_break: 0 });

    const during = await verify(both.value, WRITE);
    expect(comparable(during)).toEqual(comparable(before));
    await verify(both.value, WRITE);
    await verify(both.value, READ);
    await verify(other.value, WRITE);

    expect(await broken(trial.id)).toEqual(['for cut-1 insufficient_permissions servers:write ×2']);
    const { json: read } = await api('GET', `/v1/trials/${trial.id}`);
    expect(read).toMatchObject({ judged: 3, would_refuse: 2, would_break: 1, unlisted: 0 });
    expect(read.change).toEqual({ permissions: ['servers:read'] });
    expect(read.findings[0]).toMatchObject({
      owner: { external_id: 'cut-1' },
      workspace: { external_id: 'org-7' },
      token: { id: both.id, hint: expect.stringContaining('…') },
    });
    expect(read.findings[0].last_request_id).toMatch(/^req_/);

    const enforced = await api('POST', `/v1/trials/${trial.id}/enforce`);
    expect(enforced.status).toBe(200);
    expect(enforced.json.guarantee.epoch).toBeGreaterThan(0);
    expect(enforced.json.trial).toMatchObject({ state: 'enforced', would_refuse: 2 });
    expect(enforced.json.result.grant).toEqual({ permissions: ['servers:read'] });
    expect((await verify(both.value, WRITE)).missing).toEqual(['servers:write']);
    expect((await verify(both.value, READ)).allowed).toBe(true);
    expect((await verify(other.value, WRITE)).allowed).toBe(true);
    expect((await api('POST', `/v1/trials/${trial.id}/enforce`)).status).toBe(409);
  });

  it('an address list names the addresses that it would keep out', async () => {
    const { caller, observe, verify, broken, api } = observed;
    const { id, value } = await caller('office', ['servers:read']);
    const trial = await observe({ kind: 'token', id }, { ip_allowlist: ['203.0.113.0/24'] });
    await verify(value, { ...READ, ip: '203.0.113.5' });
    for (const ip of ['198.51.100.7', '2001:db8::1', '198.51.100.7'])
      expect((await verify(value, { ...READ, ip })).allowed).toBe(true);
    expect(await broken(trial.id)).toEqual([
      'for office ip_restricted 198.51.100.7 ×2',
      'for office ip_restricted 2001:db8::1 ×1',
    ]);
    await api('POST', `/v1/trials/${trial.id}/enforce`);
    expect((await verify(value, { ...READ, ip: '2001:db8::1' })).code).toBe('ip_restricted');
    expect((await verify(value, { ...READ, ip: '203.0.113.5' })).allowed).toBe(true);
  });

  it('row 64: a limit on trial counts for itself and spends nothing of the real one', async () => {
    const { caller, observe, verify, broken } = observed;
    const windows = (limit: number) => [{ name: 'hour', limit, seconds: 3_600 }];
    const { id, value } = await caller('bulk', ['servers:read'], { limits: windows(6) });
    const trial = await observe({ kind: 'token', id }, { limits: windows(2) });
    for (let left = 5; left >= 0; left--) {
      const answer = await verify(value, READ);
      expect([answer.allowed, answer.rate_limit.remaining]).toEqual([true, left]);
    }
    expect((await verify(value, READ)).code).toBe('rate_limited');
    expect(await broken(trial.id)).toEqual(['for bulk rate_limited hour ×4']);
  });

  it('a role that is cut names everybody who has it and needs what is cut, and nobody who has it otherwise', async () => {
    const { api, house, observe, verify, broken, caller } = observed;
    const { json: role } = await api('POST', '/v1/roles', {
      name: 'ops',
      permissions: ['servers:read', 'servers:write'],
    });
    const holders: Record<string, string> = {};
    for (const [name, permissions] of [
      ['by-role', []],
      ['also-directly', ['servers:write']],
    ] as const) {
      await api('PUT', `/v1/owners/${name}`, { workspace: { external_id: 'org-7' }, roles: ['ops'], permissions });
      const owner = { external_id: name };
      const made = await api('POST', '/v1/tokens', { name, owner, permissions: ['servers:read', 'servers:write'] });
      holders[name] = made.json.value;
    }
    const stranger = await caller('no-role', ['servers:write']);
    const trial = await observe({ kind: 'role', id: role.id }, { permissions: ['servers:read'] });
    for (const value of [...Object.values(holders), stranger.value])
      expect((await verify(value, WRITE)).allowed).toBe(true);
    expect(await broken(trial.id)).toEqual(['by-role insufficient_permissions servers:write ×1']);
    expect(house.faults).toEqual([]);
    await api('POST', `/v1/trials/${trial.id}/enforce`);
    expect((await verify(holders['by-role'] as string, WRITE)).allowed).toBe(false);
    expect((await verify(holders['also-directly'] as string, WRITE)).allowed).toBe(true);
  });

  it("an owner's membership that is cut, or ended, names that owner's tokens", async () => {
    const { caller, observe, verify, broken, api } = observed;
    const cut = await caller('cut-owner', ['servers:read', 'servers:write']);
    const ended = await caller('ended-owner', ['servers:read']);
    const org = { workspace: { external_id: 'org-7' } };
    const one = await observe({ kind: 'owner', external_id: 'cut-owner' }, { ...org, permissions: ['servers:read'] });
    const two = await observe({ kind: 'owner', external_id: 'ended-owner' }, { memberships: [] });
    for (const [value, question] of [
      [cut.value, WRITE],
      [cut.value, READ],
      [ended.value, READ],
    ] as const)
      expect((await verify(value, question)).allowed).toBe(true);
    expect(await broken(one.id)).toEqual(['for cut-owner insufficient_permissions servers:write ×1']);
    expect(await broken(two.id)).toEqual(['for ended-owner invalid_token ×1']);
    await api('POST', `/v1/trials/${one.id}/enforce`);
    await api('POST', `/v1/trials/${two.id}/enforce`);
    expect((await verify(cut.value, WRITE)).allowed).toBe(false);
    expect((await verify(ended.value, READ)).allowed).toBe(false);
  });

  it('a profile with a wrong route rule names exactly the callers that would break, and the rule that accepts them now', async () => {
    const { caller, observe, verify, broken, api } = observed;
    const reader = await caller('route-reader', ['servers:read']);
    const admin = await caller('route-admin', ['servers:read', 'servers:admin', 'servers:write']);
    const proposed = { ...routed, routes: [rule('/servers/{id}', ['servers:admin']), rule('/other', [])] };
    const trial = await observe({ kind: 'profile' }, proposed);
    const route = (method: string) => ({ route: { method, target: '/servers/7?secret=x' } });
    for (const [value, method] of [
      [reader.value, 'GET'],
      [admin.value, 'GET'],
      [admin.value, 'PUT'],
    ] as const)
      expect((await verify(value, route(method))).allowed).toBe(true);
    expect(await broken(trial.id)).toEqual([
      'for route-admin no_matching_rule PUT /servers/{id} ×1',
      'for route-reader insufficient_permissions servers:admin GET /servers/{id} ×1',
    ]);
    expect(JSON.stringify(await api('GET', `/v1/trials/${trial.id}`))).not.toContain('secret=x');
    const enforced = await api('POST', `/v1/trials/${trial.id}/enforce`);
    expect(enforced.json.result).toMatchObject({ applied: true });
    expect((await verify(reader.value, route('GET'))).code).toBe('insufficient_permissions');
    expect((await verify(admin.value, route('GET'))).allowed).toBe(true);
    expect((await verify(admin.value, route('PUT'))).code).toBe('no_matching_rule');
    await api('PUT', '/v1/profile?allow_narrowing=true', { profile: routed });
  });

  it('a trial that was ended judges nothing more, and what it saw can still be read', async () => {
    const { caller, observe, verify, api } = observed;
    const { id, value } = await caller('over', ['servers:read', 'servers:write']);
    const trial = await observe({ kind: 'token', id }, { permissions: ['servers:read'] });
    await verify(value, WRITE);
    expect((await api('DELETE', `/v1/trials/${trial.id}`)).json).toMatchObject({ state: 'ended', would_refuse: 1 });
    await verify(value, WRITE);
    expect((await api('GET', `/v1/trials/${trial.id}`)).json).toMatchObject({ state: 'ended', judged: 1 });
    expect((await api('DELETE', `/v1/trials/${trial.id}`)).status).toBe(200);
    expect((await api('POST', `/v1/trials/${trial.id}/enforce`)).status).toBe(409);
  });

  it('one whose time has passed judges nothing more either, and can still be enforced', async () => {
    const { caller, observe, verify, api, house } = observed;
    const { id, value } = await caller('timed', ['servers:read', 'servers:write']);
    const trial = await observe({ kind: 'token', id }, { permissions: ['servers:read'] }, { ends_in: '1m' });
    await verify(value, WRITE);
    house.clock.advance(60_000);
    await verify(value, WRITE);
    expect((await api('GET', `/v1/trials/${trial.id}`)).json).toMatchObject({ state: 'over', judged: 1 });
    expect((await api('POST', `/v1/trials/${trial.id}/enforce`)).status).toBe(200);
    expect((await verify(value, WRITE)).allowed).toBe(false);
  });

  it('what was changed meanwhile is not undone by enforcing', async () => {
    const { caller, observe, api } = observed;
    const { id } = await caller('meanwhile', ['servers:read', 'servers:write', 'servers:delete']);
    const trial = await observe({ kind: 'token', id }, { permissions: ['servers:read', 'servers:write'] });
    await api('PATCH', `/v1/tokens/${id}`, { permissions: ['servers:read', 'servers:delete'] });
    const refused = await api('POST', `/v1/trials/${trial.id}/enforce`);
    expect([refused.status, refused.json.detail ?? refused.json.message]).toEqual([
      409,
      expect.stringContaining('changed since it began'),
    ]);
    expect((await api('GET', `/v1/tokens/${id}`)).json.grant.permissions).toEqual(['servers:read', 'servers:delete']);
    await api('DELETE', `/v1/trials/${trial.id}`);
  });

  it('lists and findings come page by page', async () => {
    const { caller, observe, verify, api, house } = observed;
    house.clock.advance(1);
    const { id, value } = await caller('pages', ['servers:read']);
    const trial = await observe({ kind: 'token', id }, { ip_allowlist: ['192.0.2.1'] });
    for (const last of [1, 2, 3]) await verify(value, { ...READ, ip: `198.51.100.${last}` });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await api('GET', `/v1/trials/${trial.id}?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.json.findings.map(({ address }: { address: string }) => address));
      cursor = page.json.next_cursor;
    }
    expect(seen.sort()).toEqual(['198.51.100.1', '198.51.100.2', '198.51.100.3']);
    const { json: list } = await api('GET', '/v1/trials?limit=1');
    expect(list.data.map(({ id }: { id: string }) => id)).toEqual([trial.id]);
    expect(list.next_cursor).not.toBeNull();
    await api('DELETE', `/v1/trials/${trial.id}`);
  });
}

/** Without what is another one for each request. */
function comparable({ request_id: _id, headers, rate_limit: _limit, ...rest }: Record<string, unknown>) {
  return { ...rest, headers: Object.keys(headers as object) };
}

describe('trials on SQLite', () => behaviour(async () => null));

suiteNeeding('postgresql', 'trials on PostgreSQL', () => {
  const databases: FreshDatabase[] = [];
  const fresh = async () => {
    const database = await requireDatabase();
    databases.push(database);
    return database.url;
  };
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });

  describe('of one process', () => behaviour(fresh));

  it('a trial that one process begins is judged by the other, and each tells what both have seen', async () => {
    const databaseUrl = await fresh();
    const observed = await openObservedHouse(databaseUrl);
    const other = await testEngine({ databaseUrl, besides: observed.house });
    try {
      const { id, value } = await observed.caller('two-houses', ['servers:read', 'servers:write']);
      const trial = await observed.observe({ kind: 'token', id }, { permissions: ['servers:read'] });
      await observed.verify(value, WRITE);
      await eventually(
        async () => {
          expect(await other.verdict(value, WRITE.all_of)).toBe('ok');
          return (await other.asHost(readTrial, { id: trial.id })).judged >= 2;
        },
        20_000,
        'the other process to judge by the trial',
      );
      const [line] = await observed.broken(trial.id);
      expect(line).toMatch(/^for two-houses insufficient_permissions servers:write ×/);
    } finally {
      await other.close();
      await observed.close();
    }
  }, 60_000);
});
