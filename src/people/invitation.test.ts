import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isSignedIn,
  PASSWORD,
  person,
  secretOf,
  signInAs,
  codeOf as totpOf,
  visitor,
} from '../../test/people/signed-in.ts';
import { suiteNeeding } from '../../test/services/leftover.ts';
import { requireDatabase } from '../../test/services/postgres.ts';
import { askWhy, createToken, createWorkspace, readUser, updateUser, verifyTokens } from '../manage/index.ts';
import { becomeAdmin, rejectionOf } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  acceptInvitation,
  beginSecondFactor,
  confirmSecondFactor,
  createInvitation,
  deleteInvitation,
  INVITATION_LIFETIME_MS,
  listInvitations,
  readSession,
  removeSecondFactor,
  removeSingleSignOn,
  signIn,
} from './index.ts';

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
  await becomeAdmin(house);
});
afterAll(() => house.close());

const codeOf = async (asked: Promise<unknown>) => {
  const [settled] = await Promise.allSettled([asked]);
  return settled.status === 'fulfilled' ? 'in' : (settled.reason as { code: string }).code;
};
const accept = (link: string | null, input: object = { name: 'New', password: PASSWORD }, caller = visitor()) =>
  house.as(caller, acceptInvitation, { secret: secretOf(link), ...input });

