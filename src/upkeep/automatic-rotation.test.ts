import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  anonymousCaller,
  createUser,
  deleteUser,
  listAuditEvents,
  listTokens,
  putOwner,
  readToken,
  revokeToken,
  rotateToken,
  updateOwner,
  updateToken,
} from '../manage/index.ts';
import { claimToken } from '../people/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { takeMails } from '../testing/mailed.ts';
import { rotationsDue } from './index.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let house: TestEngine;
const open = async (profile: Profile = keyhouse, sendsMail = true) => {
  await house.close();
  house = await testEngine({ sendsMail, profile });
};
beforeEach(async () => {
  house = await testEngine({ sendsMail: true });
});
afterEach(() => house.close());

const rotating = (externalId: string, token: Record<string, unknown> = {}) =>
  externalToken(house, {
    externalId,
    workspace: 'org-7',
    may: ['servers:read'],
    token: { auto_rotate: true, rotation_period: '30d', notification_email: `${externalId}@example.com`, ...token },
  });

/** Lets time pass in steps of a day, the job running in each; what was mailed, and after how many days. */
async function live(days: number) {
  const mails: { readonly day: number; readonly template: string; readonly secret: string | null }[] = [];
  for (let day = 1; day <= days; day++) {
    house.clock.advance(DAY_MS);
    await house.runJob(rotationsDue);
    for (const { template, secret } of await takeMails(house)) mails.push({ day, template, secret });
  }
  return mails;
}

const visitor = () => anonymousCaller({ ip: '198.51.100.7', requestId: 'req_claim', idempotencyKey: null });
const claim = (secret: string | null | undefined) => house.as(visitor(), claimToken, { secret });
const refusal = async (work: Promise<unknown>) => (await rejectionOf(work)).code;
const rotationOf = async (id: string) => (await house.asHost(readToken, { id })).rotation;
const rotateSelf = (value: string, input: Record<string, unknown> = {}) =>
  house.asBearer(value, rotateToken, { id: 'current', ...input });

