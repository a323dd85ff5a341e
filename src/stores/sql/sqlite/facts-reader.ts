import type { Kysely } from 'kysely';
import { type FactsReads, type SessionReads, StorageBusy, StorageUnavailable } from '../../../ports/index.ts';
import { compileFacts, toFacts } from '../facts.ts';
import type { Schema } from '../schema.ts';
import { compileSession, toSessionRow } from '../sessions.ts';
import { SqliteConnection } from './connection.ts';
import { describeFailure, isPoisonous, toStorageError } from './sqlite-errors.ts';

/** One prepared read: bound texts in, rows as arrays out. */
type ArrayRead = (parameters: readonly string[]) => unknown[][];

/**
 * The facts statement on the thread that decides, over a read-only connection of its own. In WAL mode a reader never
 * waits for the writer: the answer is there at once, and sees all that was committed before.
 */
export class SqliteFactsReader implements FactsReads {
  readonly #file: string;
  readonly #lockWaitMs: number;
  readonly #compiler: Kysely<Schema>;
  readonly #byDigest: ArrayRead[] = [];
  readonly #byId: ArrayRead;
  readonly #session: ArrayRead;
  readonly sessions: SessionReads = { find: (digest) => toSessionRow(this.#session([digest])) };
  #connection: SqliteConnection | null = null;
  #isClosed = false;

  /** @param compiler is only asked for the statement's text. */
  constructor(file: string, lockWaitMs: number, compiler: Kysely<Schema>) {
    this.#file = file;
    this.#lockWaitMs = lockWaitMs;
    this.#compiler = compiler;
    this.#byId = this.#prepare(compileFacts(compiler, 'id', 1));
    this.#session = this.#prepare(compileSession(compiler));
  }

  findByDigest(digests: readonly string[]) {
    if (digests.length === 0) return null;
    this.#byDigest[digests.length] ??= this.#prepare(compileFacts(this.#compiler, 'digest', digests.length));
    const read = this.#byDigest[digests.length] as ArrayRead;
    return toFacts(read(digests));
  }

  findByTokenId(id: string) {
    return toFacts(this.#byId([id]));
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.close();
    this.#connection = null;
  }

  #prepare(sql: string): ArrayRead {
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

  #guarded<T>(use: (connection: SqliteConnection) => T): T {
    if (this.#isClosed) throw new StorageUnavailable('the store is closed');
    try {
      this.#connection ??= new SqliteConnection(this.#file, {
        readOnly: true,
        timeoutMs: this.#lockWaitMs,
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
