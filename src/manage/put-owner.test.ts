import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  createRole,
  createToken,
  deleteOwner,
  listAuditEvents,
  listOwners,
  putOwner,
  readOwner,
  updateOwner,
} from './index.ts';

const ORG_7 = { external_id: 'org-7', name: 'Example Ltd' };

describe('telling Keyhouse about an external owner (design §3, wire "Owner")', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  it('creates the owner and its workspace, and says that it did', async () => {
    const owner = await house.asHost(putOwner, {
      external_id: 'user-42',
      name: 'Ada',
      email: 'Ada@Example.com',
      metadata: { plan: 'pro' },
      memberships: [{ workspace: ORG_7, permissions: ['servers:read', 'instances:*'] }],
    });
    expect(owner).toMatchObject({
      created: true,
      kind: 'external',
      external_id: 'user-42',
      name: 'Ada',
      email: 'ada@example.com',
      disabled: false,
      metadata: { plan: 'pro' },
      memberships: [
        {
          workspace: { external_id: 'org-7', name: 'Example Ltd' },
          permissions: ['servers:read', 'instances:*'],
          roles: [],
        },
      ],
    });
    expect(owner).not.toHaveProperty('guarantee');
    expect(await house.asHost(readOwner, { external_id: 'user-42' })).toMatchObject({ id: owner.id, name: 'Ada' });
  });

  it('leaves what is not mentioned as it is, memberships included', async () => {
    const { value } = await externalToken(house, {
      externalId: 'stays',
      workspace: 'org-stays',
      may: ['servers:read'],
    });
    const owner = await house.asHost(putOwner, { external_id: 'stays', email: 'stays@example.com' });
    expect(owner).toMatchObject({ created: false, email: 'stays@example.com' });
    expect(owner.memberships.map((one) => one.permissions)).toEqual([['servers:read']]);
    expect(owner).not.toHaveProperty('guarantee');
    expect(await house.verdict(value, ['servers:read'])).toBe('ok');
  });

  it('takes memberships as the whole set: one that is missing is cut, and the very next request is refused', async () => {
    const workspaces = ['org-a', 'org-b'].map((external_id) => ({ external_id }));
    await house.asHost(putOwner, {
      external_id: 'two',
      memberships: workspaces.map((workspace) => ({ workspace, permissions: ['servers:read'] })),
    });
    const [a, b] = await Promise.all(
      workspaces.map((workspace) =>
        house.asHost(createToken, {
          name: 'x',
          owner: { external_id: 'two' },
          workspace,
          permissions: ['servers:read'],
        }),
      ),
    );
    expect(await house.verdict(a?.value as string)).toBe('ok');
    expect(await house.verdict(b?.value as string)).toBe('ok');
    const cut = await house.asHost(putOwner, {
      external_id: 'two',
      memberships: [{ workspace: { external_id: 'org-b' }, permissions: ['servers:read'] }],
    });
    expect(cut.guarantee).toMatchObject({ class: 'process', durability: 'single-copy' });
    expect(await house.verdict(a?.value as string)).toBe('invalid_token');
    expect(await house.verdict(b?.value as string)).toBe('ok');
  });

  it('row 29: a permission that is cut is refused on the next request of a token already in use', async () => {
    const { value } = await externalToken(house, {
      externalId: 'narrow',
      workspace: 'org-narrow',
      may: ['servers:read', 'servers:write'],
    });
    expect(await house.verdict(value, ['servers:write'])).toBe('ok');
    const narrowed = await house.asHost(putOwner, {
      external_id: 'narrow',
      workspace: { external_id: 'org-narrow' },
      permissions: ['servers:read'],
    });
    expect(narrowed.guarantee).toBeDefined();
    expect(await house.verdict(value, ['servers:write'])).toBe('insufficient_permissions');
    expect(await house.verdict(value, ['servers:read'])).toBe('ok');
  });

  it('needs no wait to widen, and swapping names for the wildcard that holds them is no narrowing', async () => {
    const put = (permissions: string[]) =>
      house.asHost(putOwner, { external_id: 'wide', workspace: { external_id: 'org-wide' }, permissions });
    await put(['servers:read']);
    expect(await put(['servers:read', 'servers:write'])).not.toHaveProperty('guarantee');
    expect(await put(['servers:*'])).not.toHaveProperty('guarantee');
    expect(await put(['servers:read'])).toHaveProperty('guarantee');
  });

  it('row 29: a role taken away narrows like the permissions in it', async () => {
    const role = await house.asHost(createRole, { name: 'operator', permissions: ['servers:reboot'] });
    const workspace = { external_id: 'org-roles' };
    await house.asHost(putOwner, {
      external_id: 'roles',
      workspace,
      permissions: ['servers:read'],
      roles: ['operator'],
    });
    const { value } = await house.asHost(createToken, {
      name: 'x',
      owner: { external_id: 'roles' },
      permissions: ['servers:reboot'],
    });
    expect(await house.verdict(value as string, ['servers:reboot'])).toBe('ok');
    const kept = await house.asHost(putOwner, {
      external_id: 'roles',
      workspace,
      permissions: ['servers:read', 'servers:reboot'],
      roles: [],
    });
    expect(kept, 'the permission itself is still held').not.toHaveProperty('guarantee');
    await house.asHost(putOwner, { external_id: 'roles', workspace, roles: [role.id] });
    const taken = await house.asHost(putOwner, { external_id: 'roles', workspace, permissions: [] });
    expect(taken.guarantee).toBeDefined();
    expect(await house.verdict(value as string, ['servers:reboot'])).toBe('insufficient_permissions');
  });

  it('waits again when a change is repeated, because the first call may have ended without its answer', async () => {
    await externalToken(house, { externalId: 'again', workspace: 'org-again', may: ['servers:read'] });
    const first = await house.asHost(putOwner, { external_id: 'again', disabled: true });
    const newest = await house.engine.store.changeFeed.newest();
    const second = await house.asHost(putOwner, { external_id: 'again', disabled: true });
    expect(second.guarantee?.epoch).toBe(newest);
    expect(second.disabled_by_provider_at).toBe(first.disabled_by_provider_at);
    expect(await house.engine.store.changeFeed.newest(), 'and writes nothing').toBe(newest);
  });

  it('enables only by "disabled": false, and never undoes a disable made in Keyhouse itself', async () => {
    const { owner, value } = await externalToken(house, {
      externalId: 'stopped',
      workspace: 'org-stopped',
      may: ['servers:read'],
    });
    await house.asHost(putOwner, { external_id: 'stopped', disabled: true });
    await house.asHost(putOwner, { external_id: 'stopped', name: 'Still stopped' });
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.asHost(putOwner, { external_id: 'stopped', disabled: false })).toMatchObject({
      disabled: false,
    });
    expect(await house.verdict(value)).toBe('ok');

    await house.engine.changes.commit(async (transaction) => {
      await transaction.owners.updateOwner(owner.id, { disabledAt: house.clock.now() });
      const audit = {
        at: house.clock.now(),
        action: 'owner.disabled',
        actor: { kind: 'operator' as const, id: null },
        onBehalfOf: null,
        subject: null,
        workspaceId: null,
        requestId: null,
        details: {},
        personal: {},
      };
      return { value: null, subjects: [{ kind: 'owner', id: owner.id }], tightening: true, audit };
    });
    const enabled = await house.asHost(putOwner, { external_id: 'stopped', disabled: false });
    expect(enabled).toMatchObject({ disabled: true, disabled_by_provider_at: null });
    expect(enabled.disabled_at).not.toBeNull();
    await house.asHost(putOwner, { external_id: 'stopped', disabled: true });
    const undone = await house.asHost(putOwner, { external_id: 'stopped', disabled: false });
    expect(undone).toMatchObject({ disabled_at: enabled.disabled_at, disabled_by_provider_at: null });
    expect(await house.verdict(value)).toBe('invalid_token');
  });

  it('wire "Who may grant what": gives any permission of the provider’s, and never one of Keyhouse’s own', async () => {
    const put = (permissions: unknown) =>
      house.asHost(putOwner, { external_id: 'reserved', workspace: { external_id: 'org-reserved' }, permissions });
    for (const entry of ['keyhouse-tokens:write', 'keyhouse-audit:*']) {
      const { code, problems } = await rejectionOf(put(['servers:read', entry]));
      expect(code).toBe('unknown_permission');
      expect(problems[0]?.path).toBe('permissions.1');
    }
    await put(['servers:read', 'anything:goes', 'servers:*']);
  });

  it('gives a role with management only where the caller holds that management', async () => {
    const { token } = await becomeAdmin(house);
    const workspace = { external_id: 'org-9' };
    const provider = await externalManager('keyhouse-owners:*');
    const give = (value: string) =>
      house.asBearer(value, putOwner, { external_id: 'boss', workspace, roles: ['admin'] });
    const { code, message } = await rejectionOf(give(provider));
    expect(code).toBe('exceeds_creator');
    expect(message).toContain('keyhouse-tokens:*');
    expect(message, 'what the caller holds is no problem').not.toContain('keyhouse-owners:*');
    expect((await give(token)).memberships[0]?.roles).toEqual(['admin']);

    async function externalManager(permission: string): Promise<string> {
      const made = await house.asBearer(token, createToken, { name: 'owners only', permissions: [permission] });
      return made.value as string;
    }
  });

  it('row 26: refuses a membership that says nothing, null and lists that are too long', async () => {
    const put = (input: object) => rejectionOf(house.asHost(putOwner, { external_id: 'bad', ...input }));
    const workspace = { external_id: 'org-bad' };
    const long = Array.from({ length: 201 }, (_, index) => `servers:a${index}`);
    for (const input of [
      { memberships: [{ workspace }] },
      { memberships: [{ workspace, permissions: null }] },
      { workspace, permissions: long },
      { workspace },
      { permissions: ['servers:read'] },
      { memberships: [], workspace, permissions: [] },
      { memberships: null },
      { workspace: { id: 'wsp_0000000000000000000000', external_id: 'x' }, permissions: [] },
      {
        memberships: [
          { workspace, permissions: [] },
          { workspace, permissions: ['servers:read'] },
        ],
      },
      { workspace, roles: ['no such role'] },
    ]) {
      expect((await put(input)).code, JSON.stringify(input).slice(0, 80)).toBe('invalid_input');
    }
    expect((await put({ workspace, permissions: ['servers'] })).code).toBe('unknown_permission');
    expect(await rejectionOf(house.asHost(readOwner, { external_id: 'bad' }))).toMatchObject({ code: 'not_found' });
  });

  it('keeps what belongs to a person out of the part of the audit log that can never be erased', async () => {
    const owner = await house.asHost(putOwner, {
      external_id: 'private',
      name: 'Margaret Hamilton',
      email: 'margaret@example.com',
      metadata: { phone: '555-0100' },
      workspace: ORG_7,
      permissions: ['servers:read'],
    });
    const { data } = await house.asHost(listAuditEvents, { subject_id: owner.id });
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ action: 'owner.created', personal: { name: 'Margaret Hamilton' } });
    expect(JSON.stringify(data[0]?.details)).not.toMatch(/Margaret|margaret@|555-0100/);
    expect(JSON.stringify(data[0]?.details)).toContain('servers:read');
  });

  it('of two calls that create the same owner at once makes one owner and loses neither call', async () => {
    const put = (permission: string) =>
      house.asHost(putOwner, {
        external_id: 'twins',
        workspace: { external_id: 'org-twins' },
        permissions: [permission],
      });
    const made = await Promise.all(['servers:read', 'servers:write', 'backups:read'].map(put));
    expect(new Set(made.map((one) => one.id)).size).toBe(1);
    expect(made.filter((one) => one.created)).toHaveLength(1);
  });

  it('row 29: what Keyhouse has stopped stays stopped, whatever the provider says, until Keyhouse lets it go on', async () => {
    const { owner, value } = await externalToken(house, {
      externalId: 'halted',
      workspace: 'org-halted',
      may: ['servers:read'],
    });
    const stop = { external_id: 'halted', disabled: true };
    expect(await house.asHost(updateOwner, stop)).toMatchObject({ id: owner.id, disabled: true, guarantee: {} });
    expect(await house.verdict(value)).toBe('invalid_token');
    await house.asHost(putOwner, { external_id: 'halted', disabled: false });
    expect(await house.verdict(value)).toBe('invalid_token');
    expect((await house.asHost(updateOwner, stop)).guarantee, 'said again, waited for again').toBeDefined();
    await house.asHost(putOwner, { external_id: 'halted', disabled: true });
    await house.asHost(updateOwner, { external_id: 'halted', disabled: false });
    expect(await house.verdict(value), 'the provider still says no').toBe('invalid_token');
    await house.asHost(putOwner, { external_id: 'halted', disabled: false });
    expect(await house.verdict(value)).toBe('ok');
    const unknown = { external_id: 'nobody', disabled: true };
    expect(await rejectionOf(house.asHost(updateOwner, unknown))).toMatchObject({ code: 'not_found' });
  });

  it('deletes an owner with every token of its, and its id can be used again', async () => {
    const { owner, token, value } = await externalToken(house, {
      externalId: 'leaver',
      workspace: 'org-leaver',
      may: ['servers:read'],
    });
    expect(await house.verdict(value)).toBe('ok');
    const ended = await house.asHost(deleteOwner, { external_id: 'leaver' });
    expect(ended).toMatchObject({ id: owner.id, revoked_ids: [token.id], guarantee: { class: 'process' } });
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await rejectionOf(house.asHost(readOwner, { external_id: 'leaver' }))).toMatchObject({ code: 'not_found' });
    const { data } = await house.asHost(listOwners, { search: 'leaver' });
    expect(data).toEqual([]);
    const again = await house.asHost(putOwner, {
      external_id: 'leaver',
      workspace: { external_id: 'org-leaver' },
      permissions: ['servers:read'],
    });
    expect(again.created).toBe(true);
    expect(again.id).not.toBe(owner.id);
    expect(await house.verdict(value), 'whoever comes after has none of the old tokens').toBe('invalid_token');
  });

  it('answers a repeated deletion only once nobody can still say yes', async () => {
    const newest = await house.engine.store.changeFeed.newest();
    const { code } = await rejectionOf(house.asHost(deleteOwner, { external_id: 'never was' }));
    expect(code).toBe('not_found');
    expect(await house.engine.store.changeFeed.newest()).toBe(newest);
  });
});

