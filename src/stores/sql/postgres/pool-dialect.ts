import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { StorageUnavailable } from '../../../ports/index.ts';
import { toStorageError } from './postgres-errors.ts';

/** Kysely over a pool of ours. Its own driver takes a commit that came with a warning for a success; ours does not. */
export function poolDialect(pool: Pool): Dialect {
  return {
    createAdapter: () => new LockedMigrationAdapter(),
    createDriver: () => new PoolDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** `migrate` holds a lock of ours around the whole migration. */
class LockedMigrationAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

class PoolDriver implements Driver {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    try {
      return new PooledConnection(await this.#pool.connect());
    } catch (error) {
      throw toStorageError(error);
    }
  }

  beginTransaction(connection: PooledConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: PooledConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: PooledConnection): Promise<void> {
    return connection.rollback();
  }

  async releaseConnection(connection: PooledConnection): Promise<void> {
    connection.release();
  }

  async destroy(): Promise<void> {}
}

/** One connection while it is out of the pool. */
class PooledConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  #failure: Error | null = null;

  constructor(client: PoolClient) {
    this.#client = client;
    client.on('error', this.#onError);
  }

  async begin(): Promise<void> {
    await this.#run('begin', []);
  }

  /**
   * Acknowledged means: the server said COMMIT (it says ROLLBACK, without an error, when an earlier statement failed) and
   * nothing beside it (a warning here means that a standby was not waited for).
   * @throws {StorageUnavailable} also when the connection broke meanwhile: the outcome is unknown then.
   */
  async commit(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    const warnings: string[] = [];
    const onNotice = ({ message }: { message: string | undefined }): void => void warnings.push(message ?? '');
    this.#client.on('notice', onNotice);
    try {
      const { command } = await this.#run('commit', []);
      if (command !== 'COMMIT') throw new StorageUnavailable('PostgreSQL did not commit');
      if (warnings.length > 0) {
        throw new StorageUnavailable(`PostgreSQL committed with a warning: ${warnings.join('; ')}`);
      }
    } finally {
      this.#client.off('notice', onNotice);
    }
  }

  async rollback(): Promise<void> {
    // A transaction that cannot be rolled back ends with its connection; the error that led here is the one to tell.
    await this.#run('rollback', []).catch(() => {});
  }

  release(): void {
    this.#client.off('error', this.#onError);
    const isBroken = this.#failure instanceof StorageUnavailable;
    this.#client.release(isBroken);
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.#run(sql, parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator and nothing of ours streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TypeError('queries are not streamed');
  }

  async #run(sql: string, parameters: readonly unknown[]) {
    try {
      return await this.#client.query(sql, parameters as unknown[]);
    } catch (error) {
      const failure = toStorageError(error);
      this.#failure ??= failure;
      throw failure;
    }
  }

  /** A connection may break between two statements. */
  readonly #onError = (error: Error): void => {
    this.#failure ??= toStorageError(error);
  };
}
