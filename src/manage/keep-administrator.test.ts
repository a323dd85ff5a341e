import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { becomeAdmin } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createUser, createWorkspace, deleteUser, listUsers, updateUser } from './index.ts';

describe('the last administrator', () => {
  let house: TestEngine;
  let first: string;
  let home: { readonly id: string };
  beforeEach(async () => {
    house = await testEngine();
    await becomeAdmin(house);
    const { data } = await house.asHost(listUsers, {});
    first = String(data[0]?.id);
    home = { id: String(data[0]?.memberships[0]?.workspace.id) };
  });
  afterEach(() => house.close());

  const anotherAdmin = async (email = 'second@example.com') =>
    (await house.asHost(createUser, { email, workspace: home, roles: ['admin'] })).id;
  const refused = { code: 'conflict', message: expect.stringContaining('last administrator') };

  it.each([
    ['disabled', () => house.asHost(updateUser, { id: first, disabled: true })],
    ['deleted', () => house.asHost(deleteUser, { id: first })],
    ['given another role', () => house.asHost(updateUser, { id: first, workspace: home, permissions: ['a:b'] })],
    ['cut from the home workspace', () => house.asHost(updateUser, { id: first, memberships: [] })],
  ])('cannot be %s, whoever asks', async (_what, stop) => {
    await expect(stop()).rejects.toMatchObject(refused);
    const second = await anotherAdmin();
    await stop();
    await expect(house.asHost(deleteUser, { id: second })).rejects.toMatchObject(refused);
  });

  it('can be changed in everything else', async () => {
    await house.asHost(updateUser, { id: first, name: 'Somebody' });
    await house.asHost(updateUser, { id: first, workspace: home, roles: ['admin'], permissions: ['a:b'] });
  });

  it('is not one who is disabled, nor a service account, nor an administrator of another workspace', async () => {
    const second = await anotherAdmin();
    await house.asHost(updateUser, { id: second, disabled: true });
    const elsewhere = { id: (await house.asHost(createWorkspace, { name: 'Customer' })).id };
    await house.asHost(createUser, { email: 'third@example.com', workspace: elsewhere, roles: ['admin'] });
    await expect(house.asHost(deleteUser, { id: first })).rejects.toMatchObject(refused);
    await house.asHost(deleteUser, { id: second });
  });

  it('is one of two who take it from each other at once', async () => {
    const second = await anotherAdmin();
    const answers = await Promise.allSettled([
      house.asHost(updateUser, { id: first, disabled: true }),
      house.asHost(updateUser, { id: second, disabled: true }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
