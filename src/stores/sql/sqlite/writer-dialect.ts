import { setTimeout as delay } from 'node:timers/promises';
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
import { StorageBusy } from '../../../ports/index.ts';
import type { SqliteThread } from './sqlite-thread.ts';
import type { QueryOutcome } from './thread-protocol.ts';
import { Turns } from './turns.ts';

const LOCK_WAIT_MAX_MS = 2_000;
const RETRY_MS = 10;

class WriterAdapter extends SqliteAdapter {
  /** SQLite rolls a schema change back like any other; Kysely's own adapter just does not use it. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  /** Turns are taken in the driver below, with a deadline; Kysely would queue without one. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** Kysely over one file of a thread: one transaction at a time, each begun with the write lock in hand. */
export function writerDialect(thread: SqliteThread, database: string): Dialect {
  return {
    createAdapter: () => new WriterAdapter(),
    createDriver: () => new WriterDriver(thread, database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class WriterDriver implements Driver {
  readonly #thread: SqliteThread;
  readonly #database: string;
  readonly #turns = new Turns();

  constructor(thread: SqliteThread, database: string) {
    this.#thread = thread;
    this.#database = database;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<WriterConnection> {
    const deadline = AbortSignal.timeout(LOCK_WAIT_MAX_MS);
    await this.#turns.take(deadline);
    return new WriterConnection(this.#thread, this.#database, deadline);
  }

  beginTransaction(connection: WriterConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: WriterConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: WriterConnection): Promise<void> {
    return connection.rollback();
  }

  async releaseConnection(): Promise<void> {
    this.#turns.pass();
  }

  async destroy(): Promise<void> {}
}

/** One turn at the file: a transaction, or single statements. */
class WriterConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;
  readonly #database: string;
  readonly #deadline: AbortSignal;
  #inTransaction = false;
  #failure: unknown = null;

  constructor(thread: SqliteThread, database: string, deadline: AbortSignal) {
    this.#thread = thread;
    this.#database = database;
    this.#deadline = deadline;
  }

  async begin(): Promise<void> {
    await this.#patiently(() => this.#thread.ask(this.#database, 'begin'));
    this.#inTransaction = true;
  }

  /** A transaction in which a statement failed does not commit, even if its author went on: PostgreSQL's rule, here too. */
  async commit(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    await this.#patiently(() => this.#thread.ask(this.#database, 'commit'));
    this.#inTransaction = false;
  }

  async rollback(): Promise<void> {
    this.#inTransaction = false;
    // A transaction that cannot be rolled back has ended with its connection; the error that led here is the one to tell.
    await this.#thread.ask(this.#database, 'rollback').catch(() => {});
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const run = (step: 'query' | 'continue') => this.#thread.ask(this.#database, step, sql, parameters);
    try {
      const { rows, changes } = await (this.#inTransaction ? run('continue') : this.#patiently(() => run('query')));
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator and nothing of ours streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TypeError('the writer does not stream');
  }

  /** Asks again while another process holds the lock, until the turn's deadline. */
  async #patiently(ask: () => Promise<QueryOutcome>): Promise<QueryOutcome> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof StorageBusy) || this.#deadline.aborted) throw error;
        await delay(RETRY_MS);
      }
    }
  }
}
