import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeAdmin, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createRole, createToken, deleteRole, listRoles, putOwner, updateRole } from './index.ts';

describe('roles', () => {
  let house: TestEngine;
  let admin: string;
  beforeAll(async () => {
    house = await testEngine();
    admin = (await becomeAdmin(house)).token;
  });
  afterAll(() => house.close());
  const withRole = async (externalId: string, role: string) => {
    const workspace = { external_id: 'org-1' };
    await house.asHost(putOwner, { external_id: externalId, workspace, roles: [role] });
    const made = await house.asHost(createToken, {
      name: 'x',
      owner: { external_id: externalId },
      permissions: ['servers:read'],
    });
    return made.value as string;
  };

  it('are sets of permissions under a name that is theirs alone', async () => {
    const made = await house.asBearer(admin, createRole, {
      name: 'Support',
      permissions: ['servers:read', 'servers:read', 'backups:*'],
    });
    expect(made).toMatchObject({ name: 'Support', permissions: ['servers:read', 'backups:*'], built_in: false });
    const { data } = await house.asBearer(admin, listRoles, {});
    expect(data.map((role) => role.name).sort()).toEqual(['Support', 'admin', 'member', 'support']);
    expect(await rejectionOf(house.asBearer(admin, createRole, { name: 'Support', permissions: [] }))).toMatchObject({
      code: 'conflict',
    });
    expect(await rejectionOf(house.asHost(createRole, { name: 'r', permissions: ['Servers:read'] }))).toMatchObject({
      code: 'unknown_permission',
    });
  });

  it('row 29: narrowed, they refuse everybody who holds them on the next request; widened, nobody waits', async () => {
    const role = await house.asHost(createRole, { name: 'reader', permissions: ['servers:read', 'servers:write'] });
    const values = [await withRole('r1', 'reader'), await withRole('r2', 'reader')];
    for (const value of values) expect(await house.verdict(value, ['servers:read'])).toBe('ok');
    const wider = await house.asHost(updateRole, { id: role.id, permissions: ['servers:*'] });
    expect(wider).not.toHaveProperty('guarantee');
    const narrower = await house.asHost(updateRole, { id: role.id, permissions: ['servers:write'] });
    expect(narrower.guarantee).toBeDefined();
    for (const value of values) expect(await house.verdict(value, ['servers:read'])).toBe('insufficient_permissions');
    const repeated = await house.asHost(updateRole, { id: role.id, permissions: ['servers:write'] });
    expect(repeated.guarantee, 'a repeat waits again').toBeDefined();
    expect(await house.asHost(updateRole, { id: role.id, name: 'writer' })).not.toHaveProperty('guarantee');
  });

  it('are not deleted while somebody holds them: the answer says how many', async () => {
    const role = await house.asHost(createRole, { name: 'held', permissions: ['servers:read'] });
    await withRole('h1', 'held');
    const one = await rejectionOf(house.asHost(deleteRole, { id: role.id }));
    expect(one).toMatchObject({ code: 'conflict', extra: { holders: 1 } });
    expect(one.message).toContain('1 membership holds the role held');
    await withRole('h2', 'held');
    expect((await rejectionOf(house.asHost(deleteRole, { id: role.id }))).message).toContain('2 memberships hold');
    for (const external_id of ['h1', 'h2']) await house.asHost(putOwner, { external_id, memberships: [] });
    expect(await house.asHost(deleteRole, { id: role.id })).toEqual({ id: role.id, deleted: true });
    expect(await rejectionOf(house.asHost(deleteRole, { id: role.id }))).toMatchObject({ code: 'not_found' });
  });

  it('leave the built-in one as it is, and its name to it', async () => {
    const { data } = await house.asHost(listRoles, {});
    const id = data.find((role) => role.built_in)?.id;
    for (const attempt of [
      () => house.asHost(updateRole, { id, permissions: [] }),
      () => house.asHost(updateRole, { id, name: 'boss' }),
      () => house.asHost(deleteRole, { id }),
      () => house.asHost(createRole, { name: 'admin', permissions: [] }),
    ]) {
      expect(await rejectionOf(attempt())).toMatchObject({ code: 'conflict' });
    }
    expect(data.find((role) => role.built_in)).toMatchObject({ name: 'admin', everything: true });
  });

  it('give management only to who holds it (wire "Who may grant what")', async () => {
    const narrow = (
      await house.asBearer(admin, createToken, { name: 'roles only', permissions: ['keyhouse-roles:write'] })
    ).value as string;
    const asked = { name: 'auditor', permissions: ['servers:read', 'keyhouse-audit:read'] };
    expect(await rejectionOf(house.asBearer(narrow, createRole, asked))).toMatchObject({ code: 'exceeds_creator' });
    const auditor = await house.asBearer(admin, createRole, asked);
    const keeping = { id: auditor.id, permissions: ['keyhouse-audit:read', 'servers:write'] };
    expect(await house.asBearer(narrow, updateRole, keeping), 'what is in it already is no gift').toBeDefined();
    expect(
      await rejectionOf(house.asBearer(narrow, updateRole, { id: auditor.id, permissions: ['keyhouse-audit:*'] })),
    ).toMatchObject({ code: 'exceeds_creator' });
  });

  it('are the same in every workspace, so that a caller of one may read them and not change them', async () => {
    const { value } = await workspaceManager(house, 'org-3', ['keyhouse-roles:*']);
    const { data } = await house.asBearer(value, listRoles, {});
    expect(data.length).toBeGreaterThan(0);
    for (const attempt of [
      () => house.asBearer(value, createRole, { name: 'mine', permissions: [] }),
      () => house.asBearer(value, updateRole, { id: data[0]?.id, permissions: [] }),
      () => house.asBearer(value, deleteRole, { id: data[0]?.id }),
    ]) {
      expect(await rejectionOf(attempt())).toMatchObject({ code: 'insufficient_permissions' });
    }
  });
});
