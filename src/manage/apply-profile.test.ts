import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyhouse, type Profile } from '../profile/index.ts';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { applyProfile, createToken, readProfile } from './index.ts';

const entry = (permission: string) => ({ permission, description: permission, operations: [] });

/** The neutral profile with a closed catalogue. */
const closed: Profile = {
  ...keyhouse,
  name: 'closed',
  catalogue: ['servers:read', 'servers:write', 'backups:read'].map(entry),
};

describe('applying a profile (design §6)', () => {
  let house: TestEngine;
  beforeEach(async () => {
    house = await testEngine({ profile: closed });
  });
  afterEach(() => house.close());

  it('reads the one in force, spelled out', async () => {
    const { token } = await becomeAdmin(house);
    const read = await house.asBearer(token, readProfile, {});
    expect(read).toMatchObject({ version: 1, name: 'closed', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(read.profile).toEqual(closed);
  });

  it('refuses what is no profile with every problem and its place', async () => {
    const { code, problems } = await rejectionOf(
      house.asHost(applyProfile, { profile: { ...closed, grants: [], surprise: 1, onePerOwner: 'yes' } }),
    );
    expect(code).toBe('invalid_input');
    expect(problems.map((one) => one.path)).toEqual(
      expect.arrayContaining(['$.grants', '$.surprise', '$.onePerOwner']),
    );
  });

  it('says what would change without changing it', async () => {
    const profile = { ...closed, catalogue: [...closed.catalogue, entry('teams:read')] };
    const told = await house.asHost(applyProfile, { profile, dry_run: true });
    expect(told).toMatchObject({ applied: false, version: 1, narrowing: [] });
    expect(told.changes.join('\n')).toContain('teams:read');
    expect((await house.asHost(readProfile, {})).version).toBe(1);
  });

  it('applies what only widens at once: what it adds is known in the very next call', async () => {
    await externalToken(house, { externalId: 'a', workspace: 'org', may: ['servers:read'] });
    const make = () => externalToken(house, { externalId: 'b', workspace: 'org', may: ['teams:read'] });
    expect(await rejectionOf(make())).toMatchObject({ code: 'unknown_permission' });
    const profile = { ...closed, catalogue: [...closed.catalogue, entry('teams:read')] };
    const applied = await house.asHost(applyProfile, { profile });
    expect(applied).toMatchObject({ applied: true, version: 2 });
    expect(applied).not.toHaveProperty('guarantee');
    expect(await house.verdict((await make()).value, ['teams:read'])).toBe('ok');
  });

  it('row 24: asks before it narrows; then what is cut from the catalogue stops granting at once', async () => {
    const { value } = await externalToken(house, {
      externalId: 'a',
      workspace: 'org',
      may: ['servers:read', 'servers:write'],
    });
    expect(await house.verdict(value, ['servers:write'])).toBe('ok');
    const profile = { ...closed, catalogue: ['servers:read', 'backups:read'].map(entry) };
    const refused = await rejectionOf(house.asHost(applyProfile, { profile }));
    expect(refused.code).toBe('conflict');
    expect(JSON.stringify(refused.extra.narrowing)).toContain('servers:write');
    expect(await house.verdict(value, ['servers:write'])).toBe('ok');

    const applied = await house.asHost(applyProfile, { profile, allow_narrowing: 'true' });
    expect(applied).toMatchObject({ applied: true, version: 2, guarantee: { class: 'process' } });
    expect(applied.narrowing.length).toBeGreaterThan(0);
    expect(await house.verdict(value, ['servers:write'])).toBe('insufficient_permissions');
    expect(await house.verdict(value, ['servers:read'])).toBe('ok');
  });

  it('is safe to repeat: the second time it is in force already, and was waited for again', async () => {
    const profile = { ...closed, company: { ...closed.company, name: 'Renamed' } };
    await house.asHost(applyProfile, { profile });
    const again = await house.asHost(applyProfile, { profile });
    expect(again).toMatchObject({ applied: false, version: 2, changes: [], guarantee: { class: 'process' } });
  });

  it('concerns everybody, so that a caller of one workspace cannot', async () => {
    const { value } = await workspaceManager(house, 'mine', ['keyhouse-profile:*']);
    expect(await rejectionOf(house.asBearer(value, applyProfile, { profile: closed }))).toMatchObject({
      code: 'insufficient_permissions',
    });
    expect(await rejectionOf(house.asBearer(value, applyProfile, { profile: closed, dry_run: true }))).toMatchObject({
      code: 'insufficient_permissions',
    });
  });

  it('of many applied at once leaves the process with the one the store holds', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `Company ${index}`);
    await Promise.all(
      names.map((name) =>
        house.asHost(applyProfile, {
          profile: { ...closed, company: { ...closed.company, name } },
          allow_narrowing: true,
        }),
      ),
    );
    const { version, profile } = await house.asHost(readProfile, {});
    expect(version).toBe(9);
    expect(house.engine.authenticator.profile.version).toBe(9);
    expect(house.engine.authenticator.profile.profile).toEqual(profile);
    await externalToken(house, { externalId: 'a', workspace: 'org', may: ['servers:read'] });
    expect((await rejectionOf(house.asHost(createToken, { name: 'x' }))).code).toBe('invalid_input');
  });
});
