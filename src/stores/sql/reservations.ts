import type { ReservationLog } from '../../ports/index.ts';
import type { Session } from './session.ts';

const BATCH = 500;

/** Written and read through the writer alone: what is loaded at start is what was last saved, before any reader opens. */
export function reservationLog({ db }: Session): ReservationLog {
  return {
    async load() {
      const rows = await db.selectFrom('rate_limit_counts').select(['lineage_id', 'counts']).execute();
      return rows.map(({ lineage_id, counts }) => ({ lineageId: lineage_id, counts }));
    },

    async save(rows) {
      if (rows.length === 0) return;
      const latest = new Map(rows.map(({ lineageId, counts }) => [lineageId, counts]));
      const values = [...latest].map(([lineage_id, counts]) => ({ lineage_id, counts, version: 1 }));
      await db.transaction().execute(async (transaction) => {
        for (let from = 0; from < values.length; from += BATCH) {
          await transaction
            .insertInto('rate_limit_counts')
            .values(values.slice(from, from + BATCH))
            .onConflict((conflict) =>
              conflict.column('lineage_id').doUpdateSet((set) => ({ counts: set.ref('excluded.counts') })),
            )
            .execute();
        }
      });
    },

    async remove(lineageIds) {
      for (let from = 0; from < lineageIds.length; from += BATCH) {
        await db
          .deleteFrom('rate_limit_counts')
          .where('lineage_id', 'in', lineageIds.slice(from, from + BATCH))
          .execute();
      }
    },
  };
}
