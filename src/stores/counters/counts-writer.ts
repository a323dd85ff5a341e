import type { CountsMemory } from '../../policy/index.ts';
import { type ReservationLog, StorageUnavailable, type StoredCounts } from '../../ports/index.ts';
import { encodeRow } from './counts-row.ts';
import type { LimiterClock } from './limiter-clock.ts';
import { type Batch, type Lineage, type PlannedRow, reservationOf } from './lineage.ts';
import type { Timers } from './timers.ts';

const ROWS_PER_SAVE = 1_000;
const RETRY_MS = 1_000;
const CLOSE_WAIT_MS = 10_000;

export interface CountsWriterOptions {
  readonly log: ReservationLog;
  readonly memory: CountsMemory;
  readonly clock: LimiterClock;
  readonly timers: Timers;
  /** How long a request waits for a reservation before it is decided from memory alone. */
  readonly saveWaitMs: number;
  readonly onDegraded: (cause: unknown) => void;
  readonly onRecovered: () => void;
}

/**
 * Writes rows of many lineages together, one save at a time and in order. While the log fails it is degraded: nobody waits,
 * what is to be written collects (once per lineage), and every second it is tried again.
 */
export class CountsWriter {
  readonly #options: CountsWriterOptions;
  #queue: Batch[] = [];
  #removals = new Set<string>();
  #running: Promise<void> | null = null;
  #saving: Batch | null = null;
  #cancelRetry: (() => void) | null = null;
  #failure: { readonly cause: unknown } | null = null;
  #isClosing = false;

  constructor(options: CountsWriterOptions) {
    this.#options = options;
  }

  get isDegraded(): boolean {
    return this.#failure !== null;
  }

  /** Has the lineage's row written, with a new reservation where `more`; resolves when that is done or given up on. */
  save(lineage: Lineage, more: boolean): Promise<void> {
    if (more) lineage.wantMore();
    if (lineage.batch !== null) return lineage.batch.done;
    const batch = this.#openBatch();
    batch.lineages.push(lineage);
    lineage.batch = batch;
    this.#wake();
    return batch.done;
  }

  /** Has the row of a lineage with nothing counted removed. */
  remove(lineageId: string): void {
    this.#removals.add(lineageId);
    this.#wake();
  }

  /**
   * Writes the rest, exactly as counted. Nothing may be saved afterwards.
   * @throws {StorageUnavailable} not everything was written; the rows that stand count no less than was accepted, unless
   * the writer was degraded.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelRetry?.();
    let cancel = () => {};
    const tooLate = new Promise<never>((_, reject) => {
      cancel = this.#options.timers.after(CLOSE_WAIT_MS, () =>
        reject(new StorageUnavailable('the counters could not be written in time')),
      );
    });
    try {
      await Promise.race([this.#drain(), tooLate]);
    } finally {
      cancel();
    }
  }

  async #drain(): Promise<void> {
    await this.#running;
    if (this.#queue.length > 0 || this.#removals.size > 0) await this.#run();
    if (this.#queue.length > 0) {
      throw new StorageUnavailable('the counters could not be written', { cause: this.#failure?.cause });
    }
  }

  #openBatch(): Batch {
    const last = this.#queue.at(-1);
    if (last !== undefined && last.lineages.length < ROWS_PER_SAVE) return last;
    const { promise, resolve } = Promise.withResolvers<void>();
    const batch = { lineages: [], done: promise, settle: resolve };
    this.#queue.push(batch);
    return batch;
  }

  #wake(): void {
    if (this.#running !== null || this.#cancelRetry !== null || this.#isClosing) return;
    // One turn of the event loop gathers what arrived together.
    this.#running = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#run());
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 || this.#removals.size > 0) {
      await this.#removeRows();
      const batch = this.#queue.shift();
      if (batch !== undefined && !(await this.#saveBatch(batch))) break;
    }
    this.#running = null;
  }

  /** Rows of idle lineages count nothing: one that stays is dropped at the next start. */
  async #removeRows(): Promise<void> {
    if (this.#removals.size === 0) return;
    const ids = [...this.#removals];
    this.#removals = new Set();
    await this.#options.log.remove(ids).catch(() => {});
  }

  async #saveBatch(batch: Batch): Promise<boolean> {
    const { log, timers, saveWaitMs } = this.#options;
    const { rows, plans } = this.#plan(batch);
    this.#saving = batch;
    const cancel = timers.after(saveWaitMs, () =>
      this.#degrade(new StorageUnavailable('writing the counters takes too long')),
    );
    try {
      await log.save(rows);
    } catch (cause) {
      for (const { lineage } of plans) {
        lineage.notStored();
        void this.save(lineage, true);
      }
      this.#degrade(cause);
      this.#retryLater();
      return false;
    } finally {
      cancel();
      this.#saving = null;
    }
    for (const plan of plans) plan.lineage.storedAs(plan);
    batch.settle();
    this.#recover();
    return true;
  }

  #plan({ lineages }: Batch): { readonly rows: StoredCounts[]; readonly plans: PlannedRow[] } {
    const { clock, memory } = this.#options;
    const stamp = clock.stamp();
    const plans: PlannedRow[] = [];
    const rows = lineages.map((lineage) => {
      const states = memory.describe(lineage.slot, lineage.windows, stamp.limiterMs);
      const plan = lineage.planRow(states, stamp.limiterMs, this.#isClosing);
      plans.push(plan);
      return { lineageId: lineage.id, counts: encodeRow(stamp, memory.counted(lineage.slot), reservationOf(plan)) };
    });
    return { rows, plans };
  }

  #retryLater(): void {
    if (this.#isClosing) return;
    this.#cancelRetry = this.#options.timers.after(RETRY_MS, () => {
      this.#cancelRetry = null;
      this.#running = this.#run();
    });
  }

  #degrade(cause: unknown): void {
    const wasDegraded = this.isDegraded;
    this.#failure = { cause };
    this.#saving?.settle();
    for (const batch of this.#queue) batch.settle();
    if (!wasDegraded) this.#options.onDegraded(cause);
  }

  #recover(): void {
    if (!this.isDegraded) return;
    this.#failure = null;
    this.#options.onRecovered();
  }
}
