/**
 * The body of a thread that holds SQLite files, so that no commit, fsync, checkpoint or long search ever stalls the
 * thread that decides requests. It knows no table; it runs what it is sent, one message at a time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteConnection } from './connection.ts';
import { describeFailure, isPoisonous } from './sqlite-errors.ts';
import type { QueryOutcome, ThreadFile, ThreadFiles, ThreadReply, ThreadRequest } from './thread-protocol.ts';

const NOTHING: QueryOutcome = { rows: [], changes: 0 };
/** SQLite's code for a statement whose transaction was rolled back under it. */
const ABORT_ROLLBACK = 516;

/** One file. A connection that met a failure of the medium is dropped, its transaction with it; the next use opens anew. */
class HeldFile {
  readonly #file: ThreadFile;
  #connection: SqliteConnection | null = null;

  constructor(file: ThreadFile) {
    this.#file = file;
  }

  run({ step, sql, parameters }: ThreadRequest): QueryOutcome {
    switch (step) {
      case 'query':
        return this.#guarded((connection) => connection.query(sql, parameters));
      case 'begin':
        return this.#guarded((connection) => connection.exec('begin immediate'));
      case 'continue':
        this.#requireTransaction();
        return this.#guarded((connection) => connection.query(sql, parameters));
      case 'commit':
        this.#requireTransaction();
        return this.#guarded((connection) => connection.exec('commit'));
      case 'rollback':
        return this.#guarded((connection) => {
          if (connection.isTransaction) connection.exec('rollback');
          return NOTHING;
        });
      case 'close':
        this.#connection?.close();
        this.#connection = null;
        return NOTHING;
    }
  }

  /** Outside its transaction a statement would commit by itself. */
  #requireTransaction(): void {
    if (this.#connection?.isTransaction) return;
    throw Object.assign(new Error('the transaction was lost'), { errcode: ABORT_ROLLBACK });
  }

  #guarded(use: (connection: SqliteConnection) => QueryOutcome): QueryOutcome {
    const connection = this.#open();
    try {
      return use(connection);
    } catch (error) {
      if (isPoisonous(describeFailure(error))) {
        this.#connection = null;
        connection.close();
      }
      throw error;
    }
  }

  #open(): SqliteConnection {
    const { file, readOnly, pragmas, lockWaitMs, beside } = this.#file;
    this.#connection ??= new SqliteConnection(file, { readOnly, pragmas, timeoutMs: lockWaitMs, beside });
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
