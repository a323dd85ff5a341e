import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collections, coolset, deployerp, installer, keyhouse, type Profile } from '../profile/index.ts';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createToken, putOwner, readOwner, readTokenOptions, signedInCaller } from './index.ts';

const CIRCUMSTANCES = { ip: '203.0.113.9', requestId: 'req_1', idempotencyKey: null };

async function withHouse(profile: Profile, work: (house: TestEngine) => Promise<void>): Promise<void> {
  const house = await testEngine({ profile });
  try {
    await work(house);
  } finally {
    await house.close();
  }
}

async function signedIn(house: TestEngine, externalId: string, permissions: readonly string[]) {
  const workspace = { external_id: 'org-7' };
  await house.asHost(putOwner, { external_id: externalId, workspace, permissions });
  const { id, memberships } = await house.asHost(readOwner, { external_id: externalId });
  const workspaceId = memberships[0]?.workspace.id as string;
  return signedInCaller({ ownerId: id, workspaceId, actor: { kind: 'external', id: externalId } }, CIRCUMSTANCES);
}

const grantable = (rows: readonly { readonly permission: string; readonly grantable: boolean }[]) =>
  rows.filter((row) => row.grantable).map(({ permission }) => permission);

describe('what a new token may be given', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine({ profile: deployerp });
  });
  afterAll(() => house.close());

  it('is for somebody signed in what they may do themselves, with the words of the catalogue', async () => {
    const caller = await signedIn(house, 'ada', ['servers:read', 'instances:*']);
    const options = await house.as(caller, readTokenOptions, {});
    expect(options).toMatchObject({
      is_self: true,
      may_create: true,
      catalogue: 'closed',
      any_permission: false,
      management: [],
      owner: { external_id: 'ada' },
      ip_allowlist: { caller_ip: '203.0.113.9', within: null },
      expiry: { lifetime: null, lifetime_max: null, latest: null },
    });
    expect(grantable(options.permissions)).toEqual([
      'servers:read',
      'instances:read',
      'instances:write',
      'instances:delete',
    ]);
    expect(grantable(options.wildcards)).toEqual(['instances:*']);
    expect(options.permissions).toHaveLength(11);
    expect(options.permissions[1]).toEqual({
      permission: 'servers:write',
      resource: 'servers',
      description: 'Create/update servers',
      operations: ['POST /servers', 'PATCH /servers'],
      grantable: false,
    });
    expect(options.templates[0]).toMatchObject({ name: 'Read-Only Key', missing: ['backups:read'] });
    expect(options.tiers.filter((tier) => tier.grantable).map(({ tier }) => tier)).toEqual(['standard', 'limited']);
  });

  it('row 25: is never more than creating a token takes, entry by entry', async () => {
    const caller = await signedIn(house, 'grace', ['servers:*', 'teams:read', 'teams:write', 'billing:read']);
    const { permissions, wildcards, tiers } = await house.as(caller, readTokenOptions, {});
    for (const row of [...permissions, ...wildcards]) {
      const made = house.as(caller, createToken, { name: 'x', permissions: [row.permission] });
      expect([row.permission, (await rejectionOf(made).catch(() => null)) === null]).toEqual([
        row.permission,
        row.grantable,
      ]);
    }
    for (const { tier, grantable: may } of tiers) {
      const made = house.as(caller, createToken, { name: 'x', permissions: ['servers:read'], tier });
      expect([tier, (await rejectionOf(made).catch(() => null)) === null]).toEqual([tier, may]);
    }
  });

  it('stays, for the bearer of a token, within that token: permissions, environment, addresses, expiry', async () => {
    const { value, token } = await externalToken(house, {
      externalId: 'robot',
      workspace: 'home-of-robots',
      may: ['servers:read', 'servers:write'],
      token: { permissions: ['servers:read'], ip_allowlist: ['203.0.113.0/24'], expires_in: '7d' },
    });
    const options = await house.asBearer(value, readTokenOptions, {}, { ip: '203.0.113.9' });
    expect(grantable(options.permissions)).toEqual(['servers:read']);
    expect(options).toMatchObject({
      may_create: false,
      environments: [
        { environment: 'live', grantable: true },
        { environment: 'test', grantable: false },
      ],
      ip_allowlist: { within: ['203.0.113.0/24'] },
      expiry: { latest: token.expires_at },
    });
  });

  it('is for another owner what that owner may do, and asks for the right to act for others', async () => {
    await signedIn(house, 'other', ['backups:read']);
    const manager = await workspaceManager(house, 'org-7', ['keyhouse-tokens:write', 'keyhouse-owners:act-as']);
    const options = await house.asBearer(manager.value, readTokenOptions, { owner_external_id: 'other' });
    expect(options).toMatchObject({ is_self: false, may_create: true, owner: { external_id: 'other' } });
    expect(grantable(options.permissions)).toEqual(['backups:read']);
    expect(options.tiers.every((tier) => tier.grantable)).toBe(true);
    expect(options.management.map(({ permission }) => permission)).toEqual([]);
    const ada = await signedIn(house, 'ada', ['servers:read']);
    expect(await rejectionOf(house.as(ada, readTokenOptions, { owner_external_id: 'other' }))).toMatchObject({
      code: 'insufficient_permissions',
      extra: { missing: ['keyhouse-owners:act-as'] },
    });
  });

  it('row 30: says of an owner out of reach what it says of one there is not', async () => {
    await externalToken(house, { externalId: 'far', workspace: 'org-far', may: [] });
    const manager = await workspaceManager(house, 'org-7', ['keyhouse-owners:act-as']);
    const ask = async (owner: string) =>
      rejectionOf(house.asBearer(manager.value, readTokenOptions, { owner_external_id: owner }));
    expect(await ask('far')).toEqual(await ask('nobody'));
  });
});

