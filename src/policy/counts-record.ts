import { BUCKETS, bucketAt, bucketStart, RING } from './bucket-time.ts';
import { type CountedBucket, totalOf } from './counted-window.ts';
import type { CountsSlab } from './counts-slab.ts';

const NO_HEADS: Float64Array = new Float64Array(0);
const NO_COUNTERS: Uint32Array = new Uint32Array(0);

/**
 * One lineage's rings, seen in place: a cursor that is moved from record to record, so that a million lineages need no
 * object each. The ring of a window holds its sub-buckets `head - 60` to `head`; when its sum is 0, so is every counter.
 */
export class CountsRecord {
  #float64 = NO_HEADS;
  #uint32 = NO_COUNTERS;
  #counters: Uint16Array | Uint32Array = NO_COUNTERS;
  #windowCount = 0;
  #headsAt = 0;
  #sumsAt = 0;
  #countersAt = 0;

  moveTo(slab: CountsSlab, record: number): void {
    const chunk = slab.chunkOf(record);
    const place = slab.placeOf(record);
    this.#float64 = chunk.float64;
    this.#uint32 = chunk.uint32;
    this.#counters = chunk.counters;
    this.#windowCount = slab.windowCount;
    this.#headsAt = place * slab.float64Stride;
    this.#sumsAt = place * slab.uint32Stride + slab.sumOffset;
    this.#countersAt = place * slab.counterStride + slab.counterOffset;
  }

  get windowCount(): number {
    return this.#windowCount;
  }

  /** Number of the newest sub-bucket of a window. */
  head(at: number): number {
    return this.#float64[this.#headsAt + at] as number;
  }

  /** Everything counted in a window's ring. */
  sum(at: number): number {
    return this.#uint32[this.#sumsAt + at] as number;
  }

  /** What of it has not left at `nowMs`. */
  sumAt(at: number, nowMs: number): number {
    if (bucketAt(nowMs, this.seconds(at)) <= this.head(at)) return this.sum(at);
    return totalOf(this.buckets(at, nowMs));
  }

  /** Length of the window that a ring was begun for; 0 in a record that nobody holds. */
  seconds(at: number): number {
    return this.#uint32[this.#sumsAt + this.#windowCount + at] as number;
  }

  /** Grows whenever the record is given back. */
  get generation(): number {
    return this.#uint32[this.#sumsAt + 2 * this.#windowCount] as number;
  }

  /** Begins a ring with nothing counted. */
  begin(at: number, seconds: number, head: number): void {
    this.#uint32[this.#sumsAt + this.#windowCount + at] = seconds;
    this.#restart(at, head);
  }

  /** Empties a record that is about to be given back. */
  retire(): void {
    for (let at = 0; at < this.#windowCount; at++) this.begin(at, 0, 0);
    this.#uint32[this.#sumsAt + 2 * this.#windowCount] = this.generation + 1;
  }

  /** Counts in the sub-bucket `bucket`, which must be in the ring. */
  add(at: number, bucket: number, count: number): void {
    const counter = this.#counterAt(at, bucket);
    const sum = this.#sumsAt + at;
    this.#counters[counter] = (this.#counters[counter] as number) + count;
    this.#uint32[sum] = (this.#uint32[sum] as number) + count;
  }

  /**
   * Moves a ring on to the current sub-bucket; what has left no longer counts. A step back leaves the ring as it is;
   * one that is longer than the window takes everything counted into the new current sub-bucket.
   */
  advance(at: number, current: number): void {
    const head = this.head(at);
    const gap = current - head;
    if (gap === 0 || (gap < 0 && gap >= -BUCKETS)) return;
    if (gap < 0) {
      const sum = this.sum(at);
      this.#restart(at, current);
      this.add(at, current, sum);
    } else if (gap > BUCKETS || this.sum(at) === 0) {
      this.#restart(at, current);
    } else {
      let left = 0;
      let counter = this.#counterAt(at, head);
      for (let bucket = head + 1; bucket <= current; bucket++) {
        counter = this.#after(at, counter);
        left += this.#counters[counter] as number;
        this.#counters[counter] = 0;
      }
      this.#uint32[this.#sumsAt + at] = this.sum(at) - left;
      this.#float64[this.#headsAt + at] = current;
    }
  }

  /** Milliseconds from `nowMs` until `amount` of what a window counts has left; Infinity when there is less. */
  leaveMs(at: number, amount: number, nowMs: number): number {
    const oldest = this.#oldest(at, nowMs);
    const head = this.head(at);
    let left = 0;
    let counter = this.#counterAt(at, oldest);
    for (let bucket = oldest; bucket <= head; bucket++) {
      left += this.#counters[counter] as number;
      if (left >= amount) return bucketStart(bucket + RING, this.seconds(at)) - nowMs;
      counter = this.#after(at, counter);
    }
    return Infinity;
  }

  /** The sub-buckets that hold something and have not left at `nowMs`, newest first. */
  buckets(at: number, nowMs: number): CountedBucket[] {
    const buckets: CountedBucket[] = [];
    const oldest = this.#oldest(at, nowMs);
    for (let bucket = this.head(at); bucket >= oldest; bucket--) {
      const count = this.#counters[this.#counterAt(at, bucket)] as number;
      if (count > 0) buckets.push({ bucket, count });
    }
    return buckets;
  }

  #oldest(at: number, nowMs: number): number {
    return Math.max(this.head(at), bucketAt(nowMs, this.seconds(at))) - BUCKETS;
  }

  #restart(at: number, head: number): void {
    const start = this.#countersAt + at * RING;
    if (this.sum(at) > 0) this.#counters.fill(0, start, start + RING);
    this.#uint32[this.#sumsAt + at] = 0;
    this.#float64[this.#headsAt + at] = head;
  }

  /** A bucket's counter is its number modulo the ring's length, by division: `%` on doubles is a library call. */
  #counterAt(at: number, bucket: number): number {
    return this.#countersAt + at * RING + bucket - Math.floor(bucket / RING) * RING;
  }

  #after(at: number, counter: number): number {
    const end = this.#countersAt + (at + 1) * RING;
    return counter + 1 === end ? end - RING : counter + 1;
  }
}