describe('a token that rotates by itself', () => {
  it('D10, row 66: mails a link when its period is over, and gives its successor to whoever has it', async () => {
    const { token, value } = await rotating('ada', { grace_period: '2d' });
    expect(token.rotation).toMatchObject({ auto_rotate: true, rotation_period: '30d', state: 'scheduled' });
    house.clock.advance(30 * DAY_MS - 1);
    await house.runJob(rotationsDue);
    expect(await takeMails(house)).toEqual([]);
    house.clock.advance(1);
    await house.runJob(rotationsDue);
    await house.runJob(rotationsDue);
    const [mail, ...more] = await takeMails(house);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ template: 'rotation_due', to: 'ada@example.com', data: { name: 'for ada' } });
    expect(JSON.stringify(mail?.data)).not.toContain(value.slice(-20));
    expect((await house.asHost(listTokens, { owner_external_id: 'ada' })).data).toHaveLength(1);
    expect(await rotationOf(token.id)).toMatchObject({ state: 'claimable' });
    house.clock.advance(5 * DAY_MS);
    expect(await house.verdict(value)).toBe('ok');

    const claimed = await claim(mail?.secret);
    expect(claimed).toMatchObject({ name: 'for ada', environment: 'live', old_key: { id: token.id } });
    expect(await rotationOf(claimed.new_key.id)).toMatchObject({ state: 'scheduled' });
    house.clock.advance(2 * DAY_MS - 1);
    expect(await house.verdict(value)).toBe('ok');
    house.clock.advance(1);
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.verdict(claimed.new_key.value as string)).toBe('ok');
    const { data } = await house.asHost(listAuditEvents, { subject_id: token.lineage_id });
    expect(data.map(({ action }) => action)).toEqual(['token.rotated', 'token.rotation_due', 'token.created']);
    expect(data[0]).toMatchObject({
      details: { claimed_by: 'link', was_due: true },
      personal: { claimed_by: 'ada@example.com', ip: '198.51.100.7' },
    });
  });

  it('row 67: gives the same value to the same link until it is used, or for ten minutes', async () => {
    const { value } = await rotating('ada');
    const [mail] = await live(30);
    const first = await claim(mail?.secret);
    house.clock.advance(10 * MINUTE_MS - 1);
    expect((await claim(mail?.secret)).new_key).toEqual(first.new_key);
    // Whoever comes another way was not the one it was given to.
    expect(await refusal(rotateSelf(value))).toBe('already_rotated');
    await house.verdict(first.new_key.value as string);
    expect(await refusal(claim(mail?.secret))).toBe('already_rotated');

    house.clock.advance(30 * DAY_MS);
    await house.runJob(rotationsDue);
    const [next] = await takeMails(house);
    await claim(next?.secret);
    house.clock.advance(10 * MINUTE_MS);
    expect(await refusal(claim(next?.secret))).toBe('link_invalid');
  });

  it('is claimed by a running client with the old token itself, which can ask for it every day', async () => {
    const { token, value } = await rotating('ada');
    house.clock.advance(29 * DAY_MS);
    const early = await rejectionOf(rotateSelf(value, { only_if_due: true }));
    expect(early).toMatchObject({ code: 'not_due', extra: { due_at: token.rotation.due_at } });
    house.clock.advance(DAY_MS);
    const rotated = await rotateSelf(value, { only_if_due: true });
    expect((await rotateSelf(value, { only_if_due: true })).new_key).toEqual(rotated.new_key);
    // Without the job, and after it: nobody is told of what is done.
    await house.runJob(rotationsDue);
    expect(await takeMails(house)).toEqual([]);
    const plain = await externalToken(house, { externalId: 'bob', workspace: 'org-7', may: [] });
    const never = await rejectionOf(rotateSelf(plain.value, { only_if_due: true }));
    expect(never).toMatchObject({ code: 'not_due', extra: { due_at: null } });
  });

  it('lets every link to it lapse once its successor was taken, by whomever', async () => {
    const { value } = await rotating('ada');
    const [mail] = await live(30);
    await rotateSelf(value);
    expect(await refusal(claim(mail?.secret))).toBe('already_rotated');
    house.clock.advance(10 * MINUTE_MS);
    expect(await refusal(claim(mail?.secret))).toBe('link_invalid');
  });

  it('row 25: gives nothing to whoever is told of the token no more: another address, another administrator', async () => {
    await becomeAdmin(house);
    const { token } = await rotating('ada', { notification_email: null });
    const at = { external_id: 'ada', workspace: { external_id: 'org-7' }, permissions: ['servers:read'] };
    const moveTo = (email: string) => house.asHost(putOwner, { ...at, email });
    const member = { workspace: { id: token.workspace.id }, permissions: [], roles: ['admin'] };
    const admin = await house.asHost(createUser, { email: 'admin@example.com', ...member });
    await house.asHost(createUser, { email: 'second@example.com', ...member });
    house.clock.advance(30 * DAY_MS);
    await house.runJob(rotationsDue);
    const links = new Map((await takeMails(house)).map(({ to, secret }) => [to, secret]));
    expect([...links.keys()].toSorted()).toEqual(['admin@example.com', 'second@example.com']);
    await house.asHost(deleteUser, { id: admin.id });
    expect(await refusal(claim(links.get('admin@example.com')))).toBe('link_invalid');
    await moveTo('ada@example.com');
    expect(await refusal(claim(links.get('second@example.com')))).toBe('link_invalid');
    house.clock.advance(7 * DAY_MS);
    await house.runJob(rotationsDue);
    const [mail] = await takeMails(house);
    expect(mail?.to).toBe('ada@example.com');
    await moveTo('lovelace@example.com');
    expect(await refusal(claim(mail?.secret))).toBe('link_invalid');
    await moveTo('ada@example.com');
    expect((await claim(mail?.secret)).old_key.id).toBe(token.id);
  });

  it('row 66: reminds three times, is overdue then, and goes on working: nobody is locked out', async () => {
    const { token, value } = await rotating('ada');
    const told = await live(120);
    expect(told.map(({ day, template }) => [day, template])).toEqual([
      [30, 'rotation_due'],
      [37, 'rotation_reminder'],
      [44, 'rotation_reminder'],
      [51, 'rotation_reminder'],
      [58, 'rotation_overdue'],
    ]);
    expect(await rotationOf(token.id)).toMatchObject({ state: 'overdue', on_unclaimed: 'keep' });
    expect(await house.verdict(value)).toBe('ok');
    expect((await rotateSelf(value)).old_key.id).toBe(token.id);
  });

  it('row 66: ends instead where that was asked for, after saying so in every warning', async () => {
    await open({ ...keyhouse, rotation: { gracePeriod: '7d', reminders: ['1d', '2d'], onUnclaimed: 'end' } });
    const { token, value } = await rotating('ada');
    const kept = await rotating('bob', { on_unclaimed: 'keep' });
    house.clock.advance(30 * DAY_MS);
    const told = [];
    for (const days of [0, 1, 1]) {
      house.clock.advance(days * DAY_MS);
      await house.runJob(rotationsDue);
      told.push(...(await takeMails(house)).filter(({ to }) => to === 'ada@example.com'));
    }
    const end = new Date(Date.parse(token.created_at) + 33 * DAY_MS).toISOString();
    expect(told.map(({ data }) => data.ends_at)).toEqual([end, end, end]);
    expect(await house.verdict(value)).toBe('ok');
    house.clock.advance(DAY_MS);
    await house.runJob(rotationsDue);
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.verdict(kept.value)).toBe('ok');
    expect((await takeMails(house)).map(({ template }) => template).toSorted()).toEqual([
      'rotation_ended',
      'rotation_overdue',
    ]);
    expect(await refusal(claim(told.at(-1)?.secret))).toBe('link_invalid');
  });

  it('row 66: never ends a token whose owner could not be told', async () => {
    await open(keyhouse, false);
    const { token, value } = await rotating('ada', { on_unclaimed: 'end' });
    expect(await live(120)).toEqual([]);
    expect(await house.verdict(value)).toBe('ok');
    expect(await rotationOf(token.id)).toMatchObject({ state: 'overdue' });
  });

  it('row 66: is told to whoever is named after all, and does not end for what nobody was told before', async () => {
    const { token, value } = await rotating('ada', { on_unclaimed: 'end', notification_email: null });
    expect(await live(50)).toEqual([]);
    await house.asHost(updateToken, { id: token.id, notification_email: 'ops@example.com' });
    expect((await live(60)).map(({ template }) => template)).toEqual(['rotation_reminder', 'rotation_overdue']);
    await house.asHost(updateToken, { id: token.id, notification_email: 'dev@example.com' });
    const [again, ...more] = await live(20);
    expect([again?.template, more]).toEqual(['rotation_overdue', []]);
    expect(await house.verdict(value)).toBe('ok');
    expect((await claim(again?.secret)).old_key.id).toBe(token.id);
  });

  it('goes by a period that is changed, and by none once it is taken away', async () => {
    const { token } = await rotating('ada');
    await house.asHost(updateToken, { id: token.id, rotation_period: '60d' });
    expect(await live(59)).toEqual([]);
    const [mail] = await live(1);
    await house.asHost(updateToken, { id: token.id, auto_rotate: false });
    expect(await refusal(claim(mail?.secret))).toBe('link_invalid');
    expect(await live(60)).toEqual([]);
    expect(await rotationOf(token.id)).toMatchObject({ state: null, due_at: null });
  });

  it('waits while it is disabled or its owner is, and is given to nobody then', async () => {
    const { token } = await rotating('ada');
    const [mail] = await live(30);
    await house.asHost(updateOwner, { external_id: 'ada', disabled: true });
    expect(await refusal(claim(mail?.secret))).toBe('link_invalid');
    expect(await live(10)).toEqual([]);
    await house.asHost(updateOwner, { external_id: 'ada', disabled: false });
    await house.asHost(updateToken, { id: token.id, disabled: true });
    expect(await refusal(claim(mail?.secret))).toBe('link_invalid');
    expect(await live(10)).toEqual([]);
    await house.asHost(updateToken, { id: token.id, disabled: false });
    expect((await live(1)).map(({ template }) => template)).toEqual(['rotation_reminder']);
    await house.asHost(revokeToken, { id: token.id });
    expect(await refusal(claim(mail?.secret))).toBe('link_invalid');
    expect(await live(60)).toEqual([]);
  });

  it('is due before a life that the profile gave is over, and never when it ends before that by request', async () => {
    await open({ ...keyhouse, expiry: { lifetime: '40d', lifetimeMax: null } });
    const { token, value } = await rotating('ada', { rotation_period: '90d' });
    const short = await rotating('bob', { expires_in: '20d' });
    expect(short.token.rotation).toMatchObject({ due_at: null, state: null });
    const [mail, ...more] = await live(36);
    expect([mail?.day, more]).toEqual([30, []]);
    const claimed = await claim(mail?.secret);
    const { expires_at } = await house.asHost(readToken, { id: claimed.new_key.id });
    expect(Date.parse(expires_at ?? '') - house.clock.now()).toBe(40 * DAY_MS);
    expect(await house.verdict(value)).toBe('ok');
    expect(token.expires_at).not.toBe(expires_at);
  });

  it('row 66: lives a year by its links, one rotation for each period, and never stops working', async () => {
    const made = await rotating('ada', { grace_period: '3d' });
    let { value } = made;
    let rotations = 0;
    for (let day = 1; day <= 365; day++) {
      house.clock.advance(DAY_MS);
      await house.runJob(rotationsDue);
      expect(await house.verdict(value)).toBe('ok');
      for (const { secret } of await takeMails(house)) {
        value = (await claim(secret)).new_key.value as string;
        rotations++;
      }
    }
    expect(rotations).toBe(12);
    const { data } = await house.asHost(listTokens, { owner_external_id: 'ada', limit: 100 });
    expect(data).toHaveLength(13);
    expect(data.filter(({ state }) => state === 'active')).toHaveLength(1);
  });
});