it('names levels with what is left of them, and those that add nothing as not to be given', () =>
  withHouse(coolset, async (house) => {
    const caller = await signedIn(house, 'ada', ['orders:read', 'orders:write']);
    const { levels, permissions, environments } = await house.as(caller, readTokenOptions, {});
    expect(levels.map(({ level, gives, grantable: may }) => [level, gives, may])).toEqual([
      ['read', ['orders:read'], true],
      ['write', ['orders:read', 'orders:write'], true],
      ['admin', ['orders:read', 'orders:write'], false],
    ]);
    expect(permissions).toEqual([]);
    expect(environments.map(({ environment }) => environment)).toEqual(['live', 'test']);
  }));

it('says what a token that follows its owner may do', () =>
  withHouse(installer, async (house) => {
    const caller = await signedIn(house, 'ada', ['installers:read']);
    expect(await house.as(caller, readTokenOptions, {})).toMatchObject({
      default_grant: 'inherit',
      grants: ['inherit'],
      inherit: { gives: ['installers:read'], everything: false, grantable: true },
      permissions: [],
    });
  }));

it('offers any permission where the catalogue is open to somebody who may do everything, and management by name', () =>
  withHouse(keyhouse, async (house) => {
    const { token, user, workspace } = await becomeAdmin(house);
    const actor = { kind: 'user', id: user.id } as const;
    const admin = signedInCaller({ ownerId: user.id, workspaceId: workspace.id, actor }, CIRCUMSTANCES);
    expect(await house.as(admin, readTokenOptions, {})).toMatchObject({ any_permission: true, management: [] });
    const mine = await house.asBearer(token, readTokenOptions, {});
    expect(mine).toMatchObject({ catalogue: 'open', any_permission: false });
    expect(mine.management.map(({ permission }) => permission)).toContain('keyhouse-tokens:*');
    const ada = await signedIn(house, 'ada', ['servers:*', 'backups:read']);
    const options = await house.as(ada, readTokenOptions, {});
    expect(options).toMatchObject({ any_permission: false, management: [] });
    expect(grantable(options.permissions)).toEqual(['backups:read']);
    expect(grantable(options.wildcards)).toEqual(['servers:*']);
  }));

it('names, where an owner has one token, the one that a new one ends, and who may not make one', () =>
  withHouse(collections, async (house) => {
    const ada = await signedIn(house, 'ada', ['collections:install']);
    const { token } = await externalToken(house, {
      externalId: 'ada',
      workspace: 'org-7',
      may: ['collections:install'],
      token: { inherit: true },
    });
    const rules = { one_per_owner: true, self_service: false, expiry: { lifetime: '365d', lifetime_max: '365d' } };
    expect(await house.as(ada, readTokenOptions, {})).toMatchObject({ ...rules, may_create: false, replaces: [] });
    expect(await house.asHost(readTokenOptions, { owner_external_id: 'ada' })).toMatchObject({
      ...rules,
      may_create: true,
      replaces: [{ id: token.id, name: token.name, last_used_at: null }],
    });
  }));
