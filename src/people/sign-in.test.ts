import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  givePassword,
  isSignedIn,
  PASSWORD,
  person,
  secretOf,
  signInAs,
  visitor,
} from '../../test/people/signed-in.ts';
import {
  askWhy,
  createToken,
  createWorkspace,
  deleteUser,
  listAuditEvents,
  listUsers,
  perform,
  putOwner,
  readOwner,
  updateUser,
  updateWorkspace,
} from '../manage/index.ts';
import { rejectionOf } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  changePassword,
  changeWorkspace,
  createPasswordReset,
  listSessions,
  readSession,
  requestPasswordReset,
  resetPassword,
  signIn,
  signOutEverywhere,
} from './index.ts';

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
});
afterAll(() => house.close());

const attempt = (email: string, password: string, ip = '192.0.2.7', device: string | null = null) =>
  house.as(visitor(ip, device), signIn, { email, password });
const codeOf = async (asked: Promise<unknown>) => {
  const [settled] = await Promise.allSettled([asked]);
  return settled.status === 'fulfilled' ? 'in' : (settled.reason as { code: string }).code;
};

describe('guessing a password (row 100a)', () => {
  it('row 100a: 200 parallel guesses are a handful of hashes, from one address and from many', async () => {
    for (const [name, ipOf] of [
      ['one', () => '198.51.100.1'],
      ['many', (index: number) => `203.0.${index}.1`],
      ['slash64', (index: number) => `2001:db8:5:5::${index.toString(16)}`],
    ] as const) {
      const { email } = await person(house, `guessed-${name}`);
      house.clock.advance(60_000);
      const guesses = Array.from({ length: 200 }, (_, index) => codeOf(attempt(email, `guess ${index}`, ipOf(index))));
      const codes = await Promise.all(guesses);
      const hashed = codes.filter((code) => code === 'invalid_sign_in').length;
      expect(hashed, name).toBeLessThanOrEqual(name === 'many' ? 10 : 5);
      expect(hashed, name).toBeGreaterThan(0);
      expect(codes.filter((code) => code === 'rate_limited').length, name).toBe(200 - hashed);
    }
  });

  it('row 100a: waiting doubles, spelling the address otherwise does not help, and the right password ends it', async () => {
    const { email } = await person(house, 'slowed');
    for (let count = 0; count < 5; count++) expect(await codeOf(attempt(email, 'wrong'))).toBe('invalid_sign_in');
    for (const waitMs of [1_000, 2_000, 4_000]) {
      const spelled = `  ${email.toUpperCase()} `;
      const refused: unknown = await attempt(spelled, PASSWORD).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'rate_limited', retryAfterSeconds: waitMs / 1_000 });
      house.clock.advance(waitMs);
      expect(await codeOf(attempt(spelled, 'wrong'))).toBe('invalid_sign_in');
    }
    house.clock.advance(8_000);
    expect(await codeOf(attempt(email, PASSWORD))).toBe('in');
    for (let count = 0; count < 5; count++) expect(await codeOf(attempt(email, 'wrong'))).toBe('invalid_sign_in');
  });

  it('row 100a: strangers cannot lock out the device on which somebody has signed in before', async () => {
    const { email, device } = await person(house, 'known');
    const other = await person(house, 'other');
    for (let index = 0; index < 40; index++) await codeOf(attempt(email, 'wrong', `192.0.${index}.9`));
    expect(await codeOf(attempt(email, PASSWORD, '192.0.99.9'))).toBe('rate_limited');
    expect(await codeOf(attempt(email, PASSWORD, '192.0.99.9', other.device)), 'known to another').toBe('rate_limited');
    expect(await codeOf(attempt(email, PASSWORD, '192.0.99.9', `${device}x`)), 'forged').toBe('rate_limited');
    expect(await codeOf(attempt(email, PASSWORD, '192.0.99.9', device))).toBe('in');
  });

  it('row 100a: asking for links neither forgets what was guessed nor keeps anybody from signing in', async () => {
    const { email } = await person(house, 'flooded');
    for (let count = 0; count < 5; count++) expect(await codeOf(attempt(email, 'wrong'))).toBe('invalid_sign_in');
    const ask = (index: number) =>
      codeOf(
        house.as(visitor(`2001:db8:${(index % 4_096).toString(16)}::1`), requestPasswordReset, {
          email: `nobody-${index}@example.com`,
        }),
      );
    for (let index = 0; index < 40_000; index++) await ask(index);
    expect(await codeOf(attempt(email, 'wrong'))).toBe('rate_limited');
    for (let count = 0; count < 60; count++) await ask(4_096 * count);
    expect(await codeOf(attempt(email, PASSWORD, '2001:db8::1'))).toBe('in');
  }, 30_000);

  it('row 100a: asking for the password again inside a session is no way around', async () => {
    const who = await person(house, 'borrowed');
    const caller = await who.caller();
    const tries = Array.from({ length: 30 }, () =>
      codeOf(house.as(caller, changePassword, { current: 'wrong', new: 'five other words of mine' })),
    );
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === 'invalid_input').length).toBeLessThanOrEqual(5);
    expect(codes).toContain('rate_limited');
  });
});

