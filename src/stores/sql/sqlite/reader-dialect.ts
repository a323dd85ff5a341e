import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteThread } from './sqlite-thread.ts';

/** Kysely over a read-only file of a thread: single statements, answered in the order they are asked. */
export function readerDialect(thread: SqliteThread, database: string): Dialect {
  return {
    createAdapter: () => new ReaderAdapter(),
    createDriver: () => new ReaderDriver(thread, database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class ReaderAdapter extends SqliteAdapter {
  /** Statements stand in line in the thread itself. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class ReaderDriver implements Driver, DatabaseConnection {
  readonly #thread: SqliteThread;
  readonly #database: string;

  constructor(thread: SqliteThread, database: string) {
    this.#thread = thread;
    this.#database = database;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows } = await this.#thread.ask(this.#database, 'query', sql, parameters);
    return { rows: rows as R[] };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator and nothing of ours streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TypeError('the reader does not stream');
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(new TypeError('the reader has no transactions'));
  }

  commitTransaction(): Promise<void> {
    return Promise.reject(new TypeError('the reader has no transactions'));
  }

  rollbackTransaction(): Promise<void> {
    return Promise.reject(new TypeError('the reader has no transactions'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}