describe('owners and a caller of one workspace (row 30)', () => {
  let house: TestEngine;
  let manager: string;
  beforeAll(async () => {
    house = await testEngine();
    manager = (await workspaceManager(house, 'mine', ['keyhouse-owners:read', 'keyhouse-owners:write'])).value;
    await house.asHost(putOwner, {
      external_id: 'shared',
      name: 'Shared',
      memberships: ['mine', 'theirs'].map((external_id) => ({
        workspace: { external_id },
        permissions: ['servers:read', 'servers:write'],
      })),
    });
    await house.asHost(putOwner, {
      external_id: 'foreign',
      workspace: { external_id: 'theirs' },
      permissions: ['servers:read'],
    });
  });
  afterAll(() => house.close());
  const put = (input: object) => house.asBearer(manager, putOwner, input);

  it('tells of somebody else’s owner what it tells of none: the same 404', async () => {
    const asks = [
      (external_id: string) => house.asBearer(manager, readOwner, { external_id }),
      (external_id: string) => house.asBearer(manager, deleteOwner, { external_id }),
    ];
    for (const ask of asks) {
      expect(await rejectionOf(ask('foreign'))).toEqual(await rejectionOf(ask('nobody at all')));
    }
    expect(await rejectionOf(put({ external_id: 'foreign', name: 'Taken over' }))).toMatchObject({ code: 'not_found' });
    const workspaces = [{ external_id: 'theirs' }, { external_id: 'none of that name' }];
    const [theirs, none] = await Promise.all(
      workspaces.map((workspace) => rejectionOf(put({ external_id: 'new', workspace, permissions: [] }))),
    );
    expect(theirs).toEqual(none);
    expect(theirs?.code).toBe('not_found');
  });

  it('shows of an owner the memberships within reach and no others', async () => {
    const owner = await house.asBearer(manager, readOwner, { external_id: 'shared' });
    expect(owner.memberships.map((one) => one.workspace.external_id)).toEqual(['mine']);
    const { data } = await house.asBearer(manager, listOwners, {});
    expect(data.map((one) => one.external_id).sort()).toEqual(['first-of-mine', 'shared']);
    expect(JSON.stringify(data)).not.toContain('theirs');
    expect(await house.asBearer(manager, listOwners, { workspace_external_id: 'theirs' })).toEqual({
      data: [],
      next_cursor: null,
    });
  });

  it('cuts its own membership of a shared owner and leaves the other', async () => {
    const { value } = await house.asHost(createToken, {
      name: 'there',
      owner: { external_id: 'shared' },
      workspace: { external_id: 'theirs' },
      permissions: ['servers:read'],
    });
    const narrowed = await put({
      external_id: 'shared',
      memberships: [{ workspace: { external_id: 'mine' }, permissions: ['servers:read'] }],
    });
    expect(narrowed.guarantee).toBeDefined();
    const seen = await house.asHost(readOwner, { external_id: 'shared' });
    expect(seen.memberships).toHaveLength(2);
    expect(await house.verdict(value as string, ['servers:read'])).toBe('ok');
  });

  it('changes nothing of a shared owner that other workspaces see', async () => {
    for (const input of [{ disabled: true }, { name: 'Renamed' }, { email: 'x@example.com' }, { metadata: { a: 1 } }]) {
      const { code } = await rejectionOf(put({ external_id: 'shared', ...input }));
      expect(code, JSON.stringify(input)).toBe('insufficient_permissions');
    }
    const { code } = await rejectionOf(house.asBearer(manager, deleteOwner, { external_id: 'shared' }));
    expect(code).toBe('insufficient_permissions');
    expect(await house.asHost(readOwner, { external_id: 'shared' })).toMatchObject({ name: 'Shared', disabled: false });
  });

  it('makes owners in its own workspace, and none that it would not see itself', async () => {
    expect(await rejectionOf(put({ external_id: 'nowhere', name: 'Nobody' }))).toMatchObject({ code: 'invalid_input' });
    const made = await put({ external_id: 'ours', workspace: { external_id: 'mine' }, permissions: ['servers:*'] });
    expect(made.created).toBe(true);
    expect(await house.asBearer(manager, deleteOwner, { external_id: 'ours' })).toMatchObject({ id: made.id });
  });
});
