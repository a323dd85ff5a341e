import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeAdmin, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  createServiceAccount,
  createToken,
  createUser,
  deleteServiceAccount,
  deleteUser,
  listServiceAccounts,
  listUsers,
  putOwner,
  readServiceAccount,
  readUser,
  updateServiceAccount,
  updateUser,
} from './index.ts';

const KINDS = [
  {
    kind: 'user',
    create: createUser,
    list: listUsers,
    read: readUser,
    update: updateUser,
    remove: deleteUser,
    sample: (name: string) => ({ email: `${name}@provider.example`, name }),
    other: readServiceAccount,
  },
  {
    kind: 'service_account',
    create: createServiceAccount,
    list: listServiceAccounts,
    read: readServiceAccount,
    update: updateServiceAccount,
    remove: deleteServiceAccount,
    sample: (name: string) => ({ name }),
    other: readUser,
  },
] as const;

for (const { kind, create, list, read, update, remove, sample, other } of KINDS) {
  describe(`a ${kind}`, () => {
    let house: TestEngine;
    let admin: string;
    let home: string;
    beforeAll(async () => {
      house = await testEngine();
      const made = await becomeAdmin(house);
      admin = made.token;
      home = made.workspace.id;
      await house.asHost(putOwner, { external_id: 'x', workspace: { external_id: 'org-1' }, permissions: [] });
      await house.asHost(putOwner, { external_id: 'y', workspace: { external_id: 'org-2' }, permissions: [] });
    });
    afterAll(() => house.close());
    const tokenOf = async (id: string, permissions: string[]) =>
      (await house.asHost(createToken, { name: 'x', owner: { id }, permissions })).value as string;

    it('is created, read and listed with its memberships', async () => {
      const made = await house.asBearer(admin, create, {
        ...sample('first'),
        workspace: { external_id: 'org-1' },
        permissions: ['servers:read'],
        metadata: { cost_centre: 7 },
      });
      expect(made).toMatchObject({ kind, name: 'first', external_id: null, disabled: false, disabled_at: null });
      expect(await house.asBearer(admin, read, { id: made.id })).toMatchObject(made);
      const { data } = await house.asBearer(admin, list, { search: 'first' });
      expect(data).toMatchObject([made]);
      expect(data).toHaveLength(1);
      expect(await rejectionOf(house.asBearer(admin, other, { id: made.id }))).toMatchObject({ code: 'not_found' });
    });

    it('row 29: disabled, its tokens are refused on the next request; enabled, they work again', async () => {
      const { id } = await house.asHost(create, {
        ...sample('paused'),
        workspace: { external_id: 'org-1' },
        permissions: ['servers:read'],
      });
      const value = await tokenOf(id, ['servers:read']);
      expect(await house.verdict(value)).toBe('ok');
      const disabled = await house.asBearer(admin, update, { id, disabled: true });
      expect(disabled).toMatchObject({ disabled: true, guarantee: { class: 'process' } });
      expect(await house.verdict(value)).toBe('invalid_token');
      await house.asBearer(admin, update, { id, name: 'paused and renamed' });
      expect(await house.verdict(value), 'only "disabled": false enables').toBe('invalid_token');
      expect(await house.asBearer(admin, update, { id, disabled: false })).not.toHaveProperty('guarantee');
      expect(await house.verdict(value)).toBe('ok');
    });

    it('row 29: loses a membership that is left out of the whole set, at once', async () => {
      const memberships = ['org-1', 'org-2'].map((external_id) => ({
        workspace: { external_id },
        permissions: ['servers:read'],
      }));
      const { id } = await house.asHost(create, { ...sample('moved'), memberships });
      const { value } = await house.asHost(createToken, {
        name: 'x',
        owner: { id },
        workspace: { external_id: 'org-1' },
        permissions: ['servers:read'],
      });
      expect(await house.verdict(value as string)).toBe('ok');
      const cut = await house.asHost(update, { id, memberships: memberships.slice(1) });
      expect(cut.guarantee).toBeDefined();
      expect(await house.verdict(value as string)).toBe('invalid_token');
    });

    it('is deleted with its tokens; repeated, the answer is the same and was waited for again', async () => {
      const { id } = await house.asHost(create, {
        ...sample('gone'),
        workspace: { external_id: 'org-1' },
        permissions: ['servers:read'],
      });
      const value = await tokenOf(id, ['servers:read']);
      expect(await house.verdict(value)).toBe('ok');
      const first = await house.asBearer(admin, remove, { id });
      expect(first.revoked_ids).toHaveLength(1);
      expect(await house.verdict(value)).toBe('invalid_token');
      house.clock.advance(5_000);
      const { guarantee, ...again } = await house.asBearer(admin, remove, { id });
      const { guarantee: _first, ...same } = first;
      expect(again).toEqual(same);
      expect(guarantee.epoch).toBeGreaterThanOrEqual(first.guarantee.epoch);
      expect(await rejectionOf(house.asBearer(admin, read, { id }))).toMatchObject({ code: 'not_found' });
      expect(await rejectionOf(house.asBearer(admin, update, { id, disabled: false }))).toMatchObject({
        code: 'not_found',
      });
      const sameAgain = await house.asHost(create, sample('gone'));
      expect(sameAgain.id).not.toBe(id);
    });

    it('wire "Who may grant what": is given management within what the caller holds, and no more', async () => {
      const narrow = (
        await house.asBearer(admin, createToken, {
          name: 'people only',
          permissions: ['keyhouse-users:*', 'keyhouse-service-accounts:*', 'keyhouse-audit:read'],
        })
      ).value as string;
      const give = (permissions: string[]) =>
        house.asBearer(narrow, create, {
          ...sample(`p${permissions.length}`),
          workspace: { id: home },
          permissions,
        });
      expect(await give(['keyhouse-audit:read', 'servers:read'])).toMatchObject({ name: 'p2' });
      const refused = await rejectionOf(give(['keyhouse-audit:read', 'keyhouse-tokens:write', 'servers:read']));
      expect(refused.code).toBe('exceeds_creator');
      expect(refused.message).toBe('The caller does not hold keyhouse-tokens:write.');
      expect((await rejectionOf(give(['keyhouse-audit:*']))).code, 'a wildcard is more than its parts').toBe(
        'exceeds_creator',
      );
      expect((await rejectionOf(give(['keyhouse-nothing:read']))).code).toBe('unknown_permission');
    });

    it('may be stopped, but not let in again, by who holds less than it does', async () => {
      const boss = await house.asBearer(admin, create, {
        ...sample('boss'),
        workspace: { id: home },
        roles: ['admin'],
      });
      const permission = `keyhouse-${kind === 'user' ? 'users' : 'service-accounts'}:write`;
      const narrow = (await house.asBearer(admin, createToken, { name: 'n', permissions: [permission] }))
        .value as string;
      expect(await house.asBearer(narrow, update, { id: boss.id, disabled: true })).toMatchObject({ disabled: true });
      expect(await rejectionOf(house.asBearer(narrow, update, { id: boss.id, disabled: false }))).toMatchObject({
        code: 'exceeds_creator',
      });
      expect(await house.asBearer(admin, update, { id: boss.id, disabled: false })).toMatchObject({ disabled: false });
    });

    it('row 30: out of reach it is answered like one that does not exist', async () => {
      const foreign = await house.asHost(create, {
        ...sample('foreign'),
        workspace: { external_id: 'org-2' },
        permissions: [],
      });
      const { value } = await workspaceManager(house, 'org-1', ['keyhouse-users:*', 'keyhouse-service-accounts:*']);
      const asks = [
        (id: string) => house.asBearer(value, read, { id }),
        (id: string) => house.asBearer(value, update, { id, name: 'mine' }),
        (id: string) => house.asBearer(value, remove, { id }),
      ];
      for (const ask of asks) {
        expect(await rejectionOf(ask(foreign.id))).toEqual(await rejectionOf(ask('usr_0000000000000000000000')));
      }
      const { data } = await house.asBearer(value, list, { limit: 100 });
      const workspaces = data.flatMap((one) => one.memberships.map((membership) => membership.workspace.external_id));
      expect(new Set(workspaces)).toEqual(new Set(['org-1']));
    });
  });
}

