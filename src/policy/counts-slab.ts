/** Sub-buckets of a window. One more counter is kept: the current sub-bucket, which is only partly over. */
export const BUCKETS = 60;
export const RING = BUCKETS + 1;

/** The largest count that a two-byte counter holds. */
export const NARROW_MAX = 0xffff;

const RECORDS_PER_CHUNK = 1024;
const NONE = -1;

/**
 * Memory of 1,024 records. A record is `heads` (float64 per window), `sums` (uint32 per window), then one ring of
 * counters per window; the three views lie over one buffer, so the parts of a record are neighbours.
 */
export interface Chunk {
  readonly slab: CountsSlab;
  /** Number of the first record. */
  readonly first: number;
  readonly heads: Float64Array;
  readonly sums: Uint32Array;
  readonly cells: Uint16Array | Uint32Array;
}

/**
 * Records of one shape (number of windows, width of counters). Chunks are allocated at first use; a released record
 * is the next one handed out. Memory is never given back: it follows the highest number of lineages in use at once.
 */
export class CountsSlab {
  readonly windowCount: number;
  readonly wide: boolean;
  /** From one record to the next, and from a record's start to its part, in elements of the view. */
  readonly headStride: number;
  readonly sumStride: number;
  readonly cellStride: number;
  readonly sumOffset: number;
  readonly cellOffset: number;
  readonly #chunks: Chunk[] = [];
  /** Free records form a list: each holds the number of the next in its first head. */
  #free = NONE;

  constructor(windowCount: number, wide: boolean) {
    const cellBytes = wide ? 4 : 2;
    const recordBytes = Math.ceil((windowCount * (12 + RING * cellBytes)) / 8) * 8;
    this.windowCount = windowCount;
    this.wide = wide;
    this.headStride = recordBytes / 8;
    this.sumStride = recordBytes / 4;
    this.cellStride = recordBytes / cellBytes;
    this.sumOffset = windowCount * 2;
    this.cellOffset = (windowCount * 12) / cellBytes;
  }

  /** Takes a record with nothing counted. */
  take(): { readonly chunk: Chunk; readonly index: number } {
    if (this.#free === NONE) this.#addChunk();
    const record = this.#free;
    const chunk = this.#chunks[Math.floor(record / RECORDS_PER_CHUNK)] as Chunk;
    const index = record - chunk.first;
    this.#free = chunk.heads[index * this.headStride] as number;
    chunk.heads.fill(0, index * this.headStride, (index + 1) * this.headStride);
    return { chunk, index };
  }

  /** Gives a record back; its holder must not touch it again. */
  release(chunk: Chunk, index: number): void {
    chunk.heads[index * this.headStride] = this.#free;
    this.#free = chunk.first + index;
  }

  #addChunk(): void {
    const buffer = new ArrayBuffer(RECORDS_PER_CHUNK * this.headStride * 8);
    const chunk: Chunk = {
      slab: this,
      first: this.#chunks.length * RECORDS_PER_CHUNK,
      heads: new Float64Array(buffer),
      sums: new Uint32Array(buffer),
      cells: this.wide ? new Uint32Array(buffer) : new Uint16Array(buffer),
    };
    this.#chunks.push(chunk);
    for (let index = RECORDS_PER_CHUNK - 1; index >= 0; index--) this.release(chunk, index);
  }
}
