import pg from 'pg';
import { StorageUnavailable } from '../../../ports/index.ts';

const CONNECT_TIMEOUT_MS = 1_000;
/** A transaction waits so long for a row that another one holds. */
const LOCK_TIMEOUT_MS = 2_000;
/** A process that stops in the middle of a transaction must not hold the change sequence for all others. */
const IDLE_IN_TRANSACTION_MS = 5_000;

export interface PoolOptions {
  readonly url: string;
  /** The schema our tables live in. */
  readonly schema: string;
  readonly max: number;
  /** The server ends a statement after this, and the client stops waiting for the answer soon after. */
  readonly statementTimeoutMs: number;
}

/**
 * Connections to the primary, each made safe before its first use: a replica's answer may be of the past, and a change
 * acknowledged before it is on disk may be lost.
 */
export function openPool({ url, schema, max, statementTimeoutMs }: PoolOptions): pg.Pool {
  const settings = [
    `set search_path = "${schema}"`,
    `set default_transaction_isolation = 'read committed'`,
    `set statement_timeout = ${statementTimeoutMs}`,
    `set lock_timeout = ${LOCK_TIMEOUT_MS}`,
    `set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`,
    // Whatever the server then says while it commits is a warning at least.
    'set client_min_messages = warning',
    `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`,
    'select pg_is_in_recovery() as is_replica',
  ];
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'keyhouse',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: statementTimeoutMs + 250,
    types: { getTypeParser },
    verify: (client, done) => {
      client.query(settings.join('; ')).then((results) => {
        const last = (results as unknown as pg.QueryResult<{ is_replica: boolean }>[]).at(-1);
        const isReplica = last?.rows[0]?.is_replica !== false;
        done(isReplica ? new StorageUnavailable('this PostgreSQL server is a replica, not the primary') : undefined);
      }, done);
    },
  });
  // A connection that breaks while nobody uses it is replaced by the next one asked for.
  pool.on('error', () => {});
  return pool;
}

/** 64-bit integers come as numbers, as SQLite gives them. */
const getTypeParser: typeof pg.types.getTypeParser = (id, format) =>
  id === pg.types.builtins.INT8 ? parseInteger : pg.types.getTypeParser(id, format);

function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an integer of the database is beyond the safe integers');
  return value;
}
