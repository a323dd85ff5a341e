import { BUCKETS, bucketAt } from './bucket-time.ts';
import { type CountedWindow, carryOver, fitIntoRing, totalOf } from './counted-window.ts';
import { CountsRecord } from './counts-record.ts';
import { CountsSlab, NARROW_MAX } from './counts-slab.ts';
import { INSTANT_MAX } from './instant.ts';
import { WINDOWS_MAX, type Window } from './window.ts';

export interface WindowState {
  readonly name: string;
  readonly limit: number;
  readonly seconds: number;
  readonly remaining: number;
  /**
   * Milliseconds until the oldest counted sub-bucket leaves (with nothing remaining: until one request fits); 0 when
   * nothing is counted.
   */
  readonly resetMs: number;
}

export interface RateLimitVerdict {
  readonly admitted: boolean;
  /** Milliseconds until the earliest instant at which the same cost fits; 0 when admitted, Infinity when it never will. */
  readonly retryAfterMs: number;
  /** Of the longest window. */
  readonly remaining: number;
  /** Of the longest window. */
  readonly limit: number;
  /** Every window, in the order given, as it stands when this is first asked. */
  describe(): readonly WindowState[];
}

/** Names one lineage's counts in a CountsMemory; a plain number, so that keeping a million of them costs little. */
export type CountsSlot = number;

/** A slot is a record's number times SHAPES, plus the shape of its slab: number of windows, and width of counters. */
const SHAPES = 2 * WINDOWS_MAX;

/**
 * Counts the accepted requests of many lineages, each in 1 to 4 sliding windows of 60 sub-buckets and the current one.
 * A window's sum is never less than what was accepted in its last `seconds`, so no rolling window ever exceeds its
 * limit; a request is refused at most one sub-bucket longer than a log of every request would refuse it.
 *
 * Instants are milliseconds since 1970 of one clock of the caller's choice. Where it steps back by up to a window's
 * length, time stands still for that window; after a longer step everything counted is taken to have happened now.
 */
export class CountsMemory {
  readonly #slabs = new Array<CountsSlab | null>(SHAPES).fill(null);
  /** Every method places this on its own record first, and calls no other method before it is done with it. */
  readonly #record = new CountsRecord();

  /** Starts counting for one lineage, from nothing or from what was `counted` before (`carryOver` says how). */
  open(windows: readonly Window[], counted: readonly CountedWindow[] = [], nowMs = 0): CountsSlot {
    if (windows.length < 1 || windows.length > WINDOWS_MAX)
      throw new TypeError(`not 1 to 4 windows: ${windows.length}`);
    const rings = windows.map(({ seconds }) => fitIntoRing(carryOver(counted, seconds, nowMs), seconds, nowMs));
    const isWide = needsWide(windows) || rings.some(({ buckets }) => totalOf(buckets) > NARROW_MAX);
    const shape = (windows.length - 1) * 2 + (isWide ? 1 : 0);
    const slab = this.#slabs[shape] ?? new CountsSlab(windows.length, isWide);
    this.#slabs[shape] = slab;
    const slot = slab.take() * SHAPES + shape;
    this.#moveTo(slot);
    for (const [at, { head, buckets }] of rings.entries()) {
      this.#record.begin(at, (windows[at] as Window).seconds, head);
      for (const { bucket, count } of buckets) this.#record.add(at, bucket, count);
    }
    return slot;
  }

