import type { PeopleWrites } from '../../ports/index.ts';
import type { Session } from './session.ts';

/** There is at most one set-up code. */
const ONLY = 1;

export function peopleWrites({ db, rowLocks }: Session): PeopleWrites {
  return {
    async readPasswordHash(ownerId) {
      const row = await db.selectFrom('password').select('hash').where('owner_id', '=', ownerId).executeTakeFirst();
      return row?.hash ?? null;
    },

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
