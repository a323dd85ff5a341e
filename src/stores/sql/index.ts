/**
 * stores/sql: the ports on SQL. One set of queries and migrations for SQLite (one process, a writer thread) and
 * PostgreSQL (any number of processes); `sqlite/` and `postgres/` hold what differs: connections, locks, errors. It
 * knows no rule of the product: what may change and who may change it is decided above, and nothing here reads a token.
 */
import type { PostgresStoreOptions } from './postgres/open-postgres-store.ts';
import type { SqlStoreHandle } from './store-handle.ts';

export { type ChainProblem, type ChainVerdict, verifyAuditChain } from './audit-chain.ts';
export { type AuditFinding, type AuditReport, AuditTrail } from './audit-trail.ts';
export type { MetaTable } from './meta.ts';
export { SchemaTooNew } from './migrate.ts';
export type { PostgresStoreOptions } from './postgres/open-postgres-store.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/open-sqlite-store.ts';
export type { SqlStoreHandle } from './store-handle.ts';

/**
 * Opens the store in a database that any number of processes share; the driver is loaded only by whoever asks for it.
 * @throws {SchemaTooNew} a newer Keyhouse has used the database.
 * @throws {StorageUnavailable} the server cannot be reached, or is a replica.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<SqlStoreHandle> {
  const postgres = await import('./postgres/open-postgres-store.ts').catch((cause: NodeJS.ErrnoException) => {
    // The driver is an optional peer of the published package.
    if (cause.code !== 'ERR_MODULE_NOT_FOUND' || !/'pg'/.test(cause.message)) throw cause;
    throw new Error('Keyhouse on PostgreSQL needs the package pg beside it: npm install pg', { cause });
  });
  return postgres.openPostgresStore(options);
}
