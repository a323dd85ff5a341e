import type { LastUse, UsageCount, UsageLog } from '../../ports/index.ts';
import type { Session } from './session.ts';
import { addDetails, detailReads } from './use-details.ts';

/** Rows per statement, well below what either database binds. */
const BATCH = 500;
const DAY_MS = 86_400_000;

/** Reads go to `reads`, which may be another connection than the one that writes. */
export function usageLog(writes: Session, reads: Session, close: () => Promise<void>): UsageLog {
  return {
    async add(counts, lastUses, details = []) {
      const hours = sumByKey(counts);
      const newest = newestByToken(lastUses);
      if (hours.length === 0 && newest.length === 0 && details.length === 0) return;
      await writes.db.transaction().execute(async (db) => {
        for (const rows of batches(hours)) {
          await db
            .insertInto('usage_hour')
            .values(rows.map(({ tokenId, ...row }) => ({ token_id: tokenId, ...row })))
            .onConflict((conflict) =>
              conflict
                .columns(['token_id', 'hour', 'outcome'])
                .doUpdateSet((set) => ({ count: set('usage_hour.count', '+', set.ref('excluded.count')) })),
            )
            .execute();
        }
        const days = hours.map((row) => ({ ...row, hour: Math.floor(row.hour / DAY_MS) * DAY_MS }));
        for (const rows of batches(sumByKey(days))) {
          await db
            .insertInto('usage_day')
            .values(rows.map(({ tokenId, hour, ...row }) => ({ token_id: tokenId, day: hour, ...row })))
            .onConflict((conflict) =>
              conflict
                .columns(['day', 'token_id', 'outcome'])
                .doUpdateSet((set) => ({ count: set('usage_day.count', '+', set.ref('excluded.count')) })),
            )
            .execute();
        }
        for (const rows of batches(newest)) {
          await db
            .insertInto('last_use')
            .values(rows.map(({ tokenId, at, ip }) => ({ token_id: tokenId, at, ip })))
            .onConflict((conflict) =>
              conflict
                .column('token_id')
                .doUpdateSet((set) => ({ at: set.ref('excluded.at'), ip: set.ref('excluded.ip') }))
                .whereRef('excluded.at', '>', 'last_use.at'),
            )
            .execute();
        }
        if (details.length > 0) await addDetails(db, details);
        // Last, since every process writes to these few rows and holds them until it commits.
        const totals = hours.map((row) => ({ ...row, tokenId: '' }));
        for (const rows of batches(sumByKey(totals))) {
          await db
            .insertInto('usage_total')
            .values(rows.map(({ hour, outcome, count }) => ({ hour, outcome, count })))
            .onConflict((conflict) =>
              conflict
                .columns(['hour', 'outcome'])
                .doUpdateSet((set) => ({ count: set('usage_total.count', '+', set.ref('excluded.count')) })),
            )
            .execute();
        }
      });
    },

    async read(tokenId, from, to) {
      const rows = await reads.db
        .selectFrom('usage_hour')
        .select(['token_id', 'hour', 'outcome', 'count'])
        .where('token_id', '=', tokenId)
        .where('hour', '>=', from)
        .where('hour', '<', to)
        .orderBy('hour')
        .orderBy('outcome')
        .execute();
      return rows.map(({ token_id, ...row }) => ({ tokenId: token_id, ...row }));
    },

    async lastUses(tokenIds) {
      if (tokenIds.length === 0) return [];
      const rows = await reads.db
        .selectFrom('last_use')
        .select(['token_id', 'at', 'ip'])
        .where('token_id', 'in', tokenIds)
        .execute();
      return rows.map(({ token_id, at, ip }) => ({ tokenId: token_id, at, ip }));
    },

    ...detailReads(reads, writes),

    close,
  };
}

/** One row per key, since a statement may touch each row once; in one order, so that two processes never deadlock. */
function sumByKey(counts: readonly UsageCount[]): readonly UsageCount[] {
  const sums = new Map<string, UsageCount>();
  for (const entry of counts) {
    const key = `${entry.tokenId} ${entry.hour} ${entry.outcome}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? entry : { ...sum, count: sum.count + entry.count });
  }
  return [...sums].sort(byKey).map(([, entry]) => entry);
}

function newestByToken(lastUses: readonly LastUse[]): readonly LastUse[] {
  const newest = new Map<string, LastUse>();
  for (const use of lastUses) {
    const known = newest.get(use.tokenId);
    if (known === undefined || known.at < use.at) newest.set(use.tokenId, use);
  }
  return [...newest].sort(byKey).map(([, use]) => use);
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

function* batches<Row>(rows: readonly Row[]): Iterable<readonly Row[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH);
}
