import { sql } from 'kysely';
import type { MembershipRecord, OwnerReads, OwnerWrites } from '../../ports/index.ts';
import { directoryWrites } from './directory.ts';
import {
  ownerColumns,
  roleColumns,
  toMembership,
  toOwner,
  toOwnerPatchRow,
  toOwnerRow,
  toRole,
  toWorkspace,
  workspaceColumns,
} from './owner-row.ts';
import { byAge, contains, isAfter, toPage } from './paging.ts';
import type { Session } from './session.ts';

type OwnerKey = { id: string } | { externalId: string } | { email: string };

export function ownerReads({ db }: Session): OwnerReads {
  return {
    async find(by) {
      const row = await ownerBy(db, by).executeTakeFirst();
      return row === undefined ? null : toOwner(row);
    },

    async list({ kind, workspaceId, roleId, search }, { limit, after }) {
      let query = db.selectFrom('owner').select(ownerColumns).where('deleted_at', 'is', null);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (workspaceId !== undefined) {
        query = query.where('id', 'in', (members) =>
          members.selectFrom('membership').select('owner_id').where('workspace_id', '=', workspaceId),
        );
      }
      if (roleId !== undefined) {
        query = query.where('id', 'in', (holders) =>
          holders
            .selectFrom('membership_role')
            .select('owner_id')
            .where('role_id', '=', roleId)
            .$if(workspaceId !== undefined, (there) => there.where('workspace_id', '=', workspaceId as string)),
        );
      }
      if (search !== undefined) {
        const columns = ['name_folded', 'email', 'external_id_folded'];
        query = query.where((where) => where.or(columns.map((column) => contains(sql.ref(column), search))));
      }
      if (after !== null) query = query.where(isAfter(after));
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toOwner, byAge);
    },

    async memberships(ownerId) {
      const rows = await db
        .selectFrom('membership as m')
        .leftJoin('membership_role as r', (join) =>
          join.onRef('r.owner_id', '=', 'm.owner_id').onRef('r.workspace_id', '=', 'm.workspace_id'),
        )
        .select(['m.owner_id', 'm.workspace_id', 'm.permissions', 'm.created_at', 'r.role_id'])
        .where('m.owner_id', '=', ownerId)
        .orderBy('m.created_at')
        .orderBy('m.workspace_id')
        .orderBy('r.role_id')
        .execute();
      const byWorkspace = Map.groupBy(rows, (row) => row.workspace_id);
      return [...byWorkspace.values()].map((group) => {
        const roleIds = group.flatMap(({ role_id }) => (role_id === null ? [] : [role_id]));
        return toMembership(group[0] as (typeof rows)[number], roleIds);
      });
    },

    async findWorkspace(by) {
      const workspaces = db.selectFrom('workspace').select(workspaceColumns);
      const query =
        'id' in by
          ? workspaces.where('id', '=', by.id)
          : 'externalId' in by
            ? workspaces.where('external_id', '=', by.externalId)
            : workspaces.where('is_home', '=', 1);
      const row = await query.executeTakeFirst();
      return row === undefined ? null : toWorkspace(row);
    },

    async listWorkspaces({ limit, after }) {
      let query = db.selectFrom('workspace').select(workspaceColumns);
      if (after !== null) query = query.where(isAfter(after));
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toWorkspace, byAge);
    },

    async listRoles() {
      const rows = await db.selectFrom('role').select(roleColumns).orderBy('name').execute();
      return rows.map(toRole);
    },

    async countRoleHolders(roleId) {
      const row = await db
        .selectFrom('membership_role')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('role_id', '=', roleId)
        .executeTakeFirstOrThrow();
      return row.count;
    },

    async isHeldByAnother({ roleId, workspaceId, exceptOwnerId }) {
      const row = await db
        .selectFrom('membership_role')
        .innerJoin('owner', 'owner.id', 'membership_role.owner_id')
        .select('owner.id')
        .where('membership_role.role_id', '=', roleId)
        .where('membership_role.workspace_id', '=', workspaceId)
        .where('owner.id', '!=', exceptOwnerId)
        .where('owner.kind', '=', 'user')
        .where('owner.disabled_at', 'is', null)
        .where('owner.deleted_at', 'is', null)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

export function ownerWrites(session: Session): OwnerWrites {
  const { db, rowLocks } = session;

  return {
    ...ownerReads(session),

    async insertOwner(owner) {
      await db.insertInto('owner').values(toOwnerRow(owner)).execute();
    },

    async updateOwner(id, patch) {
      const row = toOwnerPatchRow(patch);
      if (Object.keys(row).length === 0) return;
      const isEnded = row.disabled_at != null || row.disabled_by_provider_at != null;
      const changed = { ...row, ...(isEnded && { reminder_next_at: 0 }) };
      await db.updateTable('owner').set(changed).where('id', '=', id).execute();
    },

    async lockOwner(by) {
      const row = await ownerBy(db, by)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      return row === undefined ? null : toOwner(row);
    },

    async putMembership({ ownerId, workspaceId, permissions, roleIds, createdAt }: MembershipRecord) {
      const key = { owner_id: ownerId, workspace_id: workspaceId };
      await db
        .insertInto('membership')
        .values({ ...key, permissions: JSON.stringify(permissions), created_at: createdAt })
        .onConflict((conflict) =>
          conflict.columns(['owner_id', 'workspace_id']).doUpdateSet({ permissions: JSON.stringify(permissions) }),
        )
        .execute();
      await db
        .deleteFrom('membership_role')
        .where('owner_id', '=', ownerId)
        .where('workspace_id', '=', workspaceId)
        .execute();
      const roles = [...new Set(roleIds)].map((role_id) => ({ ...key, role_id }));
      if (roles.length > 0) await db.insertInto('membership_role').values(roles).execute();
    },

    async deleteMembership(ownerId, workspaceId) {
      await db
        .deleteFrom('membership')
        .where('owner_id', '=', ownerId)
        .where('workspace_id', '=', workspaceId)
        .execute();
      await db.updateTable('owner').set({ reminder_next_at: 0 }).where('id', '=', ownerId).execute();
    },

    directory: directoryWrites(session),
  };
}

/** By our id a deleted owner is still found; by the names it was known by, no more. */
function ownerBy(db: Session['db'], by: OwnerKey) {
  const owners = db.selectFrom('owner').select(ownerColumns);
  if ('id' in by) return owners.where('id', '=', by.id);
  const present = owners.where('deleted_at', 'is', null);
  if ('externalId' in by) return present.where('external_id', '=', by.externalId);
  return present.where('email', '=', by.email).where('kind', '=', 'user');
}
