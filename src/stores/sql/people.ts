import type { PeopleReads, PeopleWrites } from '../../ports/index.ts';
import { invitationColumns, toInvitation } from './links.ts';
import { byAge, isAfter, toPage } from './paging.ts';
import { readSecondFactor } from './second-factors.ts';
import type { Session } from './session.ts';
import { listSessions } from './sessions.ts';

/** There is at most one set-up code. */
const ONLY = 1;

export function peopleReads({ db }: Session): PeopleReads {
  return {
    readPasswordHash: (ownerId) => readPasswordHash(db, ownerId),
    readSecondFactor: (ownerId) => readSecondFactor(db, ownerId),
    listSessions: (ownerId) => listSessions(db, ownerId),

    async listInvitations({ workspaceId, now }, { limit, after }) {
      let query = db.selectFrom('invitation').select(invitationColumns).where('expires_at', '>', now);
      if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
      if (after !== null) query = query.where(isAfter(after));
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toInvitation, byAge);
    },
  };
}

async function readPasswordHash(db: Session['db'], ownerId: string): Promise<string | null> {
  const row = await db.selectFrom('password').select('hash').where('owner_id', '=', ownerId).executeTakeFirst();
  return row?.hash ?? null;
}

export function peopleWrites({ db, rowLocks }: Session): PeopleWrites {
  return {
    readPasswordHash: (ownerId) => readPasswordHash(db, ownerId),

    async putPasswordHash(ownerId, hash, at) {
      await db
        .insertInto('password')
        .values({ owner_id: ownerId, hash, updated_at: at })
        .onConflict((conflict) => conflict.column('owner_id').doUpdateSet({ hash, updated_at: at }))
        .execute();
    },

    async lockSetupCode() {
      const row = await db
        .selectFrom('setup_code')
        .select(['code_digest', 'expires_at'])
        .where('id', '=', ONLY)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      return row === undefined ? null : { codeDigest: row.code_digest, expiresAt: row.expires_at };
    },

    async putSetupCode({ codeDigest, expiresAt }) {
      const values = { code_digest: codeDigest, expires_at: expiresAt };
      await db
        .insertInto('setup_code')
        .values({ id: ONLY, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    },

    async deleteSetupCode() {
      await db.deleteFrom('setup_code').execute();
    },

    async hasUsers() {
      // Deleted users count: set-up does not open again because the last admin left.
      const row = await db.selectFrom('owner').select('id').where('kind', '=', 'user').limit(1).executeTakeFirst();
      return row !== undefined;
    },
  };
}
