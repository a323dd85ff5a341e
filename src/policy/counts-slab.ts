import { RING } from './bucket-time.ts';

/** The largest count that a two-byte counter holds. */
export const NARROW_MAX = 0xffff;

const RECORDS_PER_CHUNK = 16_384;
const NONE = -1;

/** Memory of 16,384 records: three views over one buffer, so that the parts of a record are neighbours. */
export interface Chunk {
  readonly float64: Float64Array;
  readonly uint32: Uint32Array;
  readonly counters: Uint16Array | Uint32Array;
}

/**
 * Records of one shape (number of windows, width of counters), in chunks that are allocated at first use. A record is
 * the newest sub-bucket's number per window (float64), sum and seconds per window and a generation (uint32), then one ring
 * of counters per window. A released record is the next one handed out; memory is never given back, it follows the highest number of lineages in
 * use at once.
 */
export class CountsSlab {
  readonly windowCount: number;
  /** Size of a record, in elements of each view. */
  readonly float64Stride: number;
  readonly uint32Stride: number;
  readonly counterStride: number;
  /** Where in a record its sums and its counters begin, in elements of their view. */
  readonly sumOffset: number;
  readonly counterOffset: number;
  readonly #wide: boolean;
  readonly #chunks: Chunk[] = [];
  #used = 0;
  /** Released records form a list: each holds the number of the next one in its first element. */
  #released = NONE;

  constructor(windowCount: number, wide: boolean) {
    const counterBytes = wide ? 4 : 2;
    const headerBytes = windowCount * 16 + 4;
    const recordBytes = Math.ceil((headerBytes + windowCount * RING * counterBytes) / 8) * 8;
    this.windowCount = windowCount;
    this.#wide = wide;
    this.float64Stride = recordBytes / 8;
    this.uint32Stride = recordBytes / 4;
    this.counterStride = recordBytes / counterBytes;
    this.sumOffset = windowCount * 2;
    this.counterOffset = headerBytes / counterBytes;
  }

  /** Takes a record as its last holder left it, zeros at first; its first element holds anything. */
  take(): number {
    if (this.#released === NONE) {
      if (this.#used % RECORDS_PER_CHUNK === 0) this.#chunks.push(this.#newChunk());
      return this.#used++;
    }
    const record = this.#released;
    this.#released = this.chunkOf(record).float64[this.placeOf(record) * this.float64Stride] as number;
    return record;
  }

  /** Gives a record back; its holder must not touch it again. */
  release(record: number): void {
    this.chunkOf(record).float64[this.placeOf(record) * this.float64Stride] = this.#released;
    this.#released = record;
  }

  chunkOf(record: number): Chunk {
    return this.#chunks[Math.floor(record / RECORDS_PER_CHUNK)] as Chunk;
  }

  /** A record's number within its chunk. */
  placeOf(record: number): number {
    return record % RECORDS_PER_CHUNK;
  }

  #newChunk(): Chunk {
    const buffer = new ArrayBuffer(RECORDS_PER_CHUNK * this.float64Stride * 8);
    return {
      float64: new Float64Array(buffer),
      uint32: new Uint32Array(buffer),
      counters: this.#wide ? new Uint32Array(buffer) : new Uint16Array(buffer),
    };
  }
}
