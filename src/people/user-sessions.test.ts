import { afterAll, beforeAll, expect, it } from 'vitest';
import { isSignedIn, person, signInAs } from '../../test/people/signed-in.ts';
import { rejectionOf } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { endUserSessions, listUserSessions } from './index.ts';

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
});
afterAll(() => house.close());

it('row 100c: shows where a user is signed in and ends all of it, never a value', async () => {
  const ada = await person(house, 'ada');
  const second = await signInAs(house, ada.email);
  const { data } = await house.asHost(listUserSessions, { id: ada.id });
  expect(data).toHaveLength(2);
  expect(data[0]).toMatchObject({ workspace_id: ada.workspaceId, ip: '192.0.2.7', user_agent: 'Chromium' });
  expect(JSON.stringify(data)).not.toContain(ada.value);
  const ended = await house.asHost(endUserSessions, { id: ada.id });
  expect([...ended.ended_ids].sort()).toEqual(data.map(({ id }) => id).sort());
  for (const { value } of [ada, second]) expect(await isSignedIn(house, value)).toBe(false);
  expect((await house.asHost(endUserSessions, { id: ada.id })).ended_ids).toEqual([]);
});

it('lets nobody look or end who may not, or whose workspace is another', async () => {
  const victim = await person(house, 'victim');
  const member = await person(house, 'member');
  const admin = await person(house, 'admin-elsewhere', {
    permissions: ['keyhouse-users:read', 'keyhouse-users:write'],
  });
  for (const operation of [listUserSessions, endUserSessions]) {
    const refusal = async (who: typeof member) =>
      (await rejectionOf(house.as(await who.caller(), operation as typeof endUserSessions, { id: victim.id }))).code;
    expect(await refusal(member)).toBe('insufficient_permissions');
    expect(await refusal(admin)).toBe('not_found');
  }
  expect(await isSignedIn(house, victim.value)).toBe(true);
});
