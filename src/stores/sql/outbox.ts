import { sql } from 'kysely';
import type { ClaimedMail, MailQueue, MailReads, MailRecord, Outbox } from '../../ports/index.ts';
import { claimRows, releaseRows, settleRow } from './claims.ts';
import { byAge, isAfter, toPage } from './paging.ts';
import type { OutboxTable } from './schema.ts';
import type { Session } from './session.ts';

/** Deleted at once; more would keep the writer from others. */
const ROWS_PER_DELETE = 1_000;

export function outboxWrites({ db }: Session): Outbox {
  return {
    async put({ id, template, to, locale, data, sealed, createdAt }) {
      await db
        .insertInto('outbox')
        .values({
          id,
          template,
          recipient: to,
          locale,
          data: JSON.stringify(data),
          sealed,
          state: 'pending',
          attempts: 0,
          next_at: createdAt,
          claimed_until: null,
          last_error: null,
          created_at: createdAt,
          sent_at: null,
        })
        .execute();
    },
  };
}

export function mailReads({ db }: Session): MailReads {
  return {
    async list({ state }, { limit, after }) {
      let query = db
        .selectFrom('outbox')
        .select(['id', 'template', 'recipient', 'state', 'attempts', 'next_at', 'last_error', 'created_at', 'sent_at']);
      if (state !== undefined) query = query.where('state', '=', state);
      if (after !== null) query = query.where(isAfter(after));
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toRecord, byAge);
    },
  };
}

/** Reads go to `reads`, which may be another connection than the one that writes. */
export function mailQueue(session: Session, reading: Session): MailQueue {
  const { db: writes } = session;
  const { db: reads } = reading;
  return {
    async claim(now, until, limit) {
      const ids = await claimRows(session, reading, 'outbox', { now, until, limit, receiver: 'recipient' });
      if (ids.length === 0) return [];
      const rows = await writes.selectFrom('outbox').selectAll().where('id', 'in', ids).execute();
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.flatMap((id) => {
        const row = byId.get(id);
        return row === undefined ? [] : [toClaimed(row)];
      });
    },

    settle: (mail, outcome) =>
      settleRow(session, 'outbox', mail, outcome, outcome.state === 'pending' ? {} : { sealed: null }),

    release: () => releaseRows(session, 'outbox'),

    async trim(staleBefore, before, rowsMax) {
      await writes
        .updateTable('outbox')
        .set({ state: 'given_up', sealed: null, claimed_until: null, last_error: 'It was not sent in time.' })
        .where('state', '=', 'pending')
        .where('created_at', '<', staleBefore)
        .execute();
      const ended = () => reads.selectFrom('outbox').where('state', '!=', 'pending');
      const beyond = await ended()
        .select(['created_at', 'id'])
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .offset(rowsMax)
        .limit(1)
        .executeTakeFirst();
      for (;;) {
        const { numDeletedRows } = await writes
          .deleteFrom('outbox')
          .where('id', 'in', (select) =>
            select
              .selectFrom('outbox')
              .select('id')
              .where('state', '!=', 'pending')
              .where((where) =>
                where.or([
                  where('created_at', '<', before),
                  ...(beyond === undefined
                    ? []
                    : [sql<boolean>`(created_at, id) <= (${beyond.created_at}, ${beyond.id})`]),
                ]),
              )
              .orderBy('created_at')
              .limit(ROWS_PER_DELETE),
          )
          .executeTakeFirstOrThrow();
        if (numDeletedRows === 0n) return;
      }
    },
  };
}

function toRecord(row: Omit<OutboxTable, 'locale' | 'data' | 'sealed' | 'claimed_until'>): MailRecord {
  return {
    id: row.id,
    template: row.template,
    to: row.recipient,
    state: row.state as MailRecord['state'],
    attempts: row.attempts,
    nextAt: row.next_at,
    lastError: row.last_error,
    createdAt: row.created_at,
    sentAt: row.sent_at,
  };
}

function toClaimed(row: OutboxTable): ClaimedMail {
  return {
    id: row.id,
    template: row.template,
    to: row.recipient,
    locale: row.locale,
    data: JSON.parse(row.data),
    sealed: row.sealed,
    createdAt: row.created_at,
    attempts: row.attempts,
  };
}
