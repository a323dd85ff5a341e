import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, secretOf, visitor } from '../../test/people/signed-in.ts';
import {
  type Caller,
  createServiceAccount,
  createToken,
  listAuditEvents,
  listTokens,
  putOwner,
  readToken,
  revokeToken,
  rotateToken,
  updateOwner,
  updateServiceAccount,
  updateToken,
  updateUser,
} from '../manage/index.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createPortalSession } from './create-portal-session.ts';
import { openPortalSession } from './open-portal-session.ts';
import { PORTAL_LIFETIME_MS, PORTAL_LINK_MS, PORTAL_NEEDS, portalDoor } from './portal-session.ts';
import { PORTAL_IDLE_MS } from './portal-wire.ts';

const HERE = { ip: '192.0.2.7', requestId: 'req_portal', idempotencyKey: null };
const MAY = ['servers:read', 'servers:write'];

describe('a portal session', () => {
  let house: TestEngine;
  let count = 0;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  const owner = async (workspace = 'org-7') => {
    const externalId = `user-${++count}`;
    await house.asHost(putOwner, { external_id: externalId, workspace: { external_id: workspace }, permissions: MAY });
    return externalId;
  };
  /** A token of the provider's own backend, in its own workspace or in one of its customers'. */
  const minter = async (permissions: readonly string[] = PORTAL_NEEDS, workspace = 'org-7') => {
    await owner(workspace);
    const at = { external_id: workspace };
    const account = await house.asHost(createServiceAccount, {
      name: `backend ${++count}`,
      workspace: at,
      permissions,
    });
    const made = await house.asHost(createToken, { name: 'backend', owner: { id: account.id }, permissions });
    return { accountId: account.id, id: made.id, value: made.value as string };
  };
  const enter = (value: string) => portalDoor(house.engine, (error) => house.faults.push(error)).enter(value, HERE);
  const open = (secret: string) => house.as(visitor(), openPortalSession, { secret });
  const session = async (externalId: string, by: string | null = null, actor?: string) => {
    const input = { owner: { external_id: externalId }, ...(actor !== undefined && { actor: { external_id: actor } }) };
    const made = await (by === null
      ? house.asHost(createPortalSession, input)
      : house.asBearer(by, createPortalSession, input));
    return { made, ...(await open(made.session)) };
  };
  const callerOf = async (value: string): Promise<Caller> => {
    const caller = await enter(value);
    if (caller === null) throw new Error('the session has ended');
    return caller;
  };

  it('is opened once, within fifteen minutes, by the secret behind the # of its link', async () => {
    const externalId = await owner();
    const { made, value, ...opened } = await session(externalId);
    expect(made.link).toMatch(/^\/portal#khcl_live_\w{32}$/);
    expect(secretOf(made.link)).toBe(made.session);
    expect(value).toMatch(/^khpt_live_\w{32}$/);
    expect(opened).toMatchObject({ owner: { external_id: externalId }, company: { name: 'Keyhouse' } });
    await expect(open(made.session)).rejects.toMatchObject({ code: 'link_invalid' });
    await expect(open('khcl_live_wrong')).rejects.toMatchObject({ code: 'link_invalid' });
    const late = await house.asHost(createPortalSession, { owner: { external_id: externalId } });
    house.clock.advance(PORTAL_LINK_MS);
    await expect(open(late.session)).rejects.toMatchObject({ code: 'link_invalid' });
  });

  it('is opened by one of twenty who try at the same moment', async () => {
    const made = await house.asHost(createPortalSession, { owner: { external_id: await owner() } });
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => open(made.session)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('row 30: manages the owner’s own tokens and sees nobody else’s', async () => {
    const [mine, theirs] = [await owner(), await owner()];
    const foreign = await house.asHost(createToken, {
      name: 'foreign',
      owner: { external_id: theirs },
      permissions: MAY,
    });
    const caller = await callerOf((await session(mine)).value);
    const made = await house.as(caller, createToken, { name: 'own', permissions: ['servers:read'] });
    expect(made.owner).toMatchObject({ external_id: mine });
    expect((await house.as(caller, listTokens, {})).data.map(({ id }) => id)).toEqual([made.id]);
    expect((await house.as(caller, listTokens, { owner_external_id: theirs })).data).toEqual([]);
    const { new_key: next } = await house.as(caller, rotateToken, { id: made.id });
    await house.as(caller, revokeToken, { id: next.id, scope: 'lineage' });
    for (const id of [foreign.id, 'tok_0000000000000000000000']) {
      const refused = { code: 'insufficient_permissions' };
      await expect(house.as(caller, readToken, { id })).rejects.toMatchObject(refused);
      await expect(house.as(caller, revokeToken, { id })).rejects.toMatchObject(refused);
      await expect(house.as(caller, rotateToken, { id })).rejects.toMatchObject(refused);
    }
    expect(await house.verdict(foreign.value as string)).toBe('ok');
  });

  it('row 25: gives no token more than the owner may do, nor one for anybody else', async () => {
    const [mine, theirs] = [await owner(), await owner()];
    const caller = await callerOf((await session(mine)).value);
    for (const permissions of [['billing:read'], ['servers:*'], ['keyhouse-tokens:read']]) {
      await expect(house.as(caller, createToken, { name: 'x', permissions })).rejects.toMatchObject({
        code: 'exceeds_creator',
      });
    }
    const forAnother = { name: 'x', permissions: MAY, owner: { external_id: theirs } };
    await expect(house.as(caller, createToken, forAnother)).rejects.toMatchObject({ code: 'insufficient_permissions' });
    const { id } = await house.as(caller, createToken, { name: 'x', permissions: MAY });
    const update = house.as(caller, updateToken, { id, name: 'y' });
    await expect(update).rejects.toMatchObject({ code: 'insufficient_permissions' });
    const another = house.as(caller, createPortalSession, { owner: { external_id: mine } });
    await expect(another).rejects.toMatchObject({ code: 'insufficient_permissions' });
  });

  it('row 25: is minted by who may do all of it, for owners within reach', async () => {
    const externalId = await owner();
    const input = { owner: { external_id: externalId } };
    for (const left of PORTAL_NEEDS) {
      const { value } = await minter(PORTAL_NEEDS.filter((permission) => permission !== left));
      await expect(house.asBearer(value, createPortalSession, input), left).rejects.toThrow();
    }
    const elsewhere = await minter(PORTAL_NEEDS, 'org-8');
    await expect(house.asBearer(elsewhere.value, createPortalSession, input)).rejects.toMatchObject({
      code: 'not_found',
    });
    const here = await minter();
    expect((await session(externalId, here.value)).owner.external_id).toBe(externalId);
  });

  it('ends with its minter: revoked, disabled or cut, and so does a link that waits', async () => {
    const externalId = await owner();
    const cuts: readonly ((by: Awaited<ReturnType<typeof minter>>) => Promise<unknown>)[] = [
      ({ id }) => house.asHost(revokeToken, { id }),
      ({ id }) => house.asHost(updateToken, { id, disabled: true }),
      ({ id }) => house.asHost(updateToken, { id, permissions: PORTAL_NEEDS.slice(1) }),
      ({ accountId }) => house.asHost(updateServiceAccount, { id: accountId, disabled: true }),
      ({ accountId: id }) =>
        house.asHost(updateServiceAccount, {
          id,
          memberships: [{ workspace: { external_id: 'org-7' }, permissions: PORTAL_NEEDS.slice(1) }],
        }),
    ];
    for (const cut of cuts) {
      const by = await minter();
      const { value } = await session(externalId, by.value);
      const waiting = await house.asBearer(by.value, createPortalSession, { owner: { external_id: externalId } });
      expect(await enter(value)).not.toBeNull();
      await cut(by);
      expect(await enter(value)).toBeNull();
      await expect(open(waiting.session)).rejects.toMatchObject({ code: 'link_invalid' });
    }
  });

  it('ends with the rights of a person who minted it at the dashboard', async () => {
    const who = await person(house, `support-${++count}`, { permissions: PORTAL_NEEDS });
    const externalId = `user-${++count}`;
    const workspace = { id: who.workspaceId };
    await house.asHost(putOwner, { external_id: externalId, workspace, permissions: MAY });
    const made = await house.as(await who.caller(), createPortalSession, { owner: { external_id: externalId } });
    const { value } = await open(made.session);
    expect(await enter(value)).not.toBeNull();
    const memberships = [{ workspace, permissions: PORTAL_NEEDS.slice(1) }];
    await house.asHost(updateUser, { id: who.id, memberships });
    expect(await enter(value)).toBeNull();
  });

  it('ends when the owner is disabled or is no member any more', async () => {
    const cuts: readonly ((externalId: string) => Promise<unknown>)[] = [
      (external_id) => house.asHost(updateOwner, { external_id, disabled: true }),
      (external_id) => house.asHost(putOwner, { external_id, disabled: true }),
      (external_id) => house.asHost(putOwner, { external_id, memberships: [] }),
    ];
    for (const cut of cuts) {
      const externalId = await owner();
      const { value } = await session(externalId);
      const waiting = await house.asHost(createPortalSession, { owner: { external_id: externalId } });
      await cut(externalId);
      expect(await enter(value)).toBeNull();
      await expect(open(waiting.session)).rejects.toMatchObject({ code: 'link_invalid' });
    }
  });

  it('row 100c: ends unused after a quarter of an hour, and used after an hour', async () => {
    const externalId = await owner();
    const unused = await session(externalId);
    house.clock.advance(PORTAL_IDLE_MS);
    expect(await enter(unused.value)).toBeNull();
    const used = await session(externalId);
    for (let passed = 0; passed < PORTAL_LIFETIME_MS; passed += PORTAL_IDLE_MS / 2) {
      expect(await enter(used.value)).not.toBeNull();
      // The note of a use is written beside the answer: a write that comes after it has been seen.
      await house.engine.store.transact(async () => {});
      house.clock.advance(PORTAL_IDLE_MS / 2);
    }
    expect(await enter(used.value)).toBeNull();
  });

  it('shows in the audit log as the owner, with the person behind them', async () => {
    const externalId = await owner();
    const { value } = await session(externalId, null, 'support-3');
    await house.as(await callerOf(value), createToken, { name: 'own', permissions: ['servers:read'] });
    const { data } = await house.asHost(listAuditEvents, {});
    const seen = data.slice(0, 3).map(({ action, actor, on_behalf_of: behind }) => [action, actor.id, behind?.id]);
    expect(seen).toEqual([
      ['token.created', externalId, 'support-3'],
      ['portal_session.opened', externalId, 'support-3'],
      ['portal_session.created', null, 'support-3'],
    ]);
  });
});
