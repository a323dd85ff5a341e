import type { Kysely } from 'kysely';
import type { SecondFactorRecord, SecondFactorWrites } from '../../ports/index.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';

export async function readSecondFactor(
  db: Kysely<Schema>,
  ownerId: string,
  rowLocks = false,
): Promise<SecondFactorRecord | null> {
  const row = await db
    .selectFrom('second_factor')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .$if(rowLocks, (query) => query.forUpdate())
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    ownerId: row.owner_id,
    sealedSecret: row.sealed_secret,
    confirmedAt: row.confirmed_at,
    lastStep: row.last_step,
    createdAt: row.created_at,
  };
}

export function secondFactorWrites({ db, rowLocks }: Session): SecondFactorWrites {
  return {
    lock: (ownerId) => readSecondFactor(db, ownerId, rowLocks),

    async put({ ownerId, sealedSecret, confirmedAt, lastStep, createdAt }) {
      const values = {
        sealed_secret: sealedSecret,
        confirmed_at: confirmedAt,
        last_step: lastStep,
        created_at: createdAt,
      };
      await db
        .insertInto('second_factor')
        .values({ owner_id: ownerId, ...values })
        .onConflict((conflict) => conflict.column('owner_id').doUpdateSet(values))
        .execute();
    },

    async delete(ownerId) {
      await db.deleteFrom('recovery_code').where('owner_id', '=', ownerId).execute();
      const gone = await db.deleteFrom('second_factor').where('owner_id', '=', ownerId).returning('owner_id').execute();
      return gone.length > 0;
    },

    async putRecoveryCodes(ownerId, digests) {
      await db.deleteFrom('recovery_code').where('owner_id', '=', ownerId).execute();
      await db
        .insertInto('recovery_code')
        .values(digests.map((digest) => ({ owner_id: ownerId, digest })))
        .execute();
    },

    async takeRecoveryCode(ownerId, digest) {
      const taken = await db
        .deleteFrom('recovery_code')
        .where('owner_id', '=', ownerId)
        .where('digest', '=', digest)
        .returning('digest')
        .execute();
      return taken.length > 0;
    },
  };
}
