import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOf, PASSWORD, person, secretOf, visitor } from '../../test/people/signed-in.ts';
import {
  type Caller,
  createRole,
  createServiceAccount,
  createToken,
  createWorkspace,
  listAuditEvents,
  listTokens,
  putOwner,
  revokeToken,
  updateRole,
  updateServiceAccount,
  updateToken,
} from '../manage/index.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { changePassword } from './change-password.ts';
import { createInvitation } from './create-invitation.ts';
import { createPortalSession } from './create-portal-session.ts';
import { endPortalSession, endPortalSessions } from './end-portal-sessions.ts';
import { signOut } from './end-sessions.ts';
import { openPortalSession } from './open-portal-session.ts';
import { openStaffSession } from './open-staff-session.ts';
import { PORTAL_LINK_MS, PORTAL_NEEDS } from './portal-session.ts';
import { readSession } from './read-session.ts';
import { sessionDoor } from './session.ts';
import { STAFF_IDLE_MS, STAFF_LIFETIME_MS } from './staff-session.ts';

const HERE = { ip: '192.0.2.7', requestId: 'req_staff', idempotencyKey: null };
const SEES = ['keyhouse-tokens:read', 'keyhouse-tokens:revoke', 'keyhouse-owners:read'];
const LEADS = [...SEES, 'keyhouse-owners:act-as', 'keyhouse-tokens:write'];
const SENDS = ['keyhouse-users:write', ...SEES];