  /**
   * The slot to go on with under these windows: the same one, unless their lengths or the width of counters differ. What
   * was accepted stays counted.
   */
  fit(slot: CountsSlot, windows: readonly Window[], nowMs: number): CountsSlot {
    this.#moveTo(slot);
    const isWide = slot % 2 === 1;
    if (this.#isFor(windows) && (isWide || !needsWide(windows))) return slot;
    const counted = this.counted(slot);
    this.close(slot);
    return this.open(windows, counted, nowMs);
  }

  /**
   * Counts a request when every window has room for its cost, and counts nothing otherwise. A cost of 0 only asks; it is
   * refused while more is counted than a lowered limit allows.
   * @throws {TypeError} a cost that is not a whole number from 0, a moment that is not an instant, or a slot that is
   *   closed or does not fit the windows.
   */
  tryConsume(slot: CountsSlot, windows: readonly Window[], nowMs: number, cost: number): RateLimitVerdict {
    if (!(cost >= 0 && Math.floor(cost) === cost)) throw new TypeError(`a cost is a whole number from 0, not ${cost}`);
    if (!(nowMs >= 0 && nowMs <= INSTANT_MAX)) throw new TypeError(`not an instant: ${nowMs}`);
    this.#moveTo(slot);
    if (!this.#isFor(windows)) throw new TypeError('these counts are closed, or were begun for other windows');
    const record = this.#record;
    const now = Math.floor(nowMs);
    let admitted = true;
    let longest = 0;
    for (let at = 0; at < windows.length; at++) {
      const { limit, seconds } = windows[at] as Window;
      record.advance(at, bucketAt(now, seconds));
      if (record.sum(at) + cost > limit) admitted = false;
      if (seconds > (windows[longest] as Window).seconds) longest = at;
    }
    if (admitted && cost > 0) for (let at = 0; at < windows.length; at++) record.add(at, record.head(at), cost);
    const { limit } = windows[longest] as Window;
    const remaining = Math.max(0, limit - record.sum(longest));
    const retryAfterMs = admitted ? 0 : this.#retryAfterMs(windows, now, cost);
    return new Verdict(admitted, retryAfterMs, remaining, limit, this, slot, record.generation, windows, now);
  }

  /** Every window as it stands, in the order given; counts nothing and moves nothing. */
  describe(slot: CountsSlot, windows: readonly Window[], nowMs: number): readonly WindowState[] {
    this.#moveTo(slot);
    if (!this.#isFor(windows)) return untouched(windows);
    return windows.map(({ name, limit, seconds }, at) => {
      const sum = this.#record.sumAt(at, nowMs);
      const resetMs = sum === 0 ? 0 : this.#record.leaveMs(at, Math.max(1, sum + 1 - limit), nowMs);
      return { name, limit, seconds, remaining: Math.max(0, limit - sum), resetMs };
    });
  }

  /** What is counted, for storing or for other windows. */
  counted(slot: CountsSlot): readonly CountedWindow[] {
    this.#moveTo(slot);
    const record = this.#record;
    return Array.from({ length: record.windowCount }, (_, at) => ({
      seconds: record.seconds(at),
      buckets: record.buckets(at, 0),
    }));
  }

  /** Whether nothing is counted any more: closing loses nothing then. */
  isIdle(slot: CountsSlot, nowMs: number): boolean {
    this.#moveTo(slot);
    const record = this.#record;
    for (let at = 0; at < record.windowCount; at++) {
      if (record.sum(at) > 0 && bucketAt(nowMs, record.seconds(at)) - record.head(at) <= BUCKETS) return false;
    }
    return true;
  }

  /** Gives the memory back. The slot must not be used any more: another lineage may get its number. */
  close(slot: CountsSlot): void {
    this.#moveTo(slot);
    this.#record.retire();
    this.#slabOf(slot).release(Math.floor(slot / SHAPES));
  }

  /** Tells holders of the same slot number apart. */
  generationOf(slot: CountsSlot): number {
    this.#moveTo(slot);
    return this.#record.generation;
  }

  #slabOf(slot: CountsSlot): CountsSlab {
    return this.#slabs[slot % SHAPES] as CountsSlab;
  }

  #moveTo(slot: CountsSlot): void {
    this.#record.moveTo(this.#slabOf(slot), Math.floor(slot / SHAPES));
  }

  #isFor(windows: readonly Window[]): boolean {
    const record = this.#record;
    if (windows.length !== record.windowCount) return false;
    for (let at = 0; at < windows.length; at++) {
      if ((windows[at] as Window).seconds !== record.seconds(at)) return false;
    }
    return true;
  }

  #retryAfterMs(windows: readonly Window[], now: number, cost: number): number {
    let latest = 0;
    for (let at = 0; at < windows.length; at++) {
      const { limit } = windows[at] as Window;
      if (cost > limit) return Infinity;
      const excess = this.#record.sum(at) + cost - limit;
      if (excess > 0) latest = Math.max(latest, this.#record.leaveMs(at, excess, now));
    }
    return latest;
  }
}

function needsWide(windows: readonly Window[]): boolean {
  return windows.some(({ limit }) => limit > NARROW_MAX);
}

function untouched(windows: readonly Window[]): readonly WindowState[] {
  return windows.map(({ name, limit, seconds }) => ({ name, limit, seconds, remaining: limit, resetMs: 0 }));
}

class Verdict implements RateLimitVerdict {
  readonly admitted: boolean;
  readonly retryAfterMs: number;
  readonly remaining: number;
  readonly limit: number;
  readonly #memory: CountsMemory;
  readonly #slot: CountsSlot;
  readonly #generation: number;
  readonly #windows: readonly Window[];
  readonly #now: number;
  #described: readonly WindowState[] | null = null;

  constructor(
    admitted: boolean,
    retryAfterMs: number,
    remaining: number,
    limit: number,
    memory: CountsMemory,
    slot: CountsSlot,
    generation: number,
    windows: readonly Window[],
    now: number,
  ) {
    this.admitted = admitted;
    this.retryAfterMs = retryAfterMs;
    this.remaining = remaining;
    this.limit = limit;
    this.#memory = memory;
    this.#slot = slot;
    this.#generation = generation;
    this.#windows = windows;
    this.#now = now;
  }

  describe(): readonly WindowState[] {
    this.#described ??= this.#describe();
    return this.#described;
  }

  #describe(): readonly WindowState[] {
    const isStale = this.#memory.generationOf(this.#slot) !== this.#generation;
    return isStale ? untouched(this.#windows) : this.#memory.describe(this.#slot, this.#windows, this.#now);
  }
}