describe('an invitation', () => {
  it('makes a user with a password and a session, once of five at the same moment', async () => {
    const { id } = await house.asHost(createWorkspace, { name: 'Guests' });
    const made = await house.asHost(createInvitation, {
      email: 'New@Example.com',
      workspace_id: id,
      permissions: ['servers:read'],
    });
    expect(made).toMatchObject({
      email: 'new@example.com',
      mailed: false,
      link: expect.stringMatching(/^\/invitation#khcl_/),
    });
    const settled = await Promise.allSettled([1, 2, 3, 4, 5].map(() => accept(made.link)));
    const done = settled.filter((one) => one.status === 'fulfilled');
    expect(done).toHaveLength(1);
    expect(done[0]?.value.session).toMatchObject({
      user: { email: 'new@example.com', name: 'New' },
      workspace: { id },
      permissions: { grantable: ['servers:read'] },
    });
    expect(await isSignedIn(house, done[0]?.value.cookies.session ?? '')).toBe(true);
    await signInAs(house, 'new@example.com');
    expect(await codeOf(accept(made.link))).toBe('link_invalid');
  });

  it('ends after seven days, or when it is withdrawn', async () => {
    const invite = (email: string) => house.asHost(createInvitation, { email, roles: ['member'] });
    const late = await invite('late@example.com');
    house.clock.advance(INVITATION_LIFETIME_MS);
    expect(await codeOf(accept(late.link))).toBe('link_invalid');
    const withdrawn = await invite('withdrawn@example.com');
    expect((await house.asHost(listInvitations, {})).data.map(({ id }) => id)).toEqual([withdrawn.id]);
    await house.asHost(deleteInvitation, { id: withdrawn.id });
    expect(await codeOf(accept(withdrawn.link))).toBe('link_invalid');
    expect((await house.asHost(listInvitations, {})).data).toEqual([]);
  });

  it('is accepted by a user of another workspace who is signed in as that very user, who keeps what they had', async () => {
    const who = await person(house, 'second-home', { permissions: ['servers:read'] });
    const other = await person(house, 'bystander');
    const made = await house.asHost(createInvitation, { email: who.email, roles: ['support'] });
    expect(await codeOf(accept(made.link))).toBe('sign_in_first');
    expect(await codeOf(accept(made.link, {}, await other.caller()))).toBe('sign_in_first');
    const { session } = await accept(made.link, {}, await who.caller());
    expect(session.workspaces).toHaveLength(2);
    expect(session.workspace).toMatchObject({ is_home: true, roles: ['support'] });
    const { memberships } = await house.asHost(readUser, { id: who.id });
    expect(memberships.map(({ permissions }) => permissions)).toContainEqual(['servers:read']);
    expect(await isSignedIn(house, who.value), 'the session is a new one').toBe(false);
  });

  it('row 25: gives no more than whoever invited holds, then and when it is accepted', async () => {
    const may = ['keyhouse-users:write', 'keyhouse-audit:read'];
    const inviter = await person(house, 'inviter', { permissions: may });
    const invite = (permissions: string[], email = 'friend@example.com') =>
      inviter.caller().then((caller) => house.as(caller, createInvitation, { email, permissions }));
    expect(await codeOf(invite(['keyhouse-tokens:write']))).toBe('exceeds_creator');
    const made = await invite(['keyhouse-audit:read']);
    await house.asHost(updateUser, {
      id: inviter.id,
      workspace: { id: inviter.workspaceId },
      permissions: ['keyhouse-users:write'],
    });
    expect(await codeOf(accept(made.link))).toBe('link_invalid');
    const ordinary = await invite(['servers:read'], 'ordinary@example.com');
    const harmless = await invite([], 'harmless@example.com');
    await house.asHost(updateUser, { id: inviter.id, workspace: { id: inviter.workspaceId }, permissions: [] });
    expect(await codeOf(accept(ordinary.link)), 'who may invite nobody any more').toBe('link_invalid');
    await house.asHost(updateUser, { id: inviter.id, workspace: { id: inviter.workspaceId }, permissions: may });
    await house.asHost(updateUser, { id: inviter.id, disabled: true });
    expect(await codeOf(accept(harmless.link))).toBe('link_invalid');
  });

  it('shows its link to nobody where mail is sent', async () => {
    const mailing = await testEngine({ sendsMail: true });
    await becomeAdmin(mailing);
    const made = await mailing.asHost(createInvitation, { email: 'mailed@example.com', roles: ['member'] });
    expect(made).toMatchObject({ mailed: true, link: null });
    await mailing.close();
  });
});

describe('the role support', () => {
  it('sees and revokes, and mints nothing that manages Keyhouse', async () => {
    const made = await house.asHost(createInvitation, { email: 'support@example.com', roles: ['support'] });
    await accept(made.link);
    const caller = await (await signInAs(house, 'support@example.com')).caller();
    const { permissions } = await house.as(caller, readSession, {});
    expect(permissions.management).toContain('keyhouse-tokens:revoke');
    expect(permissions.management.filter((one) => /:(write|act-as)$/.test(one))).toEqual([]);
    expect(permissions.grantable).toEqual([]);
    const minting = house.as(caller, createToken, { name: 'x', permissions: ['keyhouse-tokens:revoke'] });
    expect(await codeOf(minting)).toBe('exceeds_creator');
  });
});

it('row 18: whoever is signed in learns with the token of somebody else no more than anybody who has it', async () => {
  const who = await person(house, 'restricted', { permissions: ['servers:read'] });
  const input = { name: 'own', permissions: ['servers:read'], ip_allowlist: ['203.0.113.1'] };
  const { value } = await house.as(await who.caller(), createToken, input);
  await house.asHost(verifyTokens, { token: value, all_of: ['servers:write'], ip: '203.0.113.1' });
  const made = await house.asHost(createInvitation, { email: 'at-home@example.com', roles: ['member'] });
  await accept(made.link);
  const member = await (await signInAs(house, 'at-home@example.com')).caller();
  expect((await house.as(member, askWhy, { token: value })).denials).toEqual([]);
  expect((await house.asHost(askWhy, { token: value })).denials).toHaveLength(1);
});

describe('a second factor', () => {
  const enter = (email: string, code?: string, ip = '192.0.2.99') =>
    codeOf(house.as(visitor(ip), signIn, { email, password: PASSWORD, ...(code !== undefined && { code }) }));

  it('is asked for once it is confirmed; no code is taken twice, a recovery code is good once', async () => {
    const who = await person(house, 'careful');
    const { secret, otpauth_url: url } = await house.as(await who.caller(), beginSecondFactor, {});
    expect(url).toContain(`secret=${secret}`);
    expect(await enter(who.email), 'not before it is confirmed').toBe('in');
    expect(
      await codeOf(house.as(await who.caller(), confirmSecondFactor, { code: '000000', password: PASSWORD })),
    ).toBe('invalid_input');
    const code = totpOf(house, secret);
    for (const password of [undefined, 'a guess of a borrower']) {
      const borrowed = house.as(await who.caller(), confirmSecondFactor, { code, ...(password && { password }) });
      expect(await codeOf(borrowed), 'row 100c: nobody is locked out by a borrowed session').toBe('invalid_input');
    }
    const confirmed = await house.as(await who.caller(), confirmSecondFactor, { code, password: PASSWORD });
    expect(new Set(confirmed.recovery_codes).size).toBe(10);
    expect(await enter(who.email)).toBe('second_factor_required');
    expect(await enter(who.email, code), 'the code that confirmed it').toBe('second_factor_required');
    house.clock.advance(30_000);
    const next = totpOf(house, secret);
    const atOnce = await Promise.all([1, 2, 3].map(() => enter(who.email, next)));
    expect(atOnce.sort()).toEqual(['in', 'second_factor_required', 'second_factor_required']);
    const recovery = confirmed.recovery_codes[0] as string;
    expect(await enter(who.email, recovery.toUpperCase().replace('-', ' '))).toBe('in');
    expect(await enter(who.email, recovery)).toBe('second_factor_required');
  });

  it('row 100a: codes are guessed no faster than passwords', async () => {
    const who = await person(house, 'guarded');
    const { secret } = await house.as(await who.caller(), beginSecondFactor, {});
    await house.as(await who.caller(), confirmSecondFactor, { code: totpOf(house, secret), password: PASSWORD });
    const guesses = Array.from({ length: 50 }, (_, index) => enter(who.email, String(100_000 + index), '192.0.2.98'));
    const codes = await Promise.all(guesses);
    expect(codes.filter((one) => one === 'second_factor_required').length).toBeLessThanOrEqual(5);
  });

  it('is removed by an administrator, and not by somebody who holds less than the user', async () => {
    const admin = await house.asHost(createInvitation, { email: 'boss@example.com', roles: ['admin'] });
    const { session } = await accept(admin.link);
    const helper = await house.asHost(createInvitation, {
      email: 'helper@example.com',
      permissions: ['keyhouse-users:write'],
    });
    await accept(helper.link);
    const caller = await (await signInAs(house, 'helper@example.com')).caller();
    const refused = await rejectionOf(house.as(caller, removeSecondFactor, { id: session.user.id }));
    expect(refused.code).toBe('exceeds_creator');
    expect(await house.asHost(removeSecondFactor, { id: session.user.id })).toMatchObject({ removed: false });
  });

  it('row 30: is no matter of one workspace alone where it lets the user into others too', async () => {
    const keeper = await person(house, 'keeper', { permissions: ['keyhouse-users:write', 'keyhouse-audit:read'] });
    const who = await person(house, 'shared', { permissions: ['keyhouse-audit:read'] });
    const { secret } = await house.as(await who.caller(), beginSecondFactor, {});
    await house.as(await who.caller(), confirmSecondFactor, { code: totpOf(house, secret), password: PASSWORD });
    const memberships = [
      { workspace: { id: who.workspaceId }, permissions: ['keyhouse-audit:read'] },
      { workspace: { id: keeper.workspaceId }, permissions: [] },
    ];
    await house.asHost(updateUser, { id: who.id, memberships });
    const removing = async () => codeOf(house.as(await keeper.caller(), removeSecondFactor, { id: who.id }));
    expect(await removing()).toBe('insufficient_permissions');
    const unlinking = house.as(await keeper.caller(), removeSingleSignOn, { id: who.id });
    expect(await codeOf(unlinking)).toBe('insufficient_permissions');
    await house.asHost(updateUser, { id: who.id, memberships: memberships.slice(1) });
    expect(await removing()).toBe('in');
  });
});

suiteNeeding('postgresql', 'people on PostgreSQL', () => {
  it('are let in once by what is good once, over two processes', async () => {
    const database = await requireDatabase();
    const one = await testEngine({ databaseUrl: database.url });
    const two = await testEngine({ databaseUrl: database.url, besides: one });
    await becomeAdmin(one);
    const { link } = await one.asHost(createInvitation, { email: 'once@example.com', roles: ['member'] });
    const input = { secret: secretOf(link), password: PASSWORD };
    const accepting = Array.from({ length: 6 }, (_, index) =>
      codeOf((index % 2 === 0 ? one : two).as(visitor(), acceptInvitation, input)),
    );
    const accepted = await Promise.all(accepting);
    expect(accepted.filter((code) => code === 'in')).toHaveLength(1);
    const who = await signInAs(one, 'once@example.com');
    expect(await isSignedIn(two, who.value)).toBe(true);
    const { secret } = await one.as(await who.caller(), beginSecondFactor, {});
    await one.as(await who.caller(), confirmSecondFactor, { code: totpOf(one, secret), password: PASSWORD });
    one.clock.advance(30_000);
    const code = totpOf(one, secret);
    const entering = [one, two, one, two].map((house) =>
      codeOf(house.as(visitor(), signIn, { email: 'once@example.com', password: PASSWORD, code })),
    );
    expect((await Promise.all(entering)).filter((each) => each === 'in')).toHaveLength(1);
    await one.asHost(updateUser, { id: who.id, disabled: true });
    expect(await isSignedIn(two, who.value), 'row 29').toBe(false);
    await two.close();
    await one.close();
    await database.drop();
  });
});
