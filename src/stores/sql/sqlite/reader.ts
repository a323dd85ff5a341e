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
import { StorageBusy, StorageUnavailable } from '../../../ports/index.ts';
import { SqliteConnection } from './connection.ts';
import { describeFailure, isPoisonous, toStorageError } from './sqlite-errors.ts';

/** A read of the caller's own making: bound texts in, rows as arrays out. */
export type ArrayRead = (parameters: readonly string[]) => unknown[][];

/**
 * The main thread's read-only connection. In WAL mode a reader never waits for the writer, so reads are answered at once
 * and never block the event loop for longer than they take; each sees all that was committed before it began.
 */
export class SqliteReader {
  readonly #file: string;
  readonly #timeoutMs: number;
  #connection: SqliteConnection | null = null;
  #isClosed = false;

  constructor(file: string, timeoutMs: number) {
    this.#file = file;
    this.#timeoutMs = timeoutMs;
  }

  all(sql: string, parameters: readonly unknown[]): unknown[] {
    return this.#guarded((connection) => connection.query(sql, parameters).rows);
  }

  arrays(sql: string): ArrayRead {
    let preparedOn: SqliteConnection | null = null;
    let statement: ReturnType<SqliteConnection['prepareArrays']>;
    return (parameters) =>
      this.#guarded((connection) => {
        if (preparedOn !== connection) {
          statement = connection.prepareArrays(sql);
          preparedOn = connection;
        }
        return statement.all(...parameters) as unknown as unknown[][];
      });
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.close();
    this.#connection = null;
  }

  #guarded<T>(use: (connection: SqliteConnection) => T): T {
    if (this.#isClosed) throw new StorageUnavailable('the store is closed');
    try {
      this.#connection ??= new SqliteConnection(this.#file, {
        readOnly: true,
        timeoutMs: this.#timeoutMs,
        pragmas: ['trusted_schema = off'],
      });
      return use(this.#connection);
    } catch (error) {
      const failure = describeFailure(error);
      if (isPoisonous(failure)) {
        this.#connection?.close();
        this.#connection = null;
      }
      const mapped = toStorageError(failure);
      if (mapped instanceof StorageBusy) throw new StorageUnavailable('the database is locked', { cause: mapped });
      throw mapped;
    }
  }
}

/** Kysely over the read-only connection. */
export function readerDialect(reader: SqliteReader): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ReaderDriver(reader),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class ReaderDriver implements Driver, DatabaseConnection {
  readonly #reader: SqliteReader;

  constructor(reader: SqliteReader) {
    this.#reader = reader;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return { rows: this.#reader.all(sql, parameters) as R[] };
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
