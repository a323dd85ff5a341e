/**
 * How the databases find what is due among many tokens. Prevents a look at every token each minute, which nobody notices
 * before there are a million of them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import pg from 'pg';
import { expect, it } from 'vitest';
import { openPostgresStore, openSqliteStore } from '../../src/stores/sql/index.ts';
import { digestWrites, reminderReads } from '../../src/stores/sql/reminders.ts';
import type { Schema } from '../../src/stores/sql/schema.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { requireDatabase } from '../services/postgres.ts';

/** The statements of a run, each with its values and the index that answers it. */
const INDEXES = ['token_by_reminder', 'owner_by_reminder', 'reminder_by_wait', 'reminder_by_urgency'];

type Asked = { readonly sql: string; readonly parameters: readonly unknown[] };

async function statementsOf(database: 'sqlite' | 'postgres'): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const isSqlite = database === 'sqlite';
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
      createDriver: () => new DummyDriver(),
      createIntrospector: (each) => (isSqlite ? new SqliteIntrospector(each) : new PostgresIntrospector(each)),
      createQueryCompiler: () => (isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    },
    log: ({ query }) => void asked.push(query),
  });
  const session = { db, rowLocks: !isSqlite };
  const reads = reminderReads(session);
  await reads.dueTokens(1_000, 100);
  await reads.dueOwners(100);
  await reads.waiting(1_000, 100);
  await digestWrites(session).mostUrgent('ada@example.com', 1_000, 25);
  return asked;
}

it('SQLite finds what is due by an index, in the order in which it is asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-plans-'));
  const file = join(folder, 'keyhouse.sqlite');
  const { store } = await openSqliteStore({ file });
  await store.close();
  const database = new DatabaseSync(file);
  try {
    const plans = (await statementsOf('sqlite')).map(({ sql, parameters }) =>
      database
        .prepare(`explain query plan ${sql}`)
        .all(...(parameters as number[]))
        .map(({ detail }) => detail)
        .join('; '),
    );
    expect(plans.map((plan, at) => [plan.includes(INDEXES[at] as string), plan])).toEqual(
      plans.map((plan) => [true, plan]),
    );
    // The index of owners has nobody in it who is not due.
    const [tokens, , ...others] = plans;
    expect([tokens, ...others].filter((plan) => /SCAN|TEMP B-TREE/.test(plan ?? ''))).toEqual([]);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

suiteNeeding('postgresql', 'PostgreSQL', () => {
  it('finds what is due by the same indexes', async () => {
    const fresh = await requireDatabase();
    const { store } = await openPostgresStore({ url: fresh.url });
    const client = new pg.Client({ connectionString: fresh.url });
    try {
      await client.connect();
      // So few rows are read at once, whatever index there is.
      await client.query('set search_path to keyhouse; set enable_seqscan = off; set enable_bitmapscan = off');
      const plans: string[] = [];
      for (const { sql, parameters } of await statementsOf('postgres')) {
        const { rows } = await client.query(`explain ${sql}`, [...parameters]);
        plans.push(rows.map((row) => row['QUERY PLAN']).join('; '));
      }
      expect(plans.map((plan, at) => [plan.includes(INDEXES[at] as string), plan])).toEqual(
        plans.map((plan) => [true, plan]),
      );
      expect(plans.filter((plan) => /Seq Scan|Sort {2}/.test(plan))).toEqual([]);
    } finally {
      await client.end();
      await store.close();
      await fresh.drop();
    }
  });
});
