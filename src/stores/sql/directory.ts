import type { DirectoryWrites } from '../../ports/index.ts';
import { roleColumns, toRole, toWorkspace, workspaceColumns } from './owner-row.ts';
import type { Session } from './session.ts';

export function directoryWrites({ db, rowLocks }: Session): DirectoryWrites {
  return {
    async insertWorkspace({ id, externalId, name, isHome, disabledAt, metadata, createdAt }) {
      await db
        .insertInto('workspace')
        .values({
          id,
          external_id: externalId,
          name,
          is_home: Number(isHome),
          disabled_at: disabledAt,
          metadata: JSON.stringify(metadata),
          created_at: createdAt,
        })
        .execute();
    },

    async lockWorkspace(id) {
      const row = await db
        .selectFrom('workspace')
        .select(workspaceColumns)
        .where('id', '=', id)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      return row === undefined ? null : toWorkspace(row);
    },

    async updateWorkspace(id, { name, disabledAt, metadata }) {
      const row = {
        ...(name === undefined ? {} : { name }),
        ...(disabledAt === undefined ? {} : { disabled_at: disabledAt }),
        ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
      };
      if (Object.keys(row).length > 0) await db.updateTable('workspace').set(row).where('id', '=', id).execute();
    },

    async insertRole({ id, name, permissions, everything, builtIn, createdAt }) {
      await db
        .insertInto('role')
        .values({
          id,
          name,
          permissions: JSON.stringify(permissions),
          everything: Number(everything),
          built_in: Number(builtIn),
          created_at: createdAt,
        })
        .execute();
    },

    async lockRole(id) {
      const row = await db
        .selectFrom('role')
        .select(roleColumns)
        .where('id', '=', id)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      return row === undefined ? null : toRole(row);
    },

    async updateRole(id, { name, permissions }) {
      const row = {
        ...(name === undefined ? {} : { name }),
        ...(permissions === undefined ? {} : { permissions: JSON.stringify(permissions) }),
      };
      if (Object.keys(row).length > 0) await db.updateTable('role').set(row).where('id', '=', id).execute();
    },

    async deleteRole(id) {
      await db.deleteFrom('role').where('id', '=', id).execute();
    },
  };
}
