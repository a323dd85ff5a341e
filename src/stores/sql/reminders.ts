import { type SqlBool, sql } from 'kysely';
import {
  type DigestWrites,
  REMINDER_KINDS,
  type Reminder,
  type ReminderReads,
  type ReminderWrites,
} from '../../ports/index.ts';
import type { ReminderTable } from './schema.ts';
import type { Session } from './session.ts';
import { tokenColumns, toToken } from './token-row.ts';
import { isLive } from './tokens.ts';

export function reminderReads({ db }: Session): ReminderReads {
  return {
    async dueTokens(until, limit) {
      const rows = await db
        .selectFrom('token')
        .select('id')
        .where('reminder_next_at', 'is not', null)
        .where('reminder_next_at', '<', until)
        .orderBy('reminder_next_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    async dueOwners(limit) {
      const rows = await db
        .selectFrom('owner')
        .select('id')
        .where('reminder_next_at', 'is not', null)
        .orderBy('reminder_next_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    waiting: (now, limit) => waiting({ db }, now, limit),
  };
}

export function reminderWrites({ db, rowLocks }: Session): ReminderWrites {
  return {
    async lockDue(tokenIds, until) {
      if (tokenIds.length === 0) return [];
      const rows = await db
        .selectFrom('token')
        .select(tokenColumns)
        .where('id', 'in', tokenIds)
        .where('reminder_next_at', '<', until)
        .orderBy('id')
        // Waiting for a row while holding others could end somebody else's change.
        .$if(rowLocks, (query) => query.forUpdate().skipLocked())
        .execute();
      return rows.map(toToken);
    },

    async lookAt(tokenId, at) {
      await db.updateTable('token').set({ reminder_next_at: at }).where('id', '=', tokenId).execute();
    },

    async takeOwner(ownerId) {
      const { numUpdatedRows } = await db
        .updateTable('owner')
        .set({ reminder_next_at: null })
        .where('id', '=', ownerId)
        .where('reminder_next_at', 'is not', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async liveTokens(ownerId, at) {
      const rows = await db
        .selectFrom('token')
        .select((select) => ['workspace_id', select.fn.countAll<number | string>().as('count')])
        .where('owner_id', '=', ownerId)
        .where((where) => isLive(where, at))
        .groupBy('workspace_id')
        .orderBy('workspace_id')
        .execute();
      return rows.map(({ workspace_id, count }) => ({ workspaceId: workspace_id, count: Number(count) }));
    },
  };
}

export function digestWrites({ db }: Session): DigestWrites {
  const waitingFor = (recipient: string, now: number) =>
    db.deleteFrom('reminder').where('recipient', '=', recipient).where(hasWaited(now));

  return {
    waiting: (now, limit) => waiting({ db }, now, limit),

    async put({ recipient, kind, subjectId, workspaceId, about }, at) {
      await db
        .insertInto('reminder')
        .values({
          recipient,
          kind,
          subject_id: subjectId,
          workspace_id: workspaceId,
          about,
          urgency: REMINDER_KINDS.indexOf(kind),
          waits_until: at,
        })
        .onConflict((conflict) =>
          conflict.columns(['recipient', 'kind', 'subject_id', 'workspace_id']).doUpdateSet({ about }),
        )
        .execute();
    },

    async dropEnded(recipient, now) {
      await waitingFor(recipient, now)
        .where('kind', '!=', 'owner_ended')
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('token')
                .select(sql.lit(1).as('one'))
                .whereRef('token.id', '=', 'reminder.subject_id')
                .where('revoked_at', 'is', null)
                .where('disabled_at', 'is', null)
                .where('superseded_at', 'is', null)
                .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)])),
            ),
          ),
        )
        .execute();
    },

    async mostUrgent(recipient, now, limit) {
      const rows = await db
        .selectFrom('reminder')
        .selectAll()
        .where('recipient', '=', recipient)
        .where(hasWaited(now))
        .orderBy('urgency')
        .orderBy('about')
        .orderBy('subject_id')
        .limit(limit)
        .execute();
      return rows.map(toReminder);
    },

    async remove({ recipient, kind, subjectId, workspaceId }) {
      await db
        .deleteFrom('reminder')
        .where('recipient', '=', recipient)
        .where('kind', '=', kind)
        .where('subject_id', '=', subjectId)
        .where('workspace_id', '=', workspaceId)
        .execute();
    },

    async removeAll(recipient, now) {
      const { numDeletedRows } = await waitingFor(recipient, now).executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },

    async hold(recipient, until) {
      await db
        .updateTable('reminder')
        .set({ waits_until: until })
        .where('recipient', '=', recipient)
        .where('waits_until', '<', until)
        .execute();
    },
  };
}

/** Written so that no index answers it: one person's reminders are found by the person, in the order of the mail. */
function hasWaited(now: number) {
  return sql<SqlBool>`waits_until + 0 <= ${now}`;
}

async function waiting({ db }: Pick<Session, 'db'>, now: number, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('reminder')
    .select('recipient')
    .where('waits_until', '<=', now)
    .groupBy(['waits_until', 'recipient'])
    .orderBy('waits_until')
    .orderBy('recipient')
    .limit(limit)
    .execute();
  return [...new Set(rows.map(({ recipient }) => recipient))];
}

function toReminder({ recipient, kind, subject_id, workspace_id, about }: ReminderTable): Reminder {
  return { recipient, kind: kind as Reminder['kind'], subjectId: subject_id, workspaceId: workspace_id, about };
}
