import { sql } from 'kysely';
import type { ClaimedWork, WorkLimit, WorkOutcome } from '../../ports/index.ts';
import type { Session } from './session.ts';

/** Tables of what waits to be sent: they have the columns of a claim in common. */
export type ClaimTable = 'outbox' | 'webhook_delivery';

/** Of the rows that are due, how many are looked at to find some whose receiver is free. */
const LOOKED_AT = 500;

/**
 * Marks rows as taken and returns their ids, oldest due first. Reads go to `reads`, which may be another connection than the
 * one that writes.
 * @param receiver the column by which rows are counted for `limit.perReceiver`.
 */
export async function claimRows(
  { db: writes, rowLocks }: Session,
  { db: reads }: Session,
  table: ClaimTable,
  {
    now,
    until,
    limit,
    receiver,
  }: { now: number; until: number; limit: WorkLimit; receiver: 'recipient' | 'webhook_id' },
): Promise<readonly string[]> {
  // The columns of a claim are named alike in all of these tables.
  const outbox = table as 'outbox';
  const due = (db: Session['db']) =>
    db
      .selectFrom(outbox)
      .select(['id', sql.ref<string>(receiver).as('receiver')])
      .where('state', '=', 'pending')
      .where('next_at', '<=', now)
      .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', now)]));
  const { count, perReceiver, underWay } = limit;
  const full = perReceiver === undefined ? [] : [...(underWay ?? [])].filter(([, many]) => many >= perReceiver);
  let candidates = due(reads).orderBy('next_at').orderBy('id');
  if (full.length > 0) {
    candidates = candidates.where(
      sql.ref(receiver),
      'not in',
      full.map(([id]) => id),
    );
  }
  // Nearly always there is nothing, and that is found out without the lock of the writer.
  const found = await candidates.limit(perReceiver === undefined ? count : LOOKED_AT).execute();
  const chosen = perReceiver === undefined ? found : spread(found, count, perReceiver, underWay ?? new Map());
  if (chosen.length === 0) return [];
  const ids = chosen.map(({ id }) => id);
  const taken = await writes
    .updateTable(outbox)
    .set({ claimed_until: until, attempts: sql<number>`attempts + 1` })
    .where(
      'id',
      'in',
      due(writes)
        .clearSelect()
        .select('id')
        .where('id', 'in', ids)
        .$if(rowLocks, (query) => query.forUpdate().skipLocked()),
    )
    .returning('id')
    .execute();
  const mine = new Set(taken.map(({ id }) => id));
  return ids.filter((id) => mine.has(id));
}

/** Writes how an attempt ended, and `changed` with it, unless the row was claimed again or has ended. */
export async function settleRow(
  { db }: Session,
  table: ClaimTable,
  { id, attempts }: ClaimedWork,
  outcome: WorkOutcome,
  changed: Readonly<Record<string, string | number | null>> = {},
): Promise<boolean> {
  const fields =
    outcome.state === 'sent'
      ? { sent_at: outcome.at, last_error: null }
      : outcome.state === 'given_up'
        ? { last_error: outcome.error }
        : { next_at: outcome.nextAt, last_error: outcome.error };
  const { numUpdatedRows } = await db
    .updateTable(table as 'outbox')
    .set({ ...fields, ...changed, state: outcome.state, claimed_until: null })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('attempts', '=', attempts)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export async function releaseRows({ db }: Session, table: ClaimTable): Promise<void> {
  await db
    .updateTable(table as 'outbox')
    .set({ claimed_until: null })
    .where('claimed_until', 'is not', null)
    .execute();
}

function spread(
  rows: readonly { id: string; receiver: string }[],
  count: number,
  perReceiver: number,
  underWay: ReadonlyMap<string, number>,
) {
  const busy = new Map(underWay);
  const chosen: (typeof rows)[number][] = [];
  for (const row of rows) {
    const many = busy.get(row.receiver) ?? 0;
    if (many >= perReceiver) continue;
    busy.set(row.receiver, many + 1);
    if (chosen.push(row) === count) break;
  }
  return chosen;
}
