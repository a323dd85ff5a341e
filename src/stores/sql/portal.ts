import type { PortalMinter, PortalReads, PortalSessionRecord, PortalWrites } from '../../ports/index.ts';
import type { PortalSessionTable } from './schema.ts';
import type { Session } from './session.ts';

export function portalReads({ db }: Pick<Session, 'db'>): PortalReads {
  return {
    async find(digest) {
      const row = await db.selectFrom('portal_session').selectAll().where('digest', '=', digest).executeTakeFirst();
      return row === undefined ? null : toPortalSession(row);
    },
  };
}

export function portalWrites({ db, rowLocks }: Session): PortalWrites {
  return {
    async insert(session) {
      await db
        .insertInto('portal_session')
        .values({
          id: session.id,
          link_digest: session.linkDigest,
          link_expires_at: session.linkExpiresAt,
          digest: session.digest,
          owner_id: session.ownerId,
          workspace_id: session.workspaceId,
          ...minterColumns(session.minter),
          actor: session.actor,
          created_at: session.createdAt,
          last_used_at: session.lastUsedAt,
          expires_at: session.expiresAt,
        })
        .execute();
    },

    async lockLink(linkDigest) {
      const row = await db
        .selectFrom('portal_session')
        .selectAll()
        .where('link_digest', '=', linkDigest)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      return row === undefined ? null : toPortalSession(row);
    },

    async open(id, { digest, at, expiresAt }) {
      const rows = await db
        .updateTable('portal_session')
        .set({ digest, last_used_at: at, expires_at: expiresAt })
        .where('id', '=', id)
        .where('digest', 'is', null)
        .returning('id')
        .execute();
      return rows.length === 1;
    },

    async touch(id, at) {
      await db
        .updateTable('portal_session')
        .set({ last_used_at: at })
        .where('id', '=', id)
        .where('last_used_at', '<', at)
        .execute();
    },

    async lock(which) {
      const rows = await db
        .selectFrom('portal_session')
        .selectAll()
        .where((where) => ('id' in which ? where('id', '=', which.id) : where('owner_id', '=', which.ownerId)))
        .orderBy('id')
        .$if(rowLocks, (query) => query.forUpdate())
        .execute();
      return rows.map(toPortalSession);
    },

    async end(ids) {
      if (ids.length > 0) await db.deleteFrom('portal_session').where('id', 'in', ids).execute();
    },

    async purge(now, idleSince) {
      await db
        .deleteFrom('portal_session')
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

function toPortalSession(row: PortalSessionTable): PortalSessionRecord {
  return {
    id: row.id,
    linkDigest: row.link_digest,
    linkExpiresAt: row.link_expires_at,
    digest: row.digest,
    ownerId: row.owner_id,
    workspaceId: row.workspace_id,
    minter: minterOf(row),
    actor: row.actor,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}

type MinterColumns = Pick<PortalSessionTable, 'minter_token_id' | 'minter_owner_id' | 'minter_workspace_id'>;

export function minterColumns(minter: PortalMinter): MinterColumns {
  return {
    minter_token_id: minter !== null && 'tokenId' in minter ? minter.tokenId : null,
    minter_owner_id: minter !== null && 'ownerId' in minter ? minter.ownerId : null,
    minter_workspace_id: minter !== null && 'ownerId' in minter ? minter.workspaceId : null,
  };
}

export function minterOf(row: MinterColumns): PortalMinter {
  const { minter_token_id: tokenId, minter_owner_id: ownerId, minter_workspace_id: workspaceId } = row;
  if (tokenId !== null) return { tokenId };
  return ownerId === null || workspaceId === null ? null : { ownerId, workspaceId };
}
