import { bucketAt, bucketStart } from './bucket-time.ts';
import { type CountedBucket, type CountedWindow, carryOver, fitIntoRing, totalOf } from './counted-window.ts';
import { BUCKETS, type Chunk, CountsSlab, NARROW_MAX, RING } from './counts-slab.ts';
import { INSTANT_MAX } from './instant.ts';
import type { Window } from './window.ts';

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
  /** Every window, in the order given, as it stands when this is asked. */
  describe(): readonly WindowState[];
}

/** Where the counters of many lineages live; memory is shared between lineages with equally many windows. */
export class CountsMemory {
  readonly #slabs = new Map<number, CountsSlab>();

  /** Starts counting for one lineage, with nothing counted or with what was `counted` before. */
  open(windows: readonly Window[], counted: readonly CountedWindow[] = [], nowMs = 0): LineageCounts {
    return new LineageCounts(this, windows, counted, nowMs);
  }

  slabFor(windowCount: number, wide: boolean): CountsSlab {
    const key = windowCount * 2 + (wide ? 1 : 0);
    const slab = this.#slabs.get(key) ?? new CountsSlab(windowCount, wide);
    this.#slabs.set(key, slab);
    return slab;
  }
}

/**
 * The accepted requests of one lineage in 1 to 4 sliding windows of 60 sub-buckets and the current one. A window's sum
 * is never less than what was accepted in its last `seconds`, so no rolling window ever exceeds its limit; a request is
 * refused at most one sub-bucket longer than a log of every request would refuse it.
 *
 * Instants are whole milliseconds of one clock of the caller's choice. Where it steps back by up to a window's length,
 * time stands still for that window; after a longer step everything counted is taken to have happened now.
 */
export class LineageCounts {
  readonly #memory: CountsMemory;
  #windows: readonly Window[] = [];
  #chunk!: Chunk;
  #index = -1;

  constructor(memory: CountsMemory, windows: readonly Window[], counted: readonly CountedWindow[], nowMs: number) {
    this.#memory = memory;
    this.#takeRecord(windows, counted, nowMs);
  }

  get windows(): readonly Window[] {
    return this.#windows;
  }

  /**
   * Counts a request when every window has room for its cost, and counts nothing otherwise. A cost of 0 only asks; it is
   * refused while more is counted than a lowered limit allows.
   * @throws {TypeError} a cost that is not a whole number from 0, a moment that is not an instant, or after `close`.
   */
  tryConsume(nowMs: number, cost: number): RateLimitVerdict {
    if (!(cost >= 0 && Math.floor(cost) === cost)) throw new TypeError(`a cost is a whole number from 0, not ${cost}`);
    if (!(nowMs >= 0 && nowMs <= INSTANT_MAX)) throw new TypeError(`not an instant: ${nowMs}`);
    if (this.#index === -1) throw new TypeError('these counts are closed');
    const now = Math.floor(nowMs);
    const windows = this.#windows;
    let admitted = true;
    for (let at = 0; at < windows.length; at++) {
      const window = windows[at] as Window;
      this.#advance(at, bucketAt(now, window.seconds));
      if (this.#sum(at) + cost > window.limit) admitted = false;
    }
    if (admitted && cost > 0) for (let at = 0; at < windows.length; at++) this.#add(at, this.#head(at), cost);
    return this.#verdict(admitted, now, cost);
  }

  /** Every window as it stands, in the order given; counts nothing and moves nothing. */
  describe(nowMs: number): readonly WindowState[] {
    return this.#windows.map((window, at) => {
      const { name, limit, seconds } = window;
      const sum = this.#index === -1 ? 0 : totalOf(this.#bucketsSince(at, bucketAt(nowMs, seconds) - BUCKETS));
      const resetMs = sum === 0 ? 0 : this.#leaveMs(at, window, Math.max(1, sum + 1 - limit), nowMs);
      return { name, limit, seconds, remaining: Math.max(0, limit - sum), resetMs };
    });
  }