describe('a user', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  it('row 100b: tells nobody of one workspace whether somebody of another has an address', async () => {
    const { value } = await workspaceManager(house, 'org-100b', ['keyhouse-users:write', 'keyhouse-users:read']);
    await house.asHost(createUser, { email: 'taken@example.com' });
    const own = await house.asHost(createUser, {
      email: 'own@example.com',
      workspace: { external_id: 'org-100b' },
      permissions: [],
    });
    const ask = (email: string) => [
      rejectionOf(
        house.asBearer(value, createUser, { email, permissions: [], workspace: { external_id: 'org-100b' } }),
      ),
      rejectionOf(house.asBearer(value, updateUser, { id: own.id, email })),
    ];
    const [taken, free] = [await Promise.all(ask('taken@example.com')), await Promise.all(ask('free@example.com'))];
    expect(taken).toEqual(free);
    expect(taken.map(({ code }) => code)).toEqual(['insufficient_permissions', 'insufficient_permissions']);
    expect(await house.asBearer(value, updateUser, { id: own.id, name: 'Own' })).toMatchObject({ name: 'Own' });
  });

  it('is known by an e-mail address that no other user has, in whatever case and spacing', async () => {
    await house.asHost(createUser, { email: 'Linus@Example.com' });
    const second = await house.asHost(createUser, { email: 'other@example.com' });
    const clash = await rejectionOf(house.asHost(createUser, { email: ' linus@example.COM ' }));
    expect(clash).toMatchObject({ code: 'conflict' });
    expect(await rejectionOf(house.asHost(updateUser, { id: second.id, email: 'linus@example.com' }))).toMatchObject({
      code: 'conflict',
    });
    await house.asHost(createServiceAccount, { name: 'linus@example.com' });
  });

  it('row 55: has a name without what cannot be seen, or none', async () => {
    for (const name of ['', '   ', 'a'.repeat(101), 'a\u0000b', '\u202Eevil', 'zero\u200Bwidth', 7]) {
      const refused = await rejectionOf(house.asHost(createUser, { email: 'n@example.com', name }));
      expect(refused.problems.map((one) => one.path)).toEqual(['name']);
    }
    const emoji = '👩🏽‍🚀'.replaceAll('\u200d', '');
    const named = await house.asHost(createUser, { email: 'n@example.com', name: `<script>'; drop table ${emoji}` });
    expect(named.name).toBe(`<script>'; drop table ${emoji}`);
  });
});
