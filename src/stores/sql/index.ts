/**
 * stores/sql: the ports on SQL. One set of queries and migrations for SQLite (one process, a writer thread) and
 * PostgreSQL (any number of processes); `sqlite/` and `postgres/` hold what differs: connections, locks, errors. It
 * knows no rule of the product: what may change and who may change it is decided above, and nothing here reads a token.
 */
export type { AuditHead } from './audit.ts';
export { type ChainProblem, type ChainVerdict, verifyAuditChain } from './audit-chain.ts';
export type { MetaTable } from './meta.ts';
export { SchemaTooNew } from './migrate.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/open-sqlite-store.ts';
export type { SqlStoreHandle } from './store-handle.ts';
