import {
  CountsMemory,
  type CountsSlot,
  decodeCounts,
  type RateLimitVerdict,
  restoreCounts,
  type Window,
} from '../../policy/index.ts';
import {
  type Clock,
  type CountsMemo,
  type Eventually,
  type RateLimitCounter,
  type ReservationLog,
  StorageUnavailable,
} from '../../ports/index.ts';
import { decodeRow } from './counts-row.ts';
import { CountsWriter } from './counts-writer.ts';
import { type ClockStamp, LimiterClock } from './limiter-clock.ts';
import { Lineage } from './lineage.ts';
import { systemTimers, type Timers } from './timers.ts';

const SWEEP_PERIOD_MS = 1_000;
/** Lineages looked at per sweep: enough to come round a million of them within minutes, little enough not to be felt. */
const SWEPT_PER_PERIOD = 5_000;

export interface LocalCountersOptions {
  readonly clock: Clock;
  /** Where reservations are kept; null counts in memory only, and a restart forgets. */
  readonly reservations: ReservationLog | null;
  /** How long an accept waits for its reservation before it is decided from memory alone. Default 1,000. */
  readonly saveWaitMs?: number;
  /** Lineages counted at once; further ones are refused with `StorageUnavailable`. Default 2,000,000. */
  readonly lineagesMax?: number;
  readonly timers?: Timers;
  /** Reservations cannot be written: limits hold, but a crash now could give quota back. */
  readonly onDegraded?: (cause: unknown) => void;
  readonly onRecovered?: () => void;
  /** A stored row could not be read; that lineage starts anew. */
  readonly onDamagedRow?: (lineageId: string) => void;
}

/** The counters of one process, with what an operator may want to see of them. */
export interface LocalCounters extends RateLimitCounter {
  /** Lineages with something counted. */
  readonly lineages: number;
  readonly isDegraded: boolean;
}

/**
 * Counters for one process. Counting is exact and in memory; what is accepted is reserved on disk before, in portions, so
 * that a crash can lose quota and never gains it.
 * @throws {StorageUnavailable} the stored rows cannot be read.
 */
export async function localCounters(options: LocalCountersOptions): Promise<LocalCounters> {
  const rows = (await options.reservations?.load()) ?? [];
  let newest: ClockStamp | null = null;
  const stored = new Map<string, Uint8Array>();
  for (const { lineageId, counts } of rows) {
    const row = decodeRow(counts);
    if (row === null) {
      options.onDamagedRow?.(lineageId);
      continue;
    }
    if (newest === null || row.stamp.limiterMs > newest.limiterMs) newest = row.stamp;
    stored.set(lineageId, row.counts);
  }
  return new MemoryCounters(options, new LimiterClock(options.clock, newest), stored);
}

class MemoryCounters implements LocalCounters {
  readonly #memory = new CountsMemory();
  readonly #lineages = new Map<string, Lineage>();
  /** Rows of an earlier process whose lineages were not used since. */
  readonly #unused: Map<string, Uint8Array>;
  readonly #clock: LimiterClock;
  readonly #writer: CountsWriter | null;
  readonly #lineagesMax: number;
  readonly #onDamagedRow: (lineageId: string) => void;
  readonly #stopSweeping: () => void;
  #sweep: Iterator<Lineage>;
  #sweepUnused: Iterator<[string, Uint8Array]>;
  #fullSweepAt = -Infinity;
  #isClosed = false;

  constructor(options: LocalCountersOptions, clock: LimiterClock, unused: Map<string, Uint8Array>) {
    const timers = options.timers ?? systemTimers;
    this.#clock = clock;
    this.#unused = unused;
    this.#lineagesMax = options.lineagesMax ?? 2_000_000;
    this.#onDamagedRow = options.onDamagedRow ?? (() => {});
    this.#writer =
      options.reservations === null
        ? null
        : new CountsWriter({
            log: options.reservations,
            memory: this.#memory,
            clock,
            timers,
            saveWaitMs: options.saveWaitMs ?? 1_000,
            onDegraded: options.onDegraded ?? (() => {}),
            onRecovered: options.onRecovered ?? (() => {}),
          });
    this.#sweep = this.#lineages.values();
    this.#sweepUnused = this.#unused.entries();
    this.#stopSweeping = timers.every(SWEEP_PERIOD_MS, () => this.#sweepSome(SWEPT_PER_PERIOD));
  }

  get lineages(): number {
    return this.#lineages.size;
  }

  get isDegraded(): boolean {
    return this.#writer?.isDegraded ?? false;
  }

