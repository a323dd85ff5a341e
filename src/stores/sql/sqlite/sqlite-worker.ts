/**
 * The body of a thread that holds SQLite files, so that no commit, fsync, checkpoint or long search ever stalls the
 * thread that decides requests. It knows no table; it runs what it is sent, one message at a time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteConnection } from './connection.ts';
import { describeFailure, isPoisonous } from './sqlite-errors.ts';
import type { QueryOutcome, ThreadFile, ThreadFiles, ThreadReply, ThreadRequest } from './thread-protocol.ts';

const NOTHING: QueryOutcome = { rows: [], changes: 0 };

/** One file. A connection that met a failure of the medium is dropped, and opened anew by the next transaction. */
class HeldFile {
  readonly #file: ThreadFile;
  #connection: SqliteConnection | null = null;
  /** The failure that ended the running transaction before its asker did. */
  #lost: Error | null = null;

  constructor(file: ThreadFile) {
    this.#file = file;
  }

  run({ step, sql, parameters }: ThreadRequest): QueryOutcome {
    switch (step) {
      case 'begin':
        this.#lost = null;
        this.#guarded((connection) => connection.exec('begin immediate'));
        return NOTHING;
      case 'commit':
        if (this.#lost !== null) throw this.#lost;
        this.#guarded((connection) => connection.exec('commit'));
        return NOTHING;
      case 'rollback':
        this.#lost = null;
        this.#guarded((connection) => {
          if (connection.isTransaction) connection.exec('rollback');
        });
        return NOTHING;
      case 'query':
        if (this.#lost !== null) throw this.#lost;
        return this.#guarded((connection) => connection.query(sql, parameters));
      case 'close':
        this.#connection?.close();
        this.#connection = null;
        return NOTHING;
    }
  }

  #guarded<T>(use: (connection: SqliteConnection) => T): T {
    const connection = this.#open();
    const wasTransaction = connection.isTransaction;
    try {
      return use(connection);
    } catch (error) {
      if (isPoisonous(describeFailure(error))) {
        this.#connection = null;
        if (wasTransaction && error instanceof Error) this.#lost = error;
        connection.close();
      }
      throw error;
    }
  }

  #open(): SqliteConnection {
    const { file, readOnly, pragmas, lockWaitMs } = this.#file;
    this.#connection ??= new SqliteConnection(file, { readOnly, pragmas, timeoutMs: lockWaitMs });
    return this.#connection;
  }
}

const port = parentPort;
if (port === null) throw new TypeError('this file is the body of a worker thread');

const files = new Map<string, HeldFile>();
for (const [name, file] of Object.entries(workerData as ThreadFiles)) files.set(name, new HeldFile(file));

port.on('message', (request: ThreadRequest) => {
  let reply: ThreadReply;
  try {
    const held = files.get(request.database);
    if (held === undefined) throw new TypeError(`no database is called ${request.database}`);
    reply = { call: request.call, outcome: held.run(request) };
  } catch (error) {
    reply = { call: request.call, failure: describeFailure(error) };
  }
  port.postMessage(reply);
});