describe('who is there (row 100b)', () => {
  it('row 100b: unknown, wrong, disabled, without a password and without a workspace are one answer', async () => {
    house.clock.advance(24 * 60 * 60_000);
    const wrong = await person(house, 'wrong');
    const disabled = await person(house, 'disabled');
    await house.asHost(updateUser, { id: disabled.id, disabled: true });
    const homeless = await person(house, 'homeless');
    await house.asHost(updateUser, { id: homeless.id, memberships: [] });
    const answers = await Promise.all([
      rejectionOf(attempt('nobody@example.com', PASSWORD, '192.0.2.21')),
      rejectionOf(attempt(wrong.email, 'wrong', '192.0.2.22')),
      rejectionOf(attempt(disabled.email, PASSWORD, '192.0.2.23')),
      rejectionOf(attempt(homeless.email, PASSWORD, '192.0.2.24')),
    ]);
    const seen = answers.map(({ code, message, extra }) => JSON.stringify({ code, message, extra }));
    expect(new Set(seen).size).toBe(1);
    expect(answers[0]?.code).toBe('invalid_sign_in');
    const counted = async (email: string, password: string) => {
      const tries = Array.from({ length: 8 }, () => codeOf(attempt(email, password, '192.0.2.25')));
      return (await Promise.all(tries)).sort();
    };
    expect(await counted(homeless.email, PASSWORD)).toEqual(await counted('nobody@example.com', PASSWORD));
  });

  it('row 100b: asking for a link is answered alike for everybody, and written down alike', async () => {
    const mailing = await testEngine({ sendsMail: true });
    const { email } = await person(mailing, 'forgetful');
    const before = await mailing.engine.store.changeFeed.newest();
    const known = await mailing.as(visitor('192.0.2.31'), requestPasswordReset, { email });
    const unknown = await mailing.as(visitor('192.0.2.32'), requestPasswordReset, { email: 'nobody@example.com' });
    expect(known).toEqual(unknown);
    expect(await mailing.engine.store.changeFeed.newest()).toBe(before + 2);
    await mailing.close();
  });
});