  consume(
    lineageId: string,
    windows: readonly Window[],
    cost: number,
    memo?: CountsMemo,
  ): Eventually<RateLimitVerdict> {
    if (this.#isClosed) throw new StorageUnavailable('the counters are closed');
    const now = this.#clock.now();
    const remembered = memo?.countsAt;
    const lineage = remembered instanceof Lineage ? remembered : this.#find(lineageId, windows, now, memo);
    if (lineage.windows !== windows) this.#fit(lineage, windows, now);
    // Counted before anything is awaited: of requests that arrive together no more are admitted than there is room for.
    const verdict = this.#memory.tryConsume(lineage.slot, windows, now, cost);
    if (!verdict.admitted || cost === 0 || this.#writer === null) return verdict;
    if (lineage.spend(cost, now)) {
      if (lineage.isRunningLow) void this.#writer.save(lineage, true);
      return verdict;
    }
    const saved = this.#writer.save(lineage, true);
    return this.#writer.isDegraded ? verdict : saved.then(() => verdict);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopSweeping();
    if (this.#writer === null) return;
    for (const lineage of this.#lineages.values()) {
      if (!lineage.isExact) void this.#writer.save(lineage, false);
    }
    await this.#writer.close();
  }

  #find(lineageId: string, windows: readonly Window[], now: number, memo: CountsMemo | undefined): Lineage {
    const lineage = this.#lineages.get(lineageId) ?? this.#open(lineageId, windows, now);
    if (memo !== undefined) lineage.rememberIn(memo);
    return lineage;
  }

  #open(lineageId: string, windows: readonly Window[], now: number): Lineage {
    if (this.#lineages.size >= this.#lineagesMax) this.#makeRoom(now);
    const row = this.#unused.get(lineageId);
    const slot = row === undefined ? this.#memory.open(windows) : this.#restore(lineageId, row, windows, now);
    this.#unused.delete(lineageId);
    const lineage = new Lineage(lineageId, slot, windows, row !== undefined);
    this.#lineages.set(lineageId, lineage);
    return lineage;
  }

  #restore(lineageId: string, row: Uint8Array, windows: readonly Window[], now: number): CountsSlot {
    const slot = restoreCounts(this.#memory, windows, row, now);
    if (slot === null) this.#onDamagedRow(lineageId);
    return slot ?? this.#memory.open(windows);
  }

  #fit(lineage: Lineage, windows: readonly Window[], now: number): void {
    lineage.slot = this.#memory.fit(lineage.slot, windows, now);
    lineage.windows = windows;
  }

  #makeRoom(now: number): void {
    // At most once a second: the table is full of lineages in use, and looking at all of them is not free.
    if (now - this.#fullSweepAt >= SWEEP_PERIOD_MS) {
      this.#fullSweepAt = now;
      for (const lineage of this.#lineages.values()) this.#tidy(lineage, now);
    }
    if (this.#lineages.size < this.#lineagesMax) return;
    throw new StorageUnavailable(`more than ${this.#lineagesMax} tokens were used within their limits' windows`);
  }

  /** Goes on where the last sweep stopped, round and round; both maps may change meanwhile. */
  #sweepSome(count: number): void {
    const now = this.#clock.now();
    for (let swept = 0; swept < count; swept++) {
      const next = this.#sweep.next();
      if (next.done) {
        this.#sweep = this.#lineages.values();
        break;
      }
      this.#tidy(next.value, now);
    }
    for (let swept = 0; swept < count; swept++) {
      const next = this.#sweepUnused.next();
      if (next.done) {
        this.#sweepUnused = this.#unused.entries();
        break;
      }
      this.#tidyUnused(...next.value, now);
    }
  }

  #tidy(lineage: Lineage, now: number): void {
    if (lineage.isBeingSaved) return;
    if (this.#memory.isIdle(lineage.slot, now)) {
      this.#memory.close(lineage.slot);
      lineage.forget();
      this.#lineages.delete(lineage.id);
      if (lineage.isStored) this.#writer?.remove(lineage.id);
    } else if (lineage.isOverstated(now)) {
      void this.#writer?.save(lineage, false);
    }
  }

  #tidyUnused(lineageId: string, row: Uint8Array, now: number): void {
    const counted = decodeCounts(row);
    if (counted === null) this.#onDamagedRow(lineageId);
    else if (counted.length > 0) {
      const windows = counted.map(({ seconds }, index) => ({ name: `w${index}`, limit: 1, seconds }));
      const slot = this.#memory.open(windows, counted, now);
      const isIdle = this.#memory.isIdle(slot, now);
      this.#memory.close(slot);
      if (!isIdle) return;
    }
    this.#unused.delete(lineageId);
    this.#writer?.remove(lineageId);
  }
}