describe('whoever has a successor mailed to an address of their choice', () => {
  it('row 25: acts for its owner, and needs to be allowed to', async () => {
    const { token } = await rotating('ada', { notification_email: null });
    const plain = await externalToken(house, { externalId: 'bob', workspace: 'org-7', may: ['servers:read'] });
    const { value } = await workspaceManager(house, 'org-7', ['keyhouse-tokens:read', 'keyhouse-tokens:write']);
    const change = (input: Record<string, unknown>) => refusal(house.asBearer(value, updateToken, input));
    const email = 'eve@example.com';
    expect(await change({ id: token.id, notification_email: email })).toBe('insufficient_permissions');
    await house.asBearer(value, updateToken, { id: plain.token.id, notification_email: email });
    expect(await change({ id: plain.token.id, auto_rotate: true })).toBe('insufficient_permissions');
    await house.asBearer(value, updateToken, { id: plain.token.id, notification_email: null, auto_rotate: true });
    await house.asHost(updateToken, { id: token.id, notification_email: 'ops@example.com' });
  });

  it('row 25: ends what was mailed to the address before, and the new one is told at once', async () => {
    const { token } = await rotating('ada');
    const [before] = await live(30);
    await house.asHost(updateToken, { id: token.id, notification_email: 'ops@example.com' });
    expect(await refusal(claim(before?.secret))).toBe('link_invalid');
    await house.runJob(rotationsDue);
    const [after] = await takeMails(house);
    expect(after?.to).toBe('ops@example.com');
    expect((await claim(after?.secret)).old_key.id).toBe(token.id);
  });
});

