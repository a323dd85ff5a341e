import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { sampleMembership, sampleOwner, sampleRole, sampleWorkspace } from '../testing/index.ts';
import { type Concerned, recipientsOf } from './index.ts';

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
});
afterAll(() => house.close());

describe('a notice goes', () => {
  it('to the address of the token, else to its owner, else to who administers its workspace, else to the home workspace', async () => {
    const home = sampleWorkspace({ isHome: true });
    const workspace = sampleWorkspace();
    const role = sampleRole({ name: 'admin', everything: true, builtIn: true });
    const user = (email: string, fields: Parameters<typeof sampleOwner>[0] = {}) =>
      sampleOwner({ kind: 'user', externalId: null, email, ...fields });
    const ada = user('ada@example.com');
    const grace = user('grace@example.com');
    const gone = user('gone@example.com', { disabledAt: 1 });
    const owner = sampleOwner({ email: 'owner@example.com' });
    await house.engine.store.transact(async ({ owners }) => {
      for (const one of [home, workspace]) await owners.directory.insertWorkspace(one);
      await owners.directory.insertRole(role);
      for (const one of [ada, grace, gone, owner]) await owners.insertOwner(one);
      await owners.putMembership(sampleMembership(ada, home, { roleIds: [role.id] }));
      await owners.putMembership(sampleMembership(gone, workspace, { roleIds: [role.id] }));
    });
    const told = (about: Partial<Concerned> = {}) =>
      recipientsOf(house.engine.store.owners, { ownerId: owner.id, workspaceId: workspace.id, ...about });

    expect(await told({ notificationEmail: 'team@example.com' })).toEqual(['team@example.com']);
    expect(await told()).toEqual(['owner@example.com']);
    await house.engine.store.transact(({ owners }) => owners.updateOwner(owner.id, { disabledByProviderAt: 1 }));
    expect(await told()).toEqual(['ada@example.com']);
    expect(await told({ ownerId: 'none' })).toEqual(['ada@example.com']);
    await house.engine.store.transact(({ owners }) =>
      owners.putMembership(sampleMembership(grace, workspace, { roleIds: [role.id] })),
    );
    expect(await told()).toEqual(['grace@example.com']);
  });

  it('to nobody where there is nobody', async () => {
    const empty = await testEngine();
    expect(await recipientsOf(empty.engine.store.owners, { ownerId: 'none', workspaceId: 'none' })).toEqual([]);
    await empty.close();
  });
});
