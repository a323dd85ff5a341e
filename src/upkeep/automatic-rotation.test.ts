import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anonymousCaller, readToken } from '../manage/index.ts';
import { claimToken } from '../people/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';
import { externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { openUnderPepper } from '../token/index.ts';
import { rotationsDue } from './index.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let house: TestEngine;
const open = async (profile: Profile = keyhouse) => {
  house = await testEngine({ sendsMail: true, profile });
};
beforeEach(() => open());
afterEach(() => house.close());

const rotating = (externalId: string, token: Record<string, unknown> = {}) =>
  externalToken(house, {
    externalId,
    workspace: 'org-7',
    may: ['servers:read'],
    token: { auto_rotate: true, notification_email: `${externalId}@example.com`, ...token },
  });

/** What was put into the outbox since the last look, oldest first, with the secret of its link. */
async function mailed() {
  const now = house.clock.now();
  const mails = await house.opened.upkeep.mailQueue.claim(now, now + 1, { count: 1_000 });
  for (const mail of mails) await house.opened.upkeep.mailQueue.settle(mail, { state: 'sent', at: now });
  return mails
    .toSorted((one, other) => one.createdAt - other.createdAt)
    .map(({ template, to, data, sealed }) => ({
      template,
      to,
      data,
      secret:
        sealed === null ? null : (openUnderPepper(sealed, 'mail', house.engine.pepper()) ?? '').slice('/claim#'.length),
    }));
}

const visitor = () => anonymousCaller({ ip: '198.51.100.7', requestId: 'req_claim', idempotencyKey: null });
const claim = (secret: string | null) => house.as(visitor(), claimToken, { secret });
const stateOf = async (id: string) => (await house.asHost(readToken, { id })).rotation;

describe('a token that rotates by itself', () => {
  it('D10, row 66: waits for its period, mails a link, gives the successor to whoever has it, and ends the old one after its grace', async () => {
    const { token, value } = await rotating('ada', { rotation_period: '30d', grace_period: '2d' });
    expect(token.rotation).toMatchObject({ auto_rotate: true, rotation_period: '30d', state: 'scheduled' });
    house.clock.advance(30 * DAY_MS - 1);
    await house.runJob(rotationsDue);
    expect(await mailed()).toEqual([]);
    house.clock.advance(1);
    await house.runJob(rotationsDue);
    await house.runJob(rotationsDue);
    const [mail, ...more] = await mailed();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ template: 'rotation_due', to: 'ada@example.com', data: { name: 'for ada' } });
    expect(await stateOf(token.id)).toMatchObject({ state: 'claimable', due_at: expect.any(String) });
    house.clock.advance(5 * DAY_MS);
    expect(await house.verdict(value)).toBe('ok');

    const claimed = await claim(mail?.secret ?? null);
    expect(claimed).toMatchObject({ name: 'for ada', environment: 'live', old_key: { id: token.id } });
    expect(await house.verdict(claimed.new_key.value as string, ['servers:read'], { cost: 0 })).toBe('ok');
    expect((await claim(mail?.secret ?? null)).new_key).toEqual(claimed.new_key);
    expect(await stateOf(claimed.new_key.id)).toMatchObject({ state: 'scheduled' });
    house.clock.advance(2 * DAY_MS - 1);
    expect(await house.verdict(value)).toBe('ok');
    house.clock.advance(1);
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.verdict(claimed.new_key.value as string)).toBe('ok');
  });
});