  /** Whether nothing is counted any more: closing loses nothing then. */
  isIdle(nowMs: number): boolean {
    return this.#windows.every(
      ({ seconds }, at) => this.#sum(at) === 0 || bucketAt(nowMs, seconds) - this.#head(at) > BUCKETS,
    );
  }

  /** What is counted, for storing or for other windows. */
  counted(): readonly CountedWindow[] {
    return this.#windows.map(({ seconds }, at) => ({ seconds, buckets: this.#bucketsSince(at, 0) }));
  }

  /** Goes on under other windows; what was accepted stays counted (`carryOver` says how). */
  resize(windows: readonly Window[], nowMs: number): void {
    if (windows === this.#windows) return;
    const sameLengths =
      windows.length === this.#windows.length && windows.every((w, at) => w.seconds === this.#windows[at]?.seconds);
    if (sameLengths && (this.#chunk.slab.wide || windows.every((w) => w.limit <= NARROW_MAX))) {
      this.#windows = windows;
      return;
    }
    const counted = this.counted();
    this.close();
    this.#takeRecord(windows, counted, nowMs);
  }

  /** Gives the memory back. Nothing may be consumed afterwards. */
  close(): void {
    if (this.#index !== -1) this.#chunk.slab.release(this.#chunk, this.#index);
    this.#index = -1;
  }

  #takeRecord(windows: readonly Window[], counted: readonly CountedWindow[], nowMs: number): void {
    const rings = windows.map(({ seconds }) => fitIntoRing(carryOver(counted, seconds, nowMs), seconds, nowMs));
    const wide = windows.some((w) => w.limit > NARROW_MAX) || rings.some((r) => totalOf(r.buckets) > NARROW_MAX);
    const { chunk, index } = this.#memory.slabFor(windows.length, wide).take();
    this.#windows = windows;
    this.#chunk = chunk;
    this.#index = index;
    for (const [at, ring] of rings.entries()) {
      this.#setHead(at, ring.head);
      for (const { bucket, count } of ring.buckets) this.#add(at, bucket, count);
    }
  }

  #verdict(admitted: boolean, now: number, cost: number): RateLimitVerdict {
    const windows = this.#windows;
    let longest = 0;
    let retryAfterMs = 0;
    for (let at = 0; at < windows.length; at++) {
      const window = windows[at] as Window;
      if (window.seconds > (windows[longest] as Window).seconds) longest = at;
      const excess = admitted ? 0 : this.#sum(at) + cost - window.limit;
      if (excess > 0) {
        const wait = cost > window.limit ? Infinity : this.#leaveMs(at, window, excess, now);
        retryAfterMs = Math.max(retryAfterMs, wait);
      }
    }
    const { limit } = windows[longest] as Window;
    return new Verdict(admitted, retryAfterMs, Math.max(0, limit - this.#sum(longest)), limit, this, now);
  }

  /** Moves a window's ring on to the current sub-bucket; what has left no longer counts. */
  #advance(at: number, bucket: number): void {
    const head = this.#head(at);
    if (bucket === head) return;
    if (bucket < head) {
      if (head - bucket > BUCKETS) this.#restart(at, bucket, this.#sum(at));
    } else if (bucket - head > BUCKETS) {
      this.#restart(at, bucket, 0);
    } else {
      for (let next = head + 1; next <= bucket; next++) this.#clear(at, next);
      this.#setHead(at, bucket);
    }
  }

  #restart(at: number, bucket: number, count: number): void {
    const { cells } = this.#chunk;
    const start = this.#cell(at, 0);
    cells.fill(0, start, start + RING);
    this.#chunk.sums[this.#sumAt(at)] = 0;
    this.#setHead(at, bucket);
    if (count > 0) this.#add(at, bucket, count);
  }

  /** Milliseconds until `amount` of what a window counts has left. */
  #leaveMs(at: number, { seconds }: Window, amount: number, nowMs: number): number {
    const head = this.#head(at);
    let left = 0;
    for (let bucket = Math.max(head, bucketAt(nowMs, seconds)) - BUCKETS; bucket <= head; bucket++) {
      left += this.#chunk.cells[this.#cell(at, bucket)] as number;
      if (left >= amount) return bucketStart(bucket + RING, seconds) - nowMs;
    }
    return Infinity;
  }

  #bucketsSince(at: number, oldest: number): CountedBucket[] {
    const buckets: CountedBucket[] = [];
    const head = this.#head(at);
    for (let bucket = head; bucket >= Math.max(0, oldest, head - BUCKETS); bucket--) {
      const count = this.#chunk.cells[this.#cell(at, bucket)] as number;
      if (count > 0) buckets.push({ bucket, count });
    }
    return buckets;
  }

  #add(at: number, bucket: number, count: number): void {
    const { cells, sums } = this.#chunk;
    const cell = this.#cell(at, bucket);
    const sum = this.#sumAt(at);
    cells[cell] = (cells[cell] as number) + count;
    sums[sum] = (sums[sum] as number) + count;
  }

  #clear(at: number, bucket: number): void {
    const { cells, sums } = this.#chunk;
    const cell = this.#cell(at, bucket);
    const sum = this.#sumAt(at);
    sums[sum] = (sums[sum] as number) - (cells[cell] as number);
    cells[cell] = 0;
  }

  #sum(at: number): number {
    return this.#chunk.sums[this.#sumAt(at)] as number;
  }

  #head(at: number): number {
    return this.#chunk.heads[this.#index * this.#chunk.slab.headStride + at] as number;
  }

  #setHead(at: number, bucket: number): void {
    this.#chunk.heads[this.#index * this.#chunk.slab.headStride + at] = bucket;
  }

  #sumAt(at: number): number {
    const { slab } = this.#chunk;
    return this.#index * slab.sumStride + slab.sumOffset + at;
  }

  /** A ring is addressed by bucket number modulo its length; `%` on doubles would be a library call. */
  #cell(at: number, bucket: number): number {
    const { slab } = this.#chunk;
    const place = bucket - Math.floor(bucket / RING) * RING;
    return this.#index * slab.cellStride + slab.cellOffset + at * RING + place;
  }
}

class Verdict implements RateLimitVerdict {
  readonly admitted: boolean;
  readonly retryAfterMs: number;
  readonly remaining: number;
  readonly limit: number;
  readonly #counts: LineageCounts;
  readonly #now: number;

  constructor(
    admitted: boolean,
    retryAfterMs: number,
    remaining: number,
    limit: number,
    counts: LineageCounts,
    now: number,
  ) {
    this.admitted = admitted;
    this.retryAfterMs = retryAfterMs;
    this.remaining = remaining;
    this.limit = limit;
    this.#counts = counts;
    this.#now = now;
  }

  describe(): readonly WindowState[] {
    return this.#counts.describe(this.#now);
  }
}
