import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { OwnerRecord, PagePosition } from '../../ports/index.ts';
import { sampleId, sampleMembership, sampleOwner, sampleRole, sampleWorkspace } from '../sample-records.ts';
import { type StoreCase, type StoreSubject, seedMember } from './store-case.ts';
import { isViolationOf } from './token-cases.ts';

const NOW = 1_700_000_000_000;

function insertOwner({ store }: StoreSubject, owner: OwnerRecord): Promise<void> {
  return store.transact(({ owners }) => owners.insertOwner(owner));
}

export const ownerCases: readonly StoreCase[] = [
  {
    title: 'an owner comes back with every field, by id, external id and e-mail',
    async run(subject) {
      const { owners } = subject.store;
      const user = sampleOwner({
        kind: 'user',
        externalId: null,
        email: `${sampleId('ada')}@example.com`.toLowerCase(),
        disabledAt: NOW,
        disabledByProviderAt: NOW + 1,
        metadata: { team: 'α' },
      });
      const external = sampleOwner();
      await insertOwner(subject, user);
      await insertOwner(subject, external);
      deepEqual(await owners.find({ id: user.id }), user);
      deepEqual(await owners.find({ email: user.email ?? '' }), user);
      deepEqual(await owners.find({ externalId: external.externalId ?? '' }), external);
      equal(await owners.find({ id: 'own_none' }), null);
    },
  },
  {
    title: 'an external id, and an e-mail among users, is taken once; an e-mail among external owners freely',
    async run(subject) {
      const externalId = sampleId('ext');
      const email = `${sampleId('bob')}@example.com`.toLowerCase();
      await insertOwner(subject, sampleOwner({ externalId, email }));
      await insertOwner(subject, sampleOwner({ email }));
      await insertOwner(subject, sampleOwner({ kind: 'user', externalId: null, email }));
      await rejects(insertOwner(subject, sampleOwner({ externalId })), isViolationOf('owner_external_id'));
      const second = sampleOwner({ kind: 'user', externalId: null, email });
      await rejects(insertOwner(subject, second), isViolationOf('owner_email'));
    },
  },
  {
    title: 'a deleted owner is found by id only, is not listed, and leaves its names to others',
    async run(subject) {
      const { store } = subject;
      const externalId = sampleId('ext');
      const owner = sampleOwner({ externalId });
      await insertOwner(subject, owner);
      await store.transact(({ owners }) => owners.updateOwner(owner.id, { deletedAt: NOW }));
      equal(await store.owners.find({ externalId }), null);
      deepEqual(await store.owners.find({ id: owner.id }), { ...owner, deletedAt: NOW });
      const page = await store.owners.list({ search: externalId }, { limit: 9, after: null });
      deepEqual(page.rows, []);
      const successor = sampleOwner({ externalId });
      await insertOwner(subject, successor);
      equal((await store.owners.find({ externalId }))?.id, successor.id);
      await store.transact(async ({ owners }) => {
        equal((await owners.lockOwner({ externalId }))?.id, successor.id);
        equal((await owners.lockOwner({ id: owner.id }))?.id, owner.id);
        equal(await owners.lockOwner({ id: 'own_none' }), null);
      });
    },
  },
  {
    title: 'owners are listed newest first, by kind, workspace and search',
    async run(subject) {
      const { store } = subject;
      const { workspace, owner } = await seedMember(store);
      const name = sampleId('NÄME');
      const user = sampleOwner({ kind: 'user', externalId: null, name, createdAt: NOW + 5 });
      await store.transact(async ({ owners }) => {
        await owners.insertOwner(user);
        await owners.putMembership(sampleMembership(user, workspace));
      });
      const ids = async (filter: Parameters<typeof store.owners.list>[0], after: PagePosition | null = null) =>
        (await store.owners.list(filter, { limit: 1, after })).rows.map(({ id }) => id);
      deepEqual(await ids({ workspaceId: workspace.id }), [user.id]);
      deepEqual(await ids({ workspaceId: workspace.id }, { at: user.createdAt, id: user.id }), [owner.id]);
      deepEqual(await ids({ workspaceId: workspace.id, kind: 'external' }), [owner.id]);
      deepEqual(await ids({ search: name.toLowerCase() }), [user.id]);
      deepEqual(await ids({ search: owner.externalId?.toUpperCase() ?? '' }), [owner.id]);
      await store.transact(({ owners }) => owners.updateOwner(user.id, { name: 'someone else', metadata: { x: 1 } }));
      deepEqual(await ids({ search: name }), []);
      deepEqual(await store.owners.find({ id: user.id }), { ...user, name: 'someone else', metadata: { x: 1 } });
    },
  },
  {
    title: 'putting a membership replaces permissions and roles; deleting it takes its roles along',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const [first, second] = [sampleRole(), sampleRole()];
      await store.transact(async ({ owners }) => {
        await owners.directory.insertRole(first);
        await owners.directory.insertRole(second);
        const roleIds = [first.id, second.id, first.id];
        await owners.putMembership(sampleMembership(owner, workspace, { permissions: ['a:b', 'c:*'], roleIds }));
      });
      const roleIds = [first.id, second.id].sort();
      deepEqual(await store.owners.memberships(owner.id), [
        sampleMembership(owner, workspace, { permissions: ['a:b', 'c:*'], roleIds }),
      ]);
      equal(await store.owners.countRoleHolders(first.id), 1);
      const holders = async (workspaceId?: string) => {
        const filter = { roleId: first.id, ...(workspaceId !== undefined && { workspaceId }) };
        return (await store.owners.list(filter, { limit: 9, after: null })).rows.map(({ id }) => id);
      };
      deepEqual(await holders(), [owner.id]);
      deepEqual(await holders(workspace.id), [owner.id]);
      deepEqual(await holders('wsp_none'), []);
      await store.transact(({ owners }) =>
        owners.putMembership(sampleMembership(owner, workspace, { roleIds: [second.id], createdAt: NOW + 7 })),
      );
      deepEqual(await store.owners.memberships(owner.id), [
        sampleMembership(owner, workspace, { roleIds: [second.id] }),
      ]);
      equal(await store.owners.countRoleHolders(first.id), 0);
      await store.transact(({ owners }) => owners.deleteMembership(owner.id, workspace.id));
      deepEqual(await store.owners.memberships(owner.id), []);
      equal(await store.owners.countRoleHolders(second.id), 0);
    },
  },
  {
    title: 'a role is held by another only where a user who may sign in holds it in that workspace',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const [role, elsewhere] = [sampleRole(), sampleWorkspace()];
      const [other, service] = [sampleOwner({ kind: 'user' }), sampleOwner({ kind: 'service_account' })];
      const held = { roleId: role.id, workspaceId: workspace.id, exceptOwnerId: owner.id };
      const is = async (expected: boolean) => equal(await store.owners.isHeldByAnother(held), expected);
      const give = (to: typeof owner, where: typeof workspace, roleIds: string[]) =>
        store.transact(({ owners }) => owners.putMembership(sampleMembership(to, where, { roleIds })));
      await store.transact(async ({ owners }) => {
        await owners.directory.insertRole(role);
        await owners.directory.insertWorkspace(elsewhere);
        await owners.insertOwner(other);
        await owners.insertOwner(service);
      });
      await give(owner, workspace, [role.id]);
      await give(service, workspace, [role.id]);
      await give(other, elsewhere, [role.id]);
      await is(false);
      await give(other, workspace, [role.id]);
      await is(true);
      await store.transact(({ owners }) => owners.updateOwner(other.id, { disabledAt: NOW }));
      await is(false);
      await store.transact(({ owners }) => owners.updateOwner(other.id, { disabledAt: null }));
      await is(true);
      await give(other, workspace, []);
      await is(false);
    },
  },
  {
    title: 'a workspace comes back by id and external id, can be changed, and its external id is taken once',
    async run({ store }) {
      const externalId = sampleId('ext');
      const workspace = sampleWorkspace({ externalId, metadata: { tier: 2 } });
      await store.transact(({ owners }) => owners.directory.insertWorkspace(workspace));
      deepEqual(await store.owners.findWorkspace({ id: workspace.id }), workspace);
      deepEqual(await store.owners.findWorkspace({ externalId }), workspace);
      equal(await store.owners.findWorkspace({ id: 'wsp_none' }), null);
      const again = sampleWorkspace({ externalId });
      const insertion = store.transact(({ owners }) => owners.directory.insertWorkspace(again));
      await rejects(insertion, isViolationOf('workspace_external_id'));
      const patch = { name: 'Renamed', disabledAt: NOW, metadata: {} };
      await store.transact(({ owners }) => owners.directory.updateWorkspace(workspace.id, patch));
      deepEqual(await store.owners.findWorkspace({ id: workspace.id }), { ...workspace, ...patch });
      await store.transact(({ owners }) => owners.directory.updateWorkspace(workspace.id, { disabledAt: null }));
      equal((await store.owners.findWorkspace({ id: workspace.id }))?.disabledAt, null);
    },
  },
  {
    title: 'a workspace and a role can be locked, and are null where there is none',
    async run({ store }) {
      const [workspace, role] = [sampleWorkspace(), sampleRole()];
      await store.transact(async ({ owners: { directory } }) => {
        await directory.insertWorkspace(workspace);
        await directory.insertRole(role);
        deepEqual(await directory.lockWorkspace(workspace.id), workspace);
        deepEqual(await directory.lockRole(role.id), role);
        equal(await directory.lockWorkspace('wsp_none'), null);
        equal(await directory.lockRole('rol_none'), null);
      });
    },
  },
  {
    title: 'there is one home workspace at most',
    async run({ store }) {
      const insert = () =>
        store.transact(({ owners }) => owners.directory.insertWorkspace(sampleWorkspace({ isHome: true })));
      if ((await store.owners.findWorkspace({ home: true })) === null) await insert();
      equal((await store.owners.findWorkspace({ home: true }))?.isHome, true);
      await rejects(insert(), isViolationOf('workspace_home'));
    },
  },
  {
    title: 'workspaces are listed newest first in pages',
    async run({ store }) {
      const newest = [3, 2, 1].map((age) => sampleWorkspace({ createdAt: NOW + 1_000_000 + age }));
      await store.transact(async ({ owners }) => {
        for (const workspace of newest) await owners.directory.insertWorkspace(workspace);
      });
      const first = await store.owners.listWorkspaces({ limit: 2, after: null });
      deepEqual(first.rows, newest.slice(0, 2));
      const second = await store.owners.listWorkspaces({ limit: 1, after: first.next });
      deepEqual(second.rows, newest.slice(2));
    },
  },
  {
    title: 'roles are listed by name, can be changed and deleted, and a name is taken once',
    async run({ store }) {
      const role = sampleRole({ everything: true, builtIn: true });
      const other = sampleRole();
      await store.transact(async ({ owners }) => {
        await owners.directory.insertRole(role);
        await owners.directory.insertRole(other);
      });
      const insertion = store.transact(({ owners }) => owners.directory.insertRole(sampleRole({ name: role.name })));
      await rejects(insertion, isViolationOf('role_name'));
      await store.transact(async ({ owners }) => {
        await owners.directory.updateRole(role.id, { permissions: ['x:y'] });
        await owners.directory.deleteRole(other.id);
      });
      const roles = await store.owners.listRoles();
      deepEqual(
        roles.map(({ name }) => name),
        roles.map(({ name }) => name).sort(),
      );
      deepEqual(
        roles.filter(({ id }) => id === role.id || id === other.id),
        [{ ...role, permissions: ['x:y'] }],
      );
    },
  },
];