describe('a portal session of staff', () => {
  let house: TestEngine;
  let count = 0;
  let role: string;
  beforeAll(async () => {
    house = await testEngine();
    role = (await house.asHost(createRole, { name: 'desk', permissions: SEES })).id;
    await house.asHost(createRole, { name: 'lead', permissions: LEADS });
    await house.asHost(putOwner, {
      external_id: 'user-1',
      workspace: { external_id: 'org-7' },
      permissions: ['servers:read'],
    });
  });
  afterAll(() => house.close());

  const workspace = { external_id: 'org-7' };
  const minter = async (permissions: readonly string[] = SENDS) => {
    const name = `backend ${++count}`;
    const account = await house.asHost(createServiceAccount, { name, workspace, permissions });
    const made = await house.asHost(createToken, { name, owner: { id: account.id }, permissions });
    return { id: made.id, value: made.value as string, accountId: account.id };
  };
  const asked = (patch: object = {}) => ({
    staff: { external_id: `support-${++count}`, name: 'Grace', role: 'desk', ...patch },
    workspace,
  });
  const enter = (value: string) =>
    sessionDoor(house.engine, (error) => house.faults.push(error)).enterStaff(value, HERE);
  const open = (secret: string, caller: Caller = visitor()) => house.as(caller, openStaffSession, { secret });
  const opened = async (by: string | null = null, patch: object = {}) => {
    const made = await (by === null
      ? house.asHost(createPortalSession, asked(patch))
      : house.asBearer(by, createPortalSession, asked(patch)));
    const { session, cookies } = await open(made.session);
    return { made, session, value: cookies.session };
  };
  const callerFor = async (value: string): Promise<Caller> => {
    const caller = await enter(value);
    if (caller === null) throw new Error('the session has ended');
    return caller;
  };

  it('is opened once, within fifteen minutes, and leaves no account', async () => {
    const { made, session, value } = await opened();
    expect(made).toMatchObject({ owner: null, staff: { name: 'Grace', role: { name: 'desk' } } });
    expect(made.link).toMatch(/^\/staff#khcl_live_\w{32}$/);
    expect(secretOf(made.link)).toBe(made.session);
    expect(session).toMatchObject({ account: false, user: { name: 'Grace' }, workspace: { roles: ['desk'] } });
    expect([...session.permissions.management].sort()).toEqual([...SEES].sort());
    expect(await house.as(await callerFor(value), readSession, {})).toEqual(session);
    await expect(open(made.session)).rejects.toMatchObject({ code: 'link_invalid' });
    const late = await house.asHost(createPortalSession, asked());
    house.clock.advance(PORTAL_LINK_MS);
    await expect(open(late.session)).rejects.toMatchObject({ code: 'link_invalid' });
    const account = house.as(await callerFor((await opened()).value), changePassword, { current: 'a', new: 'b' });
    await expect(account).rejects.toMatchObject({ code: 'insufficient_permissions' });
  });

  it('is opened by one of twenty who try at the same moment', async () => {
    const made = await house.asHost(createPortalSession, asked());
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => open(made.session)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('row 25: has no more than its role, nor than whoever sent it, at the minting and ever after', async () => {
    const by = await minter();
    const more = house.asBearer(by.value, createPortalSession, asked({ role: 'lead' }));
    await expect(more).rejects.toMatchObject({ code: 'exceeds_creator' });
    const below = await minter(PORTAL_NEEDS);
    const refused = house.asBearer(below.value, createPortalSession, asked());
    await expect(refused).rejects.toMatchObject({ code: 'insufficient_permissions' });
    const elsewhere = { ...asked(), workspace: { id: (await house.asHost(createWorkspace, { name: 'other' })).id } };
    const away = house.asBearer(by.value, createPortalSession, elsewhere);
    await expect(away).rejects.toMatchObject({ code: 'not_found' });

    const { value } = await opened(by.value);
    const caller = await callerFor(value);
    const another = house.as(caller, createPortalSession, asked());
    await expect(another).rejects.toMatchObject({ code: 'insufficient_permissions' });
    const made = house.as(caller, createToken, { name: 'x', owner: { external_id: 'user-1' }, permissions: [] });
    await expect(made).rejects.toMatchObject({ code: 'insufficient_permissions' });
    await house.asHost(updateRole, { id: role, permissions: [...SEES, 'keyhouse-audit:read'] });
    expect((await callerFor(value)).may('keyhouse-audit:read')).toBe(false);
    await house.asHost(updateRole, { id: role, permissions: SEES });
    await house.asHost(updateToken, { id: by.id, permissions: ['keyhouse-users:write', 'keyhouse-tokens:read'] });
    expect((await callerFor(value)).may('keyhouse-tokens:revoke')).toBe(false);

    const wider = await minter(['keyhouse-users:write', ...LEADS]);
    const lead = await callerFor((await opened(wider.value, { role: 'lead' })).value);
    const give = { name: 'x', owner: { external_id: 'user-1' }, permissions: ['servers:read'] };
    expect((await house.as(lead, createToken, give)).created_by.kind).toBe('external');
    await house.asHost(updateToken, { id: wider.id, permissions: SENDS });
    const late = house.as(lead, createToken, give);
    await expect(late).rejects.toMatchObject({ code: 'authentication_required' });
  });

  it('ends with whoever sent it, and so does a link that waits', async () => {
    for (const cut of [
      (id: string) => house.asHost(revokeToken, { id }),
      (id: string) => house.asHost(updateToken, { id, disabled: true }),
      (id: string) => house.asHost(updateToken, { id, permissions: SEES }),
    ]) {
      const by = await minter();
      const { value } = await opened(by.value);
      const waiting = await house.asBearer(by.value, createPortalSession, asked());
      await cut(by.id);
      expect(await enter(value)).toBeNull();
      await expect(open(waiting.session)).rejects.toMatchObject({ code: 'link_invalid' });
    }
  });

  it('row 25: what staff make rests on whoever sent them, and not on the operator', async () => {
    const may = [...SENDS, ...PORTAL_NEEDS];
    await house.asHost(createRole, { name: 'handing on', permissions: may });
    const by = await minter(may);
    const caller = await callerFor((await opened(by.value, { role: 'handing on' })).value);
    const make = async (input: object) => (await house.as(caller, createPortalSession, input)).session;
    const { cookies } = await open(await make(asked()));
    const waiting = await make(asked());
    const owners = await make({ owner: { external_id: 'user-1' } });
    const workspace_id = caller.staff?.workspace.id;
    const invitation = { email: `late-${++count}@example.com`, workspace_id, roles: [role] };
    const { link } = await house.as(caller, createInvitation, invitation);

    await house.asHost(updateRole, { id: role, permissions: [...SEES, 'keyhouse-audit:read'] });
    expect((await callerFor(cookies.session)).may('keyhouse-audit:read')).toBe(false);
    await house.asHost(updateRole, { id: role, permissions: SEES });
    await house.asHost(revokeToken, { id: by.id });
    await house.asHost(updateServiceAccount, { id: by.accountId, disabled: true });
    expect(await enter(cookies.session)).toBeNull();
    await expect(open(waiting)).rejects.toMatchObject({ code: 'link_invalid' });
    const opening = house.as(visitor(), openPortalSession, { secret: owners });
    await expect(opening).rejects.toMatchObject({ code: 'link_invalid' });
    const accepting = { secret: secretOf(link), password: PASSWORD };
    await expect(house.as(visitor(), acceptInvitation, accepting)).rejects.toMatchObject({ code: 'link_invalid' });
  });

  it('row 30: is answered nothing that staff of the same name asked for in another workspace', async () => {
    const memberships = [{ external_id: 'org-8' }, { external_id: 'org-9' }].map((place) => ({
      workspace: place,
      permissions: ['servers:read'],
    }));
    await house.asHost(putOwner, { external_id: 'in-both', memberships });
    const give = { name: 'x', owner: { external_id: 'in-both' }, permissions: ['servers:read'] };
    const made = [];
    for (const place of memberships) {
      const staff = { external_id: 'support', role: 'lead' };
      const { session } = await house.asHost(createPortalSession, { staff, workspace: place.workspace });
      const caller = await callerFor((await open(session)).cookies.session);
      const circumstances = { ...caller.circumstances, idempotencyKey: 'once' };
      made.push(await house.as({ ...caller, circumstances }, createToken, give));
    }
    expect(made.map(({ value }) => value === null)).toEqual([false, false]);
    expect(new Set(made.map(({ workspace: { id } }) => id)).size).toBe(2);
  });

  it('row 100c: ends unused after an hour, used after a working day, and when its person leaves', async () => {
    const unused = await opened();
    house.clock.advance(STAFF_IDLE_MS);
    expect(await enter(unused.value)).toBeNull();
    const used = await opened();
    for (let passed = 0; passed < STAFF_LIFETIME_MS; passed += STAFF_IDLE_MS / 2) {
      expect(await enter(used.value)).not.toBeNull();
      // The note of a use is written beside the answer: a write that comes after it has been seen.
      await house.engine.store.transact(async () => {});
      house.clock.advance(STAFF_IDLE_MS / 2);
    }
    expect(await enter(used.value)).toBeNull();
    const left = await opened();
    const caller = await callerFor(left.value);
    await house.as(caller, signOut, {});
    expect(await enter(left.value)).toBeNull();
    await expect(house.as(caller, revokeToken, { id: 'current' })).rejects.toThrow();
  });

  it('row 100c: takes the place of the session that the browser had', async () => {
    const who = await person(house, `ada-${++count}`);
    const first = await house.asHost(createPortalSession, asked());
    const { cookies } = await open(first.session, await who.caller());
    await expect(callerOf(house, who.value)).rejects.toThrow('the session has ended');
    const second = await house.asHost(createPortalSession, asked());
    await open(second.session, await callerFor(cookies.session));
    expect(await enter(cookies.session)).toBeNull();
  });

  it('is ended by who could mint it, one or all of a person, and a link with it', async () => {
    const one = await opened();
    const { external_id } = one.made.staff as { external_id: string };
    const again = await house.asHost(createPortalSession, asked({ external_id }));
    const other = await opened();
    const weak = await minter(PORTAL_NEEDS);
    const nothing = await house.asBearer(weak.value, endPortalSession, { id: one.made.id });
    expect(nothing.ended_ids).toEqual([]);
    const by = await minter();
    const ended = await house.asBearer(by.value, endPortalSessions, { staff_external_id: external_id });
    expect([...ended.ended_ids].sort()).toEqual([one.made.id, again.id].sort());
    expect(ended.guarantee.class).toBeDefined();
    expect(await enter(one.value)).toBeNull();
    await expect(open(again.session)).rejects.toMatchObject({ code: 'link_invalid' });
    expect(await enter(other.value)).not.toBeNull();
    await house.asHost(endPortalSession, { id: other.made.id });
    expect(await enter(other.value)).toBeNull();
    for (const input of [{}, { owner_external_id: 'user-1', staff_external_id: 'x' }]) {
      await expect(house.asHost(endPortalSessions, input)).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });

  it('shows in the audit log as whoever sent it, on behalf of the person, who names nobody else', async () => {
    const by = await minter(['keyhouse-users:write', ...LEADS]);
    const { value, made } = await opened(by.value, { role: 'lead' });
    const token = await house.asHost(createToken, {
      name: 'theirs',
      owner: { external_id: 'user-1' },
      permissions: ['servers:read'],
    });
    const caller = await callerFor(value);
    expect((await house.as(caller, listTokens, {})).data.map(({ id }) => id)).toContain(token.id);
    await house.as(caller, revokeToken, { id: token.id, actor: { external_id: 'somebody-else' } });
    const { data } = await house.asHost(listAuditEvents, { limit: 10 });
    const mine = data.filter(({ on_behalf_of: behind }) => behind?.id === made.staff?.external_id);
    expect(mine.map(({ action, actor }) => [action, actor.kind, actor.id])).toEqual([
      ['token.revoked', 'token', by.id],
      ['portal_session.opened', 'token', by.id],
      ['portal_session.created', 'token', by.id],
    ]);
  });

  it('is for one of both, an owner or staff', async () => {
    const both = { ...asked(), owner: { external_id: 'user-1' } };
    for (const input of [{}, both, { ...asked(), actor: { external_id: 'x' } }, asked({ role: 'nobody' })]) {
      await expect(house.asHost(createPortalSession, input)).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });
});
