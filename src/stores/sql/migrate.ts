import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { MigrationSet } from './migrations/index.ts';
import type { Schema } from './schema.ts';

const MIGRATION_TABLE = 'keyhouse_migration';
const MIGRATION_LOCK_TABLE = 'keyhouse_migration_lock';
/** Any number that means this to every process of ours on one PostgreSQL database. */
const ADVISORY_LOCK = 5_391_748_210;

/** The data was written by a newer Keyhouse than this one. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew';
}

export interface MigrateOptions {
  readonly migrations: MigrationSet;
  /** PostgreSQL: the schema our tables live in; undefined on SQLite. */
  readonly schema?: string;
}

/**
 * Brings a database to this build's shape, all steps in one transaction: whoever is killed half-way leaves the old shape
 * and the next start completes. Processes that start together take turns.
 * @throws {SchemaTooNew} a newer build has been here; nothing is changed.
 */
export async function migrate(db: Kysely<Schema>, options: MigrateOptions): Promise<void> {
  const { migrations, schema } = options;
  await db.transaction().execute(async (transaction) => {
    if (schema !== undefined) {
      await sql`set local lock_timeout = '60s'`.execute(transaction);
      await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK})`.execute(transaction);
    }
    await refuseNewer(transaction, migrations, schema);
    const migrator = new Migrator({
      db: transaction,
      provider: { getMigrations: async () => migrations },
      migrationTableName: MIGRATION_TABLE,
      migrationLockTableName: MIGRATION_LOCK_TABLE,
      ...(schema === undefined ? {} : { migrationTableSchema: schema }),
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  });
}

async function refuseNewer(db: Kysely<Schema>, known: MigrationSet, schema: string | undefined): Promise<void> {
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === MIGRATION_TABLE && table.schema === schema)) return;
  const table = schema === undefined ? sql.table(MIGRATION_TABLE) : sql.table(`${schema}.${MIGRATION_TABLE}`);
  const { rows } = await sql<{ name: string }>`select name from ${table}`.execute(db);
  const unknown = rows.map((row) => row.name).filter((name) => !(name in known));
  if (unknown.length === 0) return;
  throw new SchemaTooNew(
    `The data was last used by a newer Keyhouse (it has ${unknown.sort().join(', ')}, which this version does not know). ` +
      'Start the newer version, or restore a backup made by this one.',
  );
}
