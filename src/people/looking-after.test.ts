import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, person, secretOf, visitor } from '../../test/people/signed-in.ts';
import { createWorkspace, listUsers, readUser, updateUser } from '../manage/index.ts';
import { becomeAdmin, rejectionOf } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createPasswordReset, resetPassword, signOut, updateOwnName } from './index.ts';

const LOOKS_AFTER = ['keyhouse-users:read', 'keyhouse-users:write'];

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
  await becomeAdmin(house);
});
afterAll(() => house.close());

/** Somebody who looks after the users of a workspace, and another person in it. */
async function two(unique: string, permissions: readonly string[]) {
  const keeper = await person(house, `${unique}-keeper`, { permissions: LOOKS_AFTER });
  const other = await person(house, unique);
  const membership = { workspace: { id: keeper.workspaceId }, permissions: [...permissions] };
  await house.asHost(updateUser, { id: other.id, memberships: [membership] });
  return { keeper, other, membership };
}

describe('who looks after users', () => {
  it('hands over a link for a new password of who holds no more than they do', async () => {
    const { keeper, other } = await two('plain', ['servers:read']);
    const made = await house.as(await keeper.caller(), createPasswordReset, { id: other.id });
    expect(made).toMatchObject({ mailed: false, link: expect.stringMatching(/^\/reset-password#khcl_/) });
    await house.as(visitor(), resetPassword, { secret: secretOf(made.link), password: PASSWORD });
  });

  it('never gets a link to who holds more, nor to who also belongs elsewhere', async () => {
    const stronger = await two('stronger', ['keyhouse-audit:read']);
    const ask = async ({ keeper, other }: Awaited<ReturnType<typeof two>>) =>
      (await rejectionOf(house.as(await keeper.caller(), createPasswordReset, { id: other.id }))).code;
    expect(await ask(stronger)).toBe('exceeds_creator');
    const shared = await two('shared', []);
    const { id } = await house.asHost(createWorkspace, { name: 'elsewhere' });
    const memberships = [shared.membership, { workspace: { id }, permissions: [] }];
    await house.asHost(updateUser, { id: shared.other.id, memberships });
    expect(await ask(shared)).toBe('insufficient_permissions');
    expect(await ask({ ...shared, other: stronger.other })).toBe('not_found');
  });

  it('sees how a user comes in and when that was, also after they signed out', async () => {
    const { keeper, other } = await two('seen', []);
    const caller = await keeper.caller();
    const never = await rejectionOf(house.as(visitor(), readUser, { id: other.id }));
    expect(never.code).toBe('insufficient_permissions');
    const expected = { password: true, second_factor: false, last_at: expect.stringMatching(/^\d{4}-/) };
    expect((await house.as(caller, readUser, { id: other.id })).sign_in).toEqual(expected);
    const { data } = await house.as(caller, listUsers, {});
    expect(data.find(({ id }) => id === keeper.id)?.sign_in).toEqual(expected);
    await house.as(caller, signOut, {});
    expect((await house.asHost(readUser, { id: keeper.id })).sign_in).toEqual(expected);
  });
});

it('everybody says how they are called, in every workspace alike', async () => {
  const other = await person(house, 'named');
  const { id } = await house.asHost(createWorkspace, { name: 'second' });
  const memberships = [other.workspaceId, id].map((one) => ({ workspace: { id: one }, permissions: [] }));
  await house.asHost(updateUser, { id: other.id, memberships });
  const caller = await other.caller();
  expect((await house.as(caller, updateOwnName, { name: 'Grace Hopper' })).user.name).toBe('Grace Hopper');
  expect((await house.asHost(readUser, { id: other.id })).name).toBe('Grace Hopper');
  expect((await house.as(caller, updateOwnName, { name: null })).user.name).toBeNull();
});
