import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coolset } from '../profile/presets/index.ts';
import { externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  listGrantSuggestions,
  readTokenUsage,
  rotateToken,
  suggestTokenGrant,
  tryToken,
  updateToken,
} from './index.ts';

const DAY = 86_400_000;
const MAY = ['servers:read', 'servers:write', 'backups:read', 'backups:run', 'teams:read'];

describe('least privilege (D17)', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  it('tells what a token used of what it holds, suggests what would be enough, and everything accepted before still is', async () => {
    const ada = await externalToken(house, { externalId: 'ada', workspace: 'one', may: MAY });
    const asked = [
      { allOf: ['servers:read'] },
      { allOf: ['servers:read'], cost: 0 },
      { allOf: [], anyOf: ['backups:run', 'servers:read'] },
      { allOf: ['backups:read'], anyOf: ['teams:write', 'servers:read'] },
    ];
    for (const question of asked) expect((await house.decide(ada.value, question)).allowed).toBe(true);
    await house.decide(ada.value, { allOf: ['teams:write'] });
    await house.asHost(tryToken, { token: ada.value, all_of: ['teams:read'] });
    const told = await house.asHost(suggestTokenGrant, { id: ada.token.id, days: 30 });
    expect(told).toMatchObject({
      verdict: 'narrow',
      complete: true,
      days: 30,
      suggestion: { permissions: ['backups:read', 'servers:read'] },
      unused: ['backups:run', 'servers:write', 'teams:read'],
      unnamed_requests: 0,
      used: [
        { permission: 'servers:read', allowed: 1, free: 1 },
        { permission: 'backups:read', allowed: 1 },
        { permission: 'backups:run|servers:read', allowed: 1 },
        { permission: 'servers:read|teams:write', allowed: 1 },
      ],
    });
    await house.asHost(updateToken, { id: ada.token.id, ...told.suggestion });
    for (const question of asked) expect((await house.decide(ada.value, question)).allowed).toBe(true);
    expect(await house.asHost(suggestTokenGrant, { id: ada.token.id })).toMatchObject({
      verdict: 'fits',
      suggestion: null,
    });
  });

  it('counts what the predecessors of a rotated token did, and forgets what is longer ago than was asked', async () => {
    const bob = await externalToken(house, { externalId: 'bob', workspace: 'one', may: MAY });
    await house.verdict(bob.value, ['servers:write']);
    house.clock.advance(10 * DAY);
    const rotated = await house.asHost(rotateToken, { id: bob.token.id });
    await house.verdict(rotated.new_key.value as string, ['servers:read']);
    const over = (days: number) => house.asHost(suggestTokenGrant, { id: rotated.new_key.id, days });
    expect(await over(90)).toMatchObject({ suggestion: { permissions: ['servers:read', 'servers:write'] } });
    expect(await over(3)).toMatchObject({ suggestion: { permissions: ['servers:read'] }, complete: true });
  });

  it('says where it cannot tell: of tokens that follow their owner, of what was never used, of requests that name nothing', async () => {
    const token = (externalId: string, more: object = {}) =>
      externalToken(house, { externalId, workspace: 'two', may: MAY, token: { ...more } });
    const [follows, idle, silent] = [await token('c', { inherit: true }), await token('d'), await token('e')];
    await house.verdict(follows.value, ['servers:read']);
    await house.verdict(silent.value, []);
    const verdictOf = async (id: string) => (await house.asHost(suggestTokenGrant, { id })).verdict;
    expect(await verdictOf(follows.token.id)).toBe('inherits');
    expect(await verdictOf(idle.token.id)).toBe('unused');
    expect(await verdictOf(silent.token.id)).toBe('unknown');
    expect(await house.asHost(suggestTokenGrant, { id: silent.token.id })).toMatchObject({ unnamed_requests: 1 });

    const manager = await workspaceManager(house, 'two', ['keyhouse-tokens:read']);
    const list = await house.asBearer(manager.value, listGrantSuggestions, {});
    expect(list.data.map(({ token: { id }, verdict }) => [id, verdict])).toEqual([[idle.token.id, 'unused']]);
    const all = await house.asHost(listGrantSuggestions, { verdict: 'narrow', limit: 100 });
    expect(all.data.every(({ verdict }) => verdict === 'narrow')).toBe(true);
    const [foreign] = all.data;
    const refused = house.asBearer(manager.value, suggestTokenGrant, { id: foreign?.token.id });
    expect((await rejectionOf(refused)).code).toBe('not_found');
  });

  it('suggests the lowest level that would have been enough', async () => {
    const shop = await testEngine({ profile: coolset });
    try {
      const { value, token } = await externalToken(shop, {
        externalId: 'ada',
        workspace: 'one',
        may: shop.engine.authenticator.profile.catalogue as string[],
        token: { level: 'admin' },
      });
      const [reading] = [...(shop.engine.authenticator.profile.levels.get('read')?.exact ?? [])];
      await shop.verdict(value, [reading as string]);
      const told = await shop.asHost(suggestTokenGrant, { id: token.id });
      expect(told).toMatchObject({ verdict: 'narrow', suggestion: { level: 'read' }, grant: { level: 'admin' } });
      await shop.asHost(updateToken, { id: token.id, ...told.suggestion });
      expect(await shop.verdict(value, [reading as string])).toBe('ok');
    } finally {
      await shop.close();
    }
  });

  it('row 80: tells usage apart by permission, outcome, network and client, over a time that is bounded', async () => {
    const { token, value } = await externalToken(house, { externalId: 'f', workspace: 'one', may: MAY });
    await house.decide(value, { allOf: ['servers:read'], ip: '198.51.100.7', agent: 'python' });
    await house.decide(value, { allOf: ['servers:read'], ip: '198.51.100.8', agent: 'curl' });
    await house.decide(value, { allOf: ['nothing:read'], ip: '198.51.100.8' });
    const by = async (aspect: string, more: object = {}) =>
      (await house.asHost(readTokenUsage, { id: token.id, by: aspect, ...more })).groups?.map(
        ({ value: name, allowed, denied }) => [name, allowed, denied],
      );
    expect(await by('permission')).toEqual([
      ['servers:read', 2, 0],
      ['nothing:read', 0, 1],
    ]);
    expect(await by('network', { granularity: 'day' })).toEqual([['198.51.100.0/24', 2, 1]]);
    expect(await by('outcome')).toEqual([
      ['ok', 2, 0],
      ['insufficient_permissions', 0, 1],
    ]);
    expect((await by('agent'))?.toSorted()).toEqual([
      ['curl', 1, 0],
      ['other', 0, 1],
      ['python', 1, 0],
    ]);
    const from = new Date(house.clock.now() - 30 * DAY).toISOString();
    const long = house.asHost(readTokenUsage, { id: token.id, by: 'network', from });
    expect((await rejectionOf(long)).problems).toEqual([
      expect.objectContaining({ path: 'from', message: expect.stringContaining('At most 7 days') }),
    ]);
    const days = await house.asHost(readTokenUsage, { id: token.id, granularity: 'day', from });
    expect(days.hours).toHaveLength(1);
    expect(days.hours[0]).toMatchObject({ allowed: 2, hour: expect.stringContaining('T00:00:00.000Z') });
  });
});