describe('an old token that ends when its successor is first used', () => {
  it('works through its grace until then, and not in the very next request', async () => {
    const { value } = await externalToken(house, { externalId: 'ada', workspace: 'org-7', may: ['servers:read'] });
    const { new_key } = await rotateSelf(value, { grace_period: '7d', end_old_on_first_use: true });
    expect(await house.verdict(value)).toBe('ok');
    expect(await house.verdict(new_key.value as string, ['servers:read'], { cost: 0 })).toBe('ok');
    expect(await house.verdict(value)).toBe('ok');
    expect(await house.verdict(new_key.value as string)).toBe('ok');
    expect(await house.verdict(value)).toBe('invalid_token');
    const { data } = await house.asHost(listAuditEvents, { limit: 1 });
    expect(data[0]).toMatchObject({ action: 'token.replaced', actor: { kind: 'system' } });
    // What one rotation asked for is not what the line is set to.
    expect(await rotationOf(new_key.id)).toMatchObject({ end_old_on_first_use: false });
    const again = await rotateSelf(new_key.value as string);
    await house.verdict(again.new_key.value as string);
    expect(await house.verdict(new_key.value as string)).toBe('ok');
  });

  it('can be so for all rotations of a token, unless one says otherwise', async () => {
    const { value } = await rotating('ada', { end_old_on_first_use: true });
    const first = await rotateSelf(value, { end_old_on_first_use: false });
    await house.verdict(first.new_key.value as string);
    expect(await house.verdict(value)).toBe('ok');
    const second = await rotateSelf(first.new_key.value as string);
    await house.verdict(second.new_key.value as string);
    expect(await house.verdict(first.new_key.value as string)).toBe('invalid_token');
  });
});
