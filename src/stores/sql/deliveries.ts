import { sql } from 'kysely';
import type {
  ClaimedDelivery,
  DeliveryFilter,
  DeliveryQueue,
  DeliveryRecord,
  Page,
  PageRequest,
} from '../../ports/index.ts';
import { claimRows, releaseRows, settleRow } from './claims.ts';
import { toPage } from './paging.ts';
import type { DeliveryTable } from './schema.ts';
import type { Session } from './session.ts';
import { toWebhook } from './webhook-row.ts';

/** Deleted at once; more would keep the writer from others. */
const ROWS_PER_DELETE = 500;
/** A failure so long after the one before begins anew: nothing was tried in between. */
const FAILURES_APART_MS = 48 * 60 * 60_000;

const columns = [
  'webhook_delivery.id',
  'webhook_id',
  'event_id',
  'state',
  'attempts',
  'next_at',
  'last_status',
  'last_error',
  'created_at',
  'sent_at',
  'type',
  'at',
] as const;

type DeliveryRow = Omit<DeliveryTable, 'attempts_before' | 'begun_at' | 'claimed_until'> & { type: string; at: number };

function deliveries({ db }: Pick<Session, 'db'>) {
  return db
    .selectFrom('webhook_delivery')
    .innerJoin('webhook_event', 'webhook_event.id', 'webhook_delivery.event_id')
    .select(columns);
}

export async function findDelivery(session: Pick<Session, 'db'>, id: string): Promise<DeliveryRecord | null> {
  const row = await deliveries(session).where('webhook_delivery.id', '=', id).executeTakeFirst();
  return row === undefined ? null : toDelivery(row);
}

export async function listDeliveries(
  session: Pick<Session, 'db'>,
  { webhookId, state, type }: DeliveryFilter,
  { limit, after }: PageRequest,
): Promise<Page<DeliveryRecord>> {
  let query = deliveries(session).where('webhook_id', '=', webhookId);
  if (state !== undefined) query = query.where('state', '=', state);
  if (type !== undefined) query = query.where('type', '=', type);
  if (after !== null) query = query.where(sql<boolean>`(created_at, webhook_delivery.id) < (${after.at}, ${after.id})`);
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('webhook_delivery.id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toDelivery, (row) => ({ at: row.created_at, id: row.id }));
}

/** Reads go to `reading`, which may be another connection than the one that writes. */
export function deliveryQueue(session: Session, reading: Session): DeliveryQueue {
  const { db } = session;
  return {
    async claim(now, until, limit) {
      const claim = { now, until, limit, receiver: 'webhook_id' } as const;
      const ids = await claimRows(session, reading, 'webhook_delivery', claim);
      return ids.length === 0 ? [] : readClaimed(session, ids);
    },

    settle: (delivery, outcome) =>
      settleRow(session, 'webhook_delivery', delivery, outcome, { last_status: outcome.status ?? null }),

    release: () => releaseRows(session, 'webhook_delivery'),

    async noteHealth(webhookId, at, isTaken) {
      const of = db.updateTable('webhook').where('id', '=', webhookId);
      if (isTaken) {
        await of.set({ failing_since: null, last_failed_at: null }).where('failing_since', 'is not', null).execute();
        return;
      }
      await of
        .set({
          failing_since: sql<number>`case when last_failed_at is null or last_failed_at < ${at - FAILURES_APART_MS}
            then ${at} else failing_since end`,
          last_failed_at: at,
        })
        .execute();
    },

    async trim(before, rowsMax) {
      const { db: reads } = reading;
      const beyond = await reads
        .selectFrom('webhook_event')
        .select('at')
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .offset(rowsMax)
        .limit(1)
        .executeTakeFirst();
      // Of what happened in one instant all is kept or all goes.
      const end = Math.max(before, beyond === undefined ? before : beyond.at + 1);
      for (;;) {
        const old = await reads
          .selectFrom('webhook_event')
          .select('id')
          .where('at', '<', end)
          .orderBy('at')
          .limit(ROWS_PER_DELETE)
          .execute();
        if (old.length === 0) return;
        const ids = old.map(({ id }) => id);
        await db.deleteFrom('webhook_delivery').where('event_id', 'in', ids).execute();
        await db.deleteFrom('webhook_event').where('id', 'in', ids).execute();
      }
    },
  };
}

async function readClaimed({ db }: Session, ids: readonly string[]): Promise<readonly ClaimedDelivery[]> {
  const rows = await db
    .selectFrom('webhook_delivery as d')
    .innerJoin('webhook_event as e', 'e.id', 'd.event_id')
    .innerJoin('webhook as w', 'w.id', 'd.webhook_id')
    .selectAll('w')
    .select([
      'd.id as delivery_id',
      'd.attempts',
      'd.attempts_before',
      'd.begun_at',
      'e.id as event_id',
      'e.type',
      'e.at',
      'e.data',
    ])
    .where('d.id', 'in', ids)
    .execute();
  const byId = new Map(rows.map((row) => [row.delivery_id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const { attempts, attempts_before: before, begun_at, event_id, type, at, data } = row;
    return [
      {
        id,
        attempts,
        attemptsOfSeries: attempts - before,
        begunAt: begun_at,
        webhook: toWebhook(row),
        event: { id: event_id, type, at, dataText: data },
      },
    ];
  });
}

function toDelivery(row: DeliveryRow): DeliveryRecord {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    type: row.type,
    state: row.state as DeliveryRecord['state'],
    attempts: row.attempts,
    nextAt: row.next_at,
    lastStatus: row.last_status,
    lastError: row.last_error,
    happenedAt: row.at,
    createdAt: row.created_at,
    sentAt: row.sent_at,
  };
}
