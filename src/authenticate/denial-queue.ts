import { clientNetwork } from '../policy/index.ts';
import { type Clock, type DenialRecord, StorageBusy, StorageUnavailable } from '../ports/index.ts';
import { everyUnreferenced } from './every-unreferenced.ts';
import { FairShare } from './fair-share.ts';

/** Waiting to be written at most, for each class. */
const PENDING_MAX = 2_000;
const ROWS_PER_WRITE = 500;
/** Of one token, and of one address where no token matched: so many at once, and then one more every ten seconds. */
const SHARE = 50;
const OWNER_SHARE = 4 * SHARE;
const ANOTHER_MS = 10_000;

export interface DenialQueueOptions {
  readonly clock: Clock;
  readonly write: (records: readonly DenialRecord[]) => Promise<void>;
  /** Time between flushes; a crash loses at most this plus one write. Default 2,000. */
  readonly flushMs?: number;
  /** Calls `work` again and again until the returned function is called. Default an unref'd interval. */
  readonly every?: (periodMs: number, work: () => void) => () => void;
  /** Writes what belongs to the denials, after them, at every flush. */
  readonly writeRest?: () => Promise<void>;
  /** Told of every failed flush; what it held is written with the next. */
  readonly onFlushFailed?: (error: unknown) => void;
}

/** Whose denial it is and why: what decides whether there is room for it, and what is counted of it where there is none. */
export type DenialOrigin = Pick<DenialRecord, 'lineageId' | 'ownerId' | 'ip' | 'cause'>;

/** Takes denials and never waits. */
export interface NotesDenials {
  /** `make` is called only where there is room. */
  record(origin: DenialOrigin, make: () => DenialRecord): void;
}

/**
 * Denials on their way to where they are kept. Recording is memory only; whatever arrives, memory is bounded: denials of
 * tokens of ours and all others have room of their own, and in it every token, owner and address a share, so that a flood
 * pushes out nobody else's. What had no room is counted.
 */
export class DenialQueue implements NotesDenials {
  readonly #options: DenialQueueOptions;
  readonly #stop: () => void;
  readonly #known = new Map<string, DenialRecord>();
  readonly #unknown = new Map<string, DenialRecord>();
  readonly #tokens = new FairShare(SHARE, ANOTHER_MS);
  readonly #owners = new FairShare(OWNER_SHARE, ANOTHER_MS);
  readonly #addresses = new FairShare(SHARE, ANOTHER_MS);
  #dropped = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #queued: Promise<void> | null = null;

  constructor(options: DenialQueueOptions) {
    this.#options = options;
    const { every = everyUnreferenced, flushMs = 2_000, onFlushFailed = () => {} } = options;
    this.#stop = every(flushMs, () => void this.flush().catch(onFlushFailed));
  }

  /** Denials that were kept nowhere, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Denials that wait to be written. */
  get pending(): number {
    return this.#known.size + this.#unknown.size;
  }

  record(origin: DenialOrigin, make: () => DenialRecord): void {
    const pending = origin.lineageId === null ? this.#unknown : this.#known;
    if (pending.size >= PENDING_MAX || !this.#hasShare(origin)) {
      this.#dropped += 1;
      return;
    }
    const record = make();
    pending.set(record.requestId, record);
  }

  /** What waits to be written of that request. */
  find(requestId: string): DenialRecord | null {
    return this.#known.get(requestId) ?? this.#unknown.get(requestId) ?? null;
  }

  /** Writes what was recorded so far. @throws what writing threw; after an outage the rest is kept for the next flush. */
  flush(): Promise<void> {
    this.#queued ??= this.#inTurn(() => {
      this.#queued = null;
      return this.#write();
    });
    return this.#queued;
  }

  /** Stops the timer and writes the rest. @throws what writing threw; the rest is lost then. */
  async close(): Promise<void> {
    this.#stop();
    await this.flush();
  }

  #hasShare({ lineageId, ownerId, ip }: DenialOrigin): boolean {
    const now = this.#options.clock.monotonic();
    if (lineageId === null) return this.#addresses.take(ip === null ? '' : clientNetwork(ip), now);
    return this.#tokens.take(lineageId, now) && (ownerId === null || this.#owners.take(ownerId, now));
  }

  async #write(): Promise<void> {
    for (const pending of [this.#known, this.#unknown]) {
      const batch = [...pending.values()];
      for (let from = 0; from < batch.length; from += ROWS_PER_WRITE) {
        const rows = batch.slice(from, from + ROWS_PER_WRITE);
        await this.#options.write(rows).catch((error: unknown) => {
          // What can never be written must not keep everything after it from being written.
          if (!isOutage(error)) this.#drop(pending, rows);
          throw error;
        });
        for (const { requestId } of rows) pending.delete(requestId);
      }
    }
    await this.#options.writeRest?.();
  }

  #drop(pending: Map<string, DenialRecord>, rows: readonly DenialRecord[]): void {
    this.#dropped += rows.length;
    for (const { requestId } of rows) pending.delete(requestId);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof StorageUnavailable || error instanceof StorageBusy;
}
