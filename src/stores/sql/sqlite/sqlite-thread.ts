import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from '../../../ports/index.ts';
import { toStorageError } from './sqlite-errors.ts';
import type { QueryOutcome, ThreadFiles, ThreadReply, ThreadRequest } from './thread-protocol.ts';

/** Sources run by type stripping, the packed package as JavaScript: the thread's body has the extension of this file. */
const BODY = new URL(`./sqlite-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

interface Waiting {
  readonly resolve: (outcome: QueryOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** The main thread's end of a thread of ours. It starts with the first request; one that died, with the next. */
export class SqliteThread {
  readonly #name: string;
  readonly #files: ThreadFiles;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #calls = 0;
  #closing: Promise<void> | null = null;

  constructor(name: string, files: ThreadFiles) {
    this.#name = name;
    this.#files = files;
  }

  /** @throws {StorageBusy | StorageUnavailable | UniqueViolation} as `toStorageError` maps them. */
  ask(
    database: string,
    step: ThreadRequest['step'],
    sql = '',
    parameters: readonly unknown[] = [],
  ): Promise<QueryOutcome> {
    if (this.#closing !== null) return Promise.reject(new StorageUnavailable('the store is closed'));
    const worker = this.#worker ?? this.#start();
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      // First, because it throws when a parameter cannot be sent.
      worker.postMessage({ call, database, step, sql, parameters } satisfies ThreadRequest);
      this.#waiting.set(call, { resolve, reject });
      // The thread keeps the process alive exactly while somebody waits for it.
      if (this.#waiting.size === 1) worker.ref();
    });
  }

  /** Closes the files, after what was asked before, and ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Asked in the same turn, before `#closing` is set and nobody may ask any more.
    const worker = this.#worker;
    const closed = worker === null ? [] : Object.keys(this.#files).map((database) => this.ask(database, 'close'));
    await Promise.allSettled(closed);
    await worker?.terminate();
  }

  #start(): Worker {
    // Flags of the host (loaders, --input-type, --import) are about its own modules, and some end a thread that has them.
    // Which warnings it wants to see is about the whole process: Node.js 22 calls SQLite experimental.
    const execArgv = process.execArgv.filter((flag) => /^--(no|disable)-warning/.test(flag));
    const worker = new Worker(BODY, { workerData: this.#files, name: this.#name, execArgv });
    worker.on('message', (reply: ThreadReply) => this.#settle(worker, reply));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, null));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(worker: Worker, reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.call);
    this.#waiting.delete(reply.call);
    if (this.#waiting.size === 0) worker.unref();
    if ('failure' in reply) waiting?.reject(toStorageError(reply.failure));
    else waiting?.resolve(reply.outcome);
  }

  #lose(worker: Worker, cause: Error | null): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const error = new StorageUnavailable(`the thread ${this.#name} ended`, { cause });
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
