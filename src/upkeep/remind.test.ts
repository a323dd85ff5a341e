import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebhook, revokeToken, rotateToken, updateOwner, updateToken } from '../manage/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';
import { becomeAdmin, externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { takeMails } from '../testing/mailed.ts';
import { JOBS, remind } from './index.ts';

const DAY_MS = 24 * 60 * 60_000;

let house: TestEngine;
const open = async (profile: Profile) => {
  await house.close();
  house = await testEngine({ sendsMail: true, profile });
};
beforeEach(async () => {
  house = await testEngine({ sendsMail: true });
});
afterEach(() => house.close());

const tokenOf = (externalId: string, token: Record<string, unknown> = {}, workspace = 'org-7') =>
  externalToken(house, {
    externalId,
    workspace,
    may: [],
    token: { name: externalId, notification_email: `${externalId}@example.com`, ...token },
  });

interface Listed {
  readonly kind: string;
  readonly name: string;
  readonly tokens: number | null;
}

/** What was mailed: to whom, and which reminders; other mails by their name alone. */
async function mailed(): Promise<string[]> {
  return (await takeMails(house))
    .map(({ template, to, data }) => {
      const who = to.split('@')[0];
      if (template !== 'reminders') return `${who}: ${template}`;
      const items = JSON.parse(data.items ?? '') as Listed[];
      const listed = items.map(({ kind, name, tokens }) => `${kind} ${name}${tokens === null ? '' : ` ${tokens}`}`);
      const rest = Number(data.count) - items.length;
      return `${who}: ${listed.join(', ')}${rest === 0 ? '' : `, and ${rest} more`}`;
    })
    .toSorted();
}

/** Lets days pass in such steps, every job running in each; what was mailed after how many days in all. */
async function live(steps: readonly number[], everyStep: (day: number) => Promise<unknown> = async () => {}) {
  const told: [number, ...string[]][] = [];
  let day = 0;
  for (const days of steps) {
    house.clock.advance(days * DAY_MS);
    day += days;
    await everyStep(day);
    for (const job of JOBS) await house.runJob(job);
    const mails = await mailed();
    if (mails.length > 0) told.push([day, ...mails]);
  }
  return told;
}

const days = (count: number) => Array<number>(count).fill(1);

/** Tokens of every kind, and what happens to them in a year. */
async function aYear(steps: readonly number[]) {
  await becomeAdmin(house);
  const { value } = await tokenOf('daily', { expires_in: '200d' });
  const rotating = await tokenOf('turning', { auto_rotate: true, rotation_period: '90d' });
  await tokenOf('idle');
  await tokenOf('brief', { expires_in: '20d' });
  await tokenOf('leaver');
  await tokenOf('leaver', { name: 'second' });
  const revoked = await tokenOf('revoked', { expires_in: '60d' });
  const byHand = await tokenOf('by-hand');
  let turning = rotating.value;
  let hasLeft = false;
  let isRevoked = false;
  let hand: string | null = byHand.value;
  return live(steps, async (day) => {
    if (day < 200) await house.verdict(value);
    await house.verdict(turning);
    if (house.clock.now() >= Date.parse(rotating.token.created_at) + 91 * DAY_MS && turning === rotating.value) {
      turning = (await house.asBearer(turning, rotateToken, { id: 'current', grace_period: '0s' })).new_key
        .value as string;
    }
    if (day >= 50 && !isRevoked) {
      isRevoked = true;
      await house.asHost(revokeToken, { id: revoked.token.id });
    }
    if (day >= 60 && hand !== null) {
      await house.asBearer(hand, rotateToken, { id: 'current', grace_period: '0s' });
      hand = null;
    }
    if (day >= 80 && !hasLeft) {
      hasLeft = true;
      await house.asHost(updateOwner, { external_id: 'leaver', disabled: true });
    }
  });
}

/** What comes of `aYear` day by day. */
const YEAR = [
  [13, 'brief: expiring brief'],
  [19, 'brief: expiring brief'],
  [30, 'revoked: expiring revoked'],
  [80, 'grace: owner_ended leaver 2'],
  [
    90,
    'daily: rotation_overdue daily',
    'grace: rotation_overdue First management token, unused First management token',
    'idle: rotation_overdue idle, unused idle',
    'turning: rotation_due',
  ],
  [140, 'daily: expiring daily'],
  [150, 'by-hand: rotation_overdue by-hand, unused by-hand'],
  [170, 'daily: expiring daily'],
  [181, 'turning: rotation_due'],
  [188, 'turning: rotation_reminder'],
  [193, 'daily: expiring daily'],
  [195, 'turning: rotation_reminder'],
  [199, 'daily: expiring daily'],
  [202, 'turning: rotation_reminder'],
  [209, 'turning: rotation_overdue'],
];

describe('a year of every job, in seconds', () => {
  it('H9, S7, row 51: tells everybody exactly this, day by day', async () => {
    expect(await aYear(days(365))).toEqual(YEAR);
  });

  it('row 95: tells the nearest alone of what was missed in a month without it, and nothing again as the clock is set back', async () => {
    const steps = [...days(10), 0.25, 0.5, 2.25, ...days(112), 47, 0, ...days(30), 3, 0.5, ...days(3.5 * 2), 0.5];
    const missed = [172, 'by-hand: rotation_overdue by-hand, unused by-hand', 'daily: expiring daily'];
    const late = YEAR.filter(([day]) => Number(day) < 140 || Number(day) > 172).map((told) =>
      told[0] === 209 ? [209.5, ...told.slice(1)] : told,
    );
    const told = [...late.slice(0, 5), missed, ...late.slice(5)];
    expect(await aYear(steps)).toEqual(told);
    house.clock.stepWall(-100 * DAY_MS);
    expect(await live(days(100))).toEqual([]);
  });

  it('is told of the one token of each owner alone, where a new one ends the one before', async () => {
    await open({ ...keyhouse, onePerOwner: true, rotation: { gracePeriod: '0s' } });
    await tokenOf('ada');
    const told = await live(days(200), async (day) => {
      if (day === 60) await tokenOf('ada', { name: 'second' });
    });
    expect(told).toEqual([[150, 'ada: rotation_overdue second, unused second']]);
  });
});

describe('reminders', () => {
  it('come in one mail a day, which lists the most urgent and counts the rest', async () => {
    await open({ ...keyhouse, tokensPerWorkspaceMax: null });
    const email = 'ops@example.com';
    for (let count = 0; count < 60; count++) await tokenOf('ops', { name: `t${count}`, notification_email: email });
    await tokenOf('ops', { name: 'ending', expires_in: '97d' });
    house.clock.advance(90 * DAY_MS);
    await house.runJob(remind);
    const [mail, ...more] = await takeMails(house);
    expect(more).toEqual([]);
    const items = JSON.parse(mail?.data.items ?? '') as Listed[];
    expect(mail?.data.count).toBe('123');
    expect(items).toHaveLength(25);
    expect(`${items[0]?.kind} ${items[0]?.name}`).toBe('expiring ending');
    expect(new Set(items.slice(1).map(({ kind }) => kind))).toEqual(new Set(['rotation_overdue']));
    // What is noticed later that day waits for the next one.
    await tokenOf('ops', { name: 'late', expires_in: '1d' });
    await tokenOf('ops', { name: 'later', expires_in: '2d' });
    house.clock.advance(60_000);
    await house.runJob(remind);
    expect(await mailed()).toEqual([]);
    house.clock.advance(DAY_MS - 60_000);
    await house.runJob(remind);
    expect(await mailed()).toEqual(['ops: expiring later']);
  });

  it('are not sent of what is not so any more when the mail goes out', async () => {
    await becomeAdmin(house);
    const { token } = await tokenOf('ada', { expires_in: '8d' });
    const other = await tokenOf('ada', { name: 'other', expires_in: '9d' });
    await tokenOf('bob');
    await house.runJob(remind);
    house.clock.advance(DAY_MS);
    await house.runJob(remind);
    expect(await mailed()).toEqual(['ada: expiring ada']);
    // Noticed now, and mailed tomorrow.
    await house.asHost(updateToken, {
      id: token.id,
      expires_at: new Date(house.clock.now() + 2 * DAY_MS).toISOString(),
    });
    await house.asHost(updateOwner, { external_id: 'bob', disabled: true });
    await house.runJob(remind);
    expect(await mailed()).toEqual(['grace: owner_ended bob 1']);
    await house.asHost(revokeToken, { id: token.id });
    await house.asHost(updateToken, { id: other.token.id, expires_at: null });
    expect(await live(days(10))).toEqual([]);
  });

  it('tell administrators once of who left, and again of who was there in between', async () => {
    await becomeAdmin(house);
    await tokenOf('ada');
    const disable = (disabled: boolean) => house.asHost(updateOwner, { external_id: 'ada', disabled });
    await disable(true);
    expect(await live(days(2))).toEqual([[1, 'grace: owner_ended ada 1']]);
    await disable(true);
    expect(await live(days(2))).toEqual([]);
    await disable(false);
    await disable(true);
    expect(await live(days(2))).toEqual([[1, 'grace: owner_ended ada 1']]);
  });

  it('row 83: count uses that are not written yet, and begin anew with each time a token lies idle', async () => {
    const { value } = await tokenOf('ada');
    house.clock.advance(89 * DAY_MS);
    await house.verdict(value);
    expect(await live(days(100))).toEqual([
      [1, 'ada: rotation_overdue ada'],
      [90, 'ada: unused ada'],
    ]);
    await house.verdict(value);
    expect(await live(days(100))).toEqual([[90, 'ada: unused ada']]);
  });

  it('are told to webhooks too, also where nobody sends mail, and follow the profile', async () => {
    await house.close();
    const reminders = { beforeExpiry: ['3d'], rotationAfter: '5d', unusedAfter: null };
    house = await testEngine({ profile: { ...keyhouse, reminders } });
    await house.asHost(createWebhook, {
      url: 'https://hooks.example.com/',
      event_types: ['token.expiring', 'token.unused', 'token.rotation_overdue'],
    });
    const { token } = await tokenOf('ada', { expires_in: '9d' });
    const told = [];
    for (const _ of days(10)) {
      house.clock.advance(DAY_MS);
      await house.runJob(remind);
      const { deliveryQueue } = house.opened.upkeep;
      const now = house.clock.now();
      for (const delivery of await deliveryQueue.claim(now, now + 1, { count: 9 })) {
        told.push([delivery.event.type, JSON.parse(delivery.event.dataText).tokens[0].id]);
        await deliveryQueue.settle(delivery, { state: 'sent', at: now });
      }
    }
    expect(told).toEqual([
      ['token.rotation_overdue', token.id],
      ['token.expiring', token.id],
    ]);
    expect(await mailed()).toEqual([]);
  });

  it('look at every token in pages, and at none again that is not due', async () => {
    await tokenOf('ada');
    await house.runJob(remind);
    const isDue = async (at: number) => (await house.engine.store.reminders.dueTokens(at, 10)).length;
    const now = house.clock.now();
    expect([await isDue(now + 7 * DAY_MS), await isDue(now + 9 * DAY_MS)]).toEqual([0, 1]);
  });
});
