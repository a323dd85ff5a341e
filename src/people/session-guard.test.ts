import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, visitor } from '../../test/people/signed-in.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { newSecret } from './one-time-secret.ts';
import { type SessionDoor, sessionDoor } from './session.ts';

let house: TestEngine;
let door: SessionDoor;
beforeAll(async () => {
  house = await testEngine();
  door = sessionDoor(house.engine, (error) => house.faults.push(error));
});
afterAll(() => house?.close());

const from = (ip: string) => visitor(ip).circumstances;
const wrong = () => newSecret(house.engine, 'session');

it('row 70: a flood of wrong sessions waits behind everyone else, and is turned away when it is too much', async () => {
  const [ada, bea] = [await person(house, 'ada'), await person(house, 'bea')];
  expect((await door.admit(ada.value, from('192.0.2.7')))?.session?.owner.id).toBe(ada.id);
  for (let count = 0; count < 100; count++) expect(await door.admit(wrong(), from('192.0.2.7'))).toBeNull();

  const more = Promise.allSettled(Array.from({ length: 300 }, () => door.admit(wrong(), from('192.0.2.7'))));
  // Row 71: it locks out nobody who was let in before, and nobody elsewhere.
  expect((await door.admit(ada.value, from('192.0.2.7')))?.session?.owner.id).toBe(ada.id);
  expect((await door.admit(bea.value, from('198.51.100.7')))?.session?.owner.id).toBe(bea.id);
  const turnedAway = (await more).filter(({ status }) => status === 'rejected');
  expect(turnedAway.length).toBeGreaterThan(0);
  expect(turnedAway[0]).toMatchObject({ reason: { code: 'rate_limited', retryAfterSeconds: 1 } });
  // Somebody new in that network waits for their turn and is let in.
  expect((await door.admit(bea.value, from('192.0.2.7')))?.session?.owner.id).toBe(bea.id);
});