describe('sessions (rows 29, 100c)', () => {
  it('row 29: what stops the user stops the session at the very next request', async () => {
    const stops: readonly ((who: Awaited<ReturnType<typeof person>>) => Promise<unknown>)[] = [
      ({ id }) => house.asHost(updateUser, { id, disabled: true }),
      ({ id }) => house.asHost(updateUser, { id, memberships: [] }),
      ({ id }) => house.asHost(deleteUser, { id }),
      ({ workspaceId }) => house.asHost(updateWorkspace, { id: workspaceId, disabled: true }),
    ];
    for (const [index, stop] of stops.entries()) {
      const who = await person(house, `stopped-${index}`);
      expect(await isSignedIn(house, who.value)).toBe(true);
      await stop(who);
      expect(await isSignedIn(house, who.value), String(index)).toBe(false);
    }
  });

  it('row 29: a disabled user who is enabled again has to sign in again', async () => {
    const who = await person(house, 'back');
    await house.asHost(updateUser, { id: who.id, disabled: true });
    await house.asHost(updateUser, { id: who.id, disabled: false });
    expect(await isSignedIn(house, who.value)).toBe(false);
    expect(await codeOf(attempt(who.email, PASSWORD, '192.0.2.41'))).toBe('in');
  });

  it('row 29: a demotion binds the session at once, also one whose request is under way', async () => {
    const who = await person(house, 'demoted', { permissions: ['keyhouse-tokens:write', 'servers:read'] });
    const underWay = await who.caller();
    await house.asHost(updateUser, { id: who.id, workspace: { id: who.workspaceId }, permissions: ['servers:read'] });
    const minting = house.as(underWay, createToken, { name: 'x', permissions: ['keyhouse-tokens:write'] });
    expect(await codeOf(minting)).toBe('authentication_required');
    const { permissions } = await house.as(await who.caller(), readSession, {});
    expect(permissions).toEqual({ management: [], grantable: ['servers:read'] });
  });

  it('row 100c: a session that ended leaves nothing behind, also by a request that is under way', async () => {
    const who = await person(house, 'ended', { permissions: ['servers:read'] });
    const underWay = await who.caller();
    await house.as(await who.caller(), signOutEverywhere, {});
    const minting = house.as(underWay, createToken, { name: 'x', permissions: ['servers:read'] });
    expect(await codeOf(minting)).toBe('authentication_required');
  });

  it('a token that somebody makes for oneself can do no more than they can', async () => {
    const who = await person(house, 'modest', { permissions: ['servers:read'] });
    const caller = await who.caller();
    const made = await house.as(caller, createToken, { name: 'own', permissions: ['servers:read'] });
    expect(made.created_by).toEqual({ kind: 'user', id: who.id });
    expect(await codeOf(house.as(caller, createToken, { name: 'x', permissions: ['servers:write'] }))).toBe(
      'exceeds_creator',
    );
    expect(
      await codeOf(house.as(caller, createToken, { name: 'x', permissions: ['servers:read'], limits: 'unlimited' })),
    ).toBe('exceeds_creator');
    expect(await codeOf(house.as(caller, listUsers, {}))).toBe('insufficient_permissions');
  });

  it('row 100c: a changed password ends every other session, a reset one ends all, and each link is good once', async () => {
    const who = await person(house, 'changing');
    const elsewhere = await signInAs(house, who.email);
    const { data } = await house.as(await who.caller(), listSessions, {});
    expect(data.map(({ current }) => current).sort()).toEqual([false, true]);
    await house.as(await who.caller(), changePassword, { current: PASSWORD, new: 'five other words of mine' });
    expect([await isSignedIn(house, who.value), await isSignedIn(house, elsewhere.value)]).toEqual([true, false]);
    expect(await codeOf(attempt(who.email, PASSWORD, '192.0.2.51'))).toBe('invalid_sign_in');
    const { link } = await house.asHost(createPasswordReset, { id: who.id });
    const input = { secret: secretOf(link), password: PASSWORD };
    const twice = await Promise.all([1, 2, 3].map(() => codeOf(house.as(visitor(), resetPassword, input))));
    expect(twice.sort()).toEqual(['in', 'link_invalid', 'link_invalid']);
    expect(await isSignedIn(house, who.value)).toBe(false);
    expect(await codeOf(attempt(who.email, PASSWORD, '192.0.2.52'))).toBe('in');
  });

  it('row 100c: a change of password that a reset overtakes changes nothing', async () => {
    const who = await person(house, 'overtaken');
    const caller = await who.caller();
    const { link } = await house.asHost(createPasswordReset, { id: who.id });
    const { changes } = house.engine;
    const overtaken: typeof changes = {
      rehearse: (work, look) => changes.rehearse(work, look),
      commit: async (work) => {
        await house.as(visitor(), resetPassword, {
          secret: secretOf(link),
          password: 'six words that the owner chose',
        });
        return changes.commit(work);
      },
    };
    const input = { current: PASSWORD, new: 'five other words of mine' };
    const changing = perform(changePassword, { ...house.engine, changes: overtaken }, caller, input);
    expect(await codeOf(changing)).toBe('authentication_required');
    expect(await codeOf(attempt(who.email, 'six words that the owner chose', '192.0.2.61'))).toBe('in');
  });

  it('a reset link is good for an hour, and not after the address was changed', async () => {
    const who = await person(house, 'late');
    const late = await house.asHost(createPasswordReset, { id: who.id });
    house.clock.advance(60 * 60_000);
    const use = ({ link }: { link: string | null }) =>
      codeOf(house.as(visitor(), resetPassword, { secret: secretOf(link), password: PASSWORD }));
    expect(await use(late)).toBe('link_invalid');
    const moved = await house.asHost(createPasswordReset, { id: who.id });
    await house.asHost(updateUser, { id: who.id, email: 'moved@example.com' });
    expect(await use(moved)).toBe('link_invalid');
    await givePassword(house, who.id);
  });

  it('works in one workspace at a time, and only in one’s own', async () => {
    const who = await person(house, 'mover');
    const other = await house.asHost(createWorkspace, { name: 'elsewhere' });
    const foreign = await house.asHost(createWorkspace, { name: 'foreign' });
    const memberships = [
      { workspace: { id: who.workspaceId }, permissions: [] },
      { workspace: { id: other.id }, permissions: ['keyhouse-users:read'] },
    ];
    await house.asHost(updateUser, { id: who.id, memberships });
    expect((await house.as(await who.caller(), readSession, {})).permissions.management).toEqual([]);
    const moved = await house.as(await who.caller(), changeWorkspace, { workspace_id: other.id });
    expect(moved).toMatchObject({
      workspace: { id: other.id, is_home: false },
      permissions: { management: ['keyhouse-users:read'] },
    });
    expect((await house.as(await who.caller(), listUsers, {})).data.map(({ id }) => id)).toEqual([who.id]);
    const gone = house.as(await who.caller(), changeWorkspace, { workspace_id: foreign.id });
    expect(await codeOf(gone)).toBe('not_found');
  });

  it('row 30: that something of another workspace exists, a request id tells nobody', async () => {
    const who = await person(house, 'curious', { permissions: ['keyhouse-owners:read', 'servers:read'] });
    const caller = await who.caller();
    const { value } = await house.as(caller, createToken, { name: 'own', permissions: ['servers:read'] });
    await house.asHost(putOwner, { external_id: 'theirs', workspace: { external_id: 'rival' }, permissions: [] });
    const told: unknown[] = [];
    for (const external_id of ['theirs', 'nobodys']) {
      const requestId = `req_${external_id}`;
      const asking = { ...caller, circumstances: { ...caller.circumstances, requestId } };
      const missed = await rejectionOf(house.as(asking, readOwner, { external_id }));
      const why = await rejectionOf(house.as(visitor(), askWhy, { token: value, request_id: requestId }));
      told.push([missed.code, missed.message, why.code, why.message]);
    }
    expect(told[0]).toEqual(told[1]);
  });

  it('neither password nor session nor link secret is in the audit log', async () => {
    const who = await person(house, 'audited');
    const { link } = await house.asHost(createPasswordReset, { id: who.id });
    const { data } = await house.asHost(listAuditEvents, { limit: 100 });
    const text = JSON.stringify(data);
    for (const secret of [PASSWORD, who.value, who.device, secretOf(link)]) expect(text).not.toContain(secret);
  });
});
