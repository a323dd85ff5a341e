import type { ActorRef, StaffReads, StaffSessionRecord, StaffWrites } from '../../ports/index.ts';
import { minterColumns, minterOf } from './portal.ts';
import type { StaffSessionTable } from './schema.ts';
import type { Session } from './session.ts';

export function staffReads({ db }: Pick<Session, 'db'>): StaffReads {
  return {
    async find(digest) {
      const row = await db.selectFrom('staff_session').selectAll().where('digest', '=', digest).executeTakeFirst();
      return row === undefined ? null : toStaffSession(row);
    },
  };
}

export function staffWrites({ db, rowLocks }: Session): StaffWrites {
  return {
    async insert(session) {
      await db
        .insertInto('staff_session')
        .values({
          id: session.id,
          link_digest: session.linkDigest,
          link_expires_at: session.linkExpiresAt,
          digest: session.digest,
          external_id: session.externalId,
          name: session.name,
          email: session.email,
          role_id: session.roleId,
          workspace_id: session.workspaceId,
          ...minterColumns(session.minter),
          created_by_kind: session.createdBy.kind,
          created_by_id: session.createdBy.id,
          created_at: session.createdAt,
          last_used_at: session.lastUsedAt,
          expires_at: session.expiresAt,
        })
        .execute();
    },

    async lockLink(linkDigest) {
      const row = await db
        .selectFrom('staff_session')
        .selectAll()
        .where('link_digest', '=', linkDigest)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      return row === undefined ? null : toStaffSession(row);
    },

    async lock(which) {
      const rows = await db
        .selectFrom('staff_session')
        .selectAll()
        .where((where) => ('id' in which ? where('id', '=', which.id) : where('external_id', '=', which.externalId)))
        .orderBy('id')
        .$if(rowLocks, (query) => query.forUpdate())
        .execute();
      return rows.map(toStaffSession);
    },

    async open(id, { digest, at, expiresAt }) {
      const rows = await db
        .updateTable('staff_session')
        .set({ digest, last_used_at: at, expires_at: expiresAt })
        .where('id', '=', id)
        .where('digest', 'is', null)
        .returning('id')
        .execute();
      return rows.length === 1;
    },

    async touch(id, at) {
      await db
        .updateTable('staff_session')
        .set({ last_used_at: at })
        .where('id', '=', id)
        .where('last_used_at', '<', at)
        .execute();
    },

    async end(ids) {
      if (ids.length > 0) await db.deleteFrom('staff_session').where('id', 'in', ids).execute();
    },

    async purge(now, idleSince) {
      await db
        .deleteFrom('staff_session')
        .where((where) =>
          where.or([
            where('expires_at', '<=', now),
            where.and([where('digest', 'is not', null), where('last_used_at', '<=', idleSince)]),
          ]),
        )
        .execute();
    },
  };
}

function toStaffSession(row: StaffSessionTable): StaffSessionRecord {
  return {
    id: row.id,
    linkDigest: row.link_digest,
    linkExpiresAt: row.link_expires_at,
    digest: row.digest,
    externalId: row.external_id,
    name: row.name,
    email: row.email,
    roleId: row.role_id,
    workspaceId: row.workspace_id,
    minter: minterOf(row),
    createdBy: { kind: row.created_by_kind as ActorRef['kind'], id: row.created_by_id },
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}
