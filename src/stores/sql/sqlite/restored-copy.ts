import { Kysely, sql } from 'kysely';
import type { AuditDraft } from '../../../ports/index.ts';
import { auditWrites } from '../audit.ts';
import { changeWrites } from '../changes.ts';
import { metaTable } from '../meta.ts';
import { migrate } from '../migrate.ts';
import { authorityMigrations, sqliteTypes } from '../migrations/index.ts';
import type { Schema } from '../schema.ts';
import { backUp } from './backup.ts';
import { SqliteConnection } from './connection.ts';
import { SqliteThread } from './sqlite-thread.ts';
import { writerDialect } from './writer-dialect.ts';

/** What a database file holds, or why it cannot be used. */
export type InspectedCopy =
  | { readonly sound: true; readonly meta: ReadonlyMap<string, string>; readonly newestSeq: number }
  | { readonly sound: false; readonly problem: string };

export interface RestorePlan {
  readonly at: number;
  /** The restored store's next change gets a sequence above this one and above its own. */
  readonly aboveSeq: number;
  /** Revokes every token that is not revoked, and erases sealed values and the set-up code. */
  readonly revokeAll: boolean;
  /** Facts about the store itself that change; null removes one. */
  readonly meta: ReadonlyMap<string, string | null>;
  /** Logged as the first change of the restored store; `tokens_revoked` is added to its details. */
  readonly audit: AuditDraft;
}

export interface RestoredCopy {
  readonly seq: number;
  readonly auditHash: string;
  readonly tokensRevoked: number;
}

/** Reads a database file that nobody writes to, whole: an unsound page anywhere is found. */
function inspectCopy(file: string): InspectedCopy {
  let connection: SqliteConnection | null = null;
  try {
    connection = new SqliteConnection(file, { readOnly: true, timeoutMs: 0, pragmas: ['trusted_schema = off'] });
    const [first] = rowsOf(connection, 'pragma integrity_check(1)');
    if (first?.integrity_check !== 'ok') return { sound: false, problem: `it is damaged: ${first?.integrity_check}` };
    if (rowsOf(connection, 'pragma foreign_key_check').length > 0) {
      return { sound: false, problem: 'it is damaged: rows point to rows that are not there' };
    }
    const tables = rowsOf(connection, "select name from sqlite_schema where name in ('meta', 'auth_epoch')");
    if (tables.length < 2) return { sound: false, problem: 'it is not a database of Keyhouse' };
    const meta = rowsOf(connection, 'select key, value from meta').map(({ key, value }) => [key, value]);
    const [epoch] = rowsOf(connection, 'select seq from auth_epoch');
    return { sound: true, meta: new Map(meta as [string, string][]), newestSeq: Number(epoch?.seq ?? 0) };
  } catch (error) {
    return { sound: false, problem: `it cannot be read: ${error instanceof Error ? error.message : error}` };
  } finally {
    connection?.close();
  }
}

/**
 * Makes from `source` the database file `target` (which must not exist), brought to this build's shape and changed as
 * planned in one transaction. `source` is only read; `target` is one file, flushed, without a journal beside it.
 * @throws {SchemaTooNew} a newer Keyhouse made the copy. What there is of `target` is then to be thrown away.
 */
async function restoreCopy(source: string, target: string, plan: RestorePlan): Promise<RestoredCopy> {
  await backUp(source, target);
  const pragmas = ['journal_mode = delete', 'synchronous = full', 'fullfsync = on', 'trusted_schema = off'];
  const thread = new SqliteThread('keyhouse-restore', {
    copy: { file: target, readOnly: false, pragmas, lockWaitMs: 0 },
  });
  try {
    const db = new Kysely<Schema>({ dialect: writerDialect(thread, 'copy') });
    await migrate(db, { migrations: authorityMigrations(sqliteTypes) });
    return await db.transaction().execute((transaction) => applyPlan(transaction, plan));
  } finally {
    await thread.close();
  }
}

async function applyPlan(db: Kysely<Schema>, plan: RestorePlan): Promise<RestoredCopy> {
  const session = { db, rowLocks: false };
  const tokensRevoked = plan.revokeAll ? await revokeAll(db, plan.at) : 0;
  const meta = metaTable(session, session);
  for (const [key, value] of plan.meta) {
    if (value === null) await db.deleteFrom('meta').where('key', '=', key).execute();
    else await meta.put(key, value);
  }
  await db
    .updateTable('auth_epoch')
    .set({ seq: sql<number>`max(seq, ${plan.aboveSeq})` })
    .execute();
  const seq = await changeWrites(session).append([{ kind: 'profile', id: '*' }], plan.at);
  const details = { ...plan.audit.details, tokens_revoked: tokensRevoked };
  await auditWrites(session).append(seq, { ...plan.audit, details });
  const { audit_hash } = await db.selectFrom('auth_epoch').select('audit_hash').executeTakeFirstOrThrow();
  return { seq, auditHash: audit_hash, tokensRevoked };
}

async function revokeAll(db: Kysely<Schema>, at: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('token')
    .set({ revoked_at: at, revoked_reason: 'restored from a backup', sole_key: null })
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  await db.deleteFrom('sealed_value').execute();
  await db.deleteFrom('setup_code').execute();
  return Number(numUpdatedRows);
}

function rowsOf(connection: SqliteConnection, statement: string): Record<string, unknown>[] {
  return connection.query(statement, []).rows as Record<string, unknown>[];
}

/** What backups and restores of a data folder need to know of databases. */
export const sqliteCopies = { inspect: inspectCopy, restore: restoreCopy };
