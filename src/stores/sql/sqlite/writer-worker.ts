/**
 * The writer thread: holds the only writable connections, so that no commit, fsync or checkpoint ever stalls the thread
 * that decides requests. It knows no table; it runs what it is sent, one message at a time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteConnection } from './connection.ts';
import { describeFailure, isPoisonous } from './sqlite-errors.ts';
import type { QueryOutcome, WriterFile, WriterFiles, WriterReply, WriterRequest } from './writer-protocol.ts';

const NOTHING: QueryOutcome = { rows: [], changes: 0 };
/** Short, because the thread serves other files too: the asker tries again. */
const LOCK_WAIT_MS = 50;

/** One file. A connection that met a failure of the medium is dropped, and opened anew by the next transaction. */
class Writer {
  readonly #file: WriterFile;
  #connection: SqliteConnection | null = null;
  /** The failure that ended the running transaction before its asker did. */
  #lost: Error | null = null;

  constructor(file: WriterFile) {
    this.#file = file;
  }

  run({ step, sql, parameters }: WriterRequest): QueryOutcome {
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
    const { file, readOnly, pragmas } = this.#file;
    this.#connection ??= new SqliteConnection(file, { readOnly, pragmas, timeoutMs: LOCK_WAIT_MS });
    return this.#connection;
  }
}

const port = parentPort;
if (port === null) throw new TypeError('this file is the body of a worker thread');

const writers = new Map<string, Writer>();
for (const [name, file] of Object.entries(workerData as WriterFiles)) writers.set(name, new Writer(file));

port.on('message', (request: WriterRequest) => {
  let reply: WriterReply;
  try {
    const writer = writers.get(request.database);
    if (writer === undefined) throw new TypeError(`no database is called ${request.database}`);
    reply = { call: request.call, outcome: writer.run(request) };
  } catch (error) {
    reply = { call: request.call, failure: describeFailure(error) };
  }
  port.postMessage(reply);
});
