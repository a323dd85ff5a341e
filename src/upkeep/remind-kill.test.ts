import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhook, updateOwner, updateToken } from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import { keyhouse } from '../profile/index.ts';
import { becomeAdmin, externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { killedAt } from '../testing/killed-at.ts';
import { takeMails } from '../testing/mailed.ts';
import { JOBS, rotationsDue } from './index.ts';

const DAY_MS = 24 * 60 * 60_000;

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine({
    sendsMail: true,
    profile: { ...keyhouse, reminders: { rotationAfter: null, unusedAfter: null } },
  });
  await becomeAdmin(house);
  await house.asHost(createWebhook, { url: 'https://hooks.example.com/', event_types: ['token.expiring'] });
});
afterAll(() => house.close());

/** The one of automatic rotation is killed in a test of its own. */
const runAll = async () => {
  for (const job of JOBS) if (job !== rotationsDue) await house.runJob(job);
};

async function takeEvents() {
  const { deliveryQueue } = house.opened.upkeep;
  const now = house.clock.now();
  const deliveries = await deliveryQueue.claim(now, now + 1, { count: 100 });
  for (const delivery of deliveries) await deliveryQueue.settle(delivery, { state: 'sent', at: now });
  return deliveries.map(({ event }) => event.type);
}

describe('a process that is killed between any two calls of the store, in whichever job', () => {
  it('loses no notice and doubles none', async () => {
    const fields = { notification_email: 'ada@example.com' };
    const { token } = await externalToken(house, { externalId: 'ada', workspace: 'org-7', may: [], token: fields });
    await externalToken(house, { externalId: 'bob', workspace: 'org-7', may: [] });
    let isKilled = true;
    let step = 0;
    for (; isKilled; step++) {
      const end = formatInstant(house.clock.now() + 8 * DAY_MS);
      await house.asHost(updateToken, { id: token.id, expires_at: end });
      for (const disabled of [false, true]) await house.asHost(updateOwner, { external_id: 'bob', disabled });
      house.clock.advance(DAY_MS);
      isKilled = await killedAt(house, step, runAll);
      await runAll();
      const mails = await takeMails(house);
      expect([step, mails.map(({ to, data }) => [to, data.count]).toSorted()]).toEqual([
        step,
        [
          ['ada@example.com', '1'],
          ['grace@provider.example', '1'],
        ],
      ]);
      expect(mails.map(({ data }) => JSON.parse(data.items ?? '')[0].kind).toSorted()).toEqual([
        'expiring',
        'owner_ended',
      ]);
      expect(await takeEvents()).toEqual(['token.expiring']);
    }
    expect(step).toBeGreaterThan(40);
  });
});
