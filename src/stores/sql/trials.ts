import { sql } from 'kysely';
import type { ActorRef, TrialReads, TrialRecord, TrialWrites } from '../../ports/index.ts';
import { byAge, isAfter, toPage } from './paging.ts';
import type { TrialTable } from './schema.ts';
import type { Session } from './session.ts';

export function trialReads({ db }: Session): TrialReads {
  const trials = db.selectFrom('trial').selectAll();

  return {
    async find(id) {
      const row = await trials.where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toTrial(row);
    },

    async inForce(at) {
      const rows = await trials
        .where('ended_at', 'is', null)
        .where('ends_at', '>', at)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toTrial);
    },

    async list({ operations, workspaceId }, { limit, after }) {
      if (operations.length === 0) return { rows: [], next: null };
      let query = trials.where('operation', 'in', operations);
      if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
      if (after !== null) query = query.where(isAfter(after));
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toTrial, byAge);
    },
  };
}

export function trialWrites(session: Session): TrialWrites {
  const { db, rowLocks } = session;

  return {
    ...trialReads(session),

    async lockInForce(at, workspaceId) {
      if (rowLocks) await sql`lock table trial in share row exclusive mode`.execute(db);
      const rows = await db
        .selectFrom('trial')
        .select('workspace_id')
        .where('ended_at', 'is', null)
        .where('ends_at', '>', at)
        .execute();
      return {
        here: rows.filter((row) => row.workspace_id === workspaceId).length,
        ofWorkspaces: rows.filter((row) => row.workspace_id !== null).length,
      };
    },

    async insert(trial) {
      await db.insertInto('trial').values(toRow(trial)).execute();
    },

    async lock(id) {
      const row = await db
        .selectFrom('trial')
        .selectAll()
        .where('id', '=', id)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      return row === undefined ? null : toTrial(row);
    },

    async end(id, at, ending) {
      await db.updateTable('trial').set({ ended_at: at, ending }).where('id', '=', id).execute();
    },

    async purge(at) {
      const rows = await db
        .deleteFrom('trial')
        .where(sql<number>`coalesce(ended_at, ends_at)`, '<', at)
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

function toTrial(row: TrialTable): TrialRecord {
  return {
    id: row.id,
    name: row.name,
    subject: { kind: row.subject_kind as TrialRecord['subject']['kind'], id: row.subject_id },
    workspaceId: row.workspace_id,
    operation: row.operation,
    input: JSON.parse(row.input),
    before: JSON.parse(row.terms_before),
    after: JSON.parse(row.terms_after),
    createdAt: row.created_at,
    createdBy: { kind: row.created_by_kind as ActorRef['kind'], id: row.created_by_id },
    endsAt: row.ends_at,
    endedAt: row.ended_at,
    ending: row.ending as TrialRecord['ending'],
  };
}

function toRow(trial: TrialRecord): TrialTable {
  return {
    id: trial.id,
    name: trial.name,
    subject_kind: trial.subject.kind,
    subject_id: trial.subject.id,
    workspace_id: trial.workspaceId,
    operation: trial.operation,
    input: JSON.stringify(trial.input),
    terms_before: JSON.stringify(trial.before),
    terms_after: JSON.stringify(trial.after),
    created_at: trial.createdAt,
    created_by_kind: trial.createdBy.kind,
    created_by_id: trial.createdBy.id,
    ends_at: trial.endsAt,
    ended_at: trial.endedAt,
    ending: trial.ending,
  };
}
