import { type CountedBucket, type CountedWindow, clampToNow, totalOf, withReserved } from './counted-window.ts';
import { CountsMemory, type CountsSlot, type RateLimitVerdict } from './rate-limit.ts';
import { WINDOWS_MAX, type Window } from './window.ts';

/** First byte of every stored form; a change of the layout takes the next number. */
const LAYOUT = 1;

/** More than this in one window is damage, not counting. */
const TOTAL_MAX = 0xffffffff;

/** Requests that count as accepted from the moment they are stored until at least `untilMs`. */
export interface Reservation {
  readonly amount: number;
  readonly untilMs: number;
}

/**
 * One lineage's counts as a few bytes: layout, number of windows, then per window its seconds, its newest sub-bucket's
 * number and the sub-buckets that hold something, newest first, as (distance, count). All numbers are LEB128.
 * @param reserved is counted on top at its end, so that whatever is spent of it before then stays counted long enough.
 */
export function encodeCounts(counted: readonly CountedWindow[], reserved?: Reservation): Uint8Array {
  const toStore = reserved === undefined ? counted : withReserved(counted, reserved.amount, reserved.untilMs);
  const bytes: number[] = [LAYOUT, toStore.length];
  for (const { seconds, buckets } of toStore) {
    let previous = buckets[0]?.bucket ?? 0;
    writeNumber(bytes, seconds);
    writeNumber(bytes, previous);
    writeNumber(bytes, buckets.length);
    for (const { bucket, count } of buckets) {
      writeNumber(bytes, previous - bucket);
      writeNumber(bytes, count);
      previous = bucket;
    }
  }
  return Uint8Array.from(bytes);
}

/** Reads what `encodeCounts` wrote; null when the layout is unknown or the bytes are damaged. */
export function decodeCounts(bytes: Uint8Array): readonly CountedWindow[] | null {
  if (bytes[0] !== LAYOUT) return null;
  const reader = { bytes, at: 1 };
  const windowCount = readNumber(reader);
  if (!(windowCount <= WINDOWS_MAX)) return null;
  const counted: CountedWindow[] = [];
  for (let window = 0; window < windowCount; window++) {
    const seconds = readNumber(reader);
    let bucket = readNumber(reader);
    const entries = readNumber(reader);
    if (!(seconds >= 1 && entries <= bytes.length)) return null;
    const buckets: CountedBucket[] = [];
    for (let entry = 0; entry < entries; entry++) {
      bucket -= readNumber(reader);
      buckets.push({ bucket, count: readNumber(reader) });
    }
    if (!(bucket >= 0 && totalOf(buckets) <= TOTAL_MAX)) return null;
    counted.push({ seconds, buckets });
  }
  return reader.at === bytes.length ? counted : null;
}

/**
 * Goes on counting in memory from stored bytes, as a process does when it starts: stamps from the future count as now.
 * @returns null when the bytes cannot be read.
 */
export function restoreCounts(
  memory: CountsMemory,
  windows: readonly Window[],
  bytes: Uint8Array,
  nowMs: number,
): CountsSlot | null {
  const counted = decodeCounts(bytes);
  return counted === null ? null : memory.open(windows, clampToNow(counted, nowMs), nowMs);
}

const scratch = new CountsMemory();

/**
 * One step of compare-and-set: the verdict over what is stored, and what to store instead.
 * @param stored null when nothing is stored yet.
 * @param nowMs the store's own clock, so that all nodes count with one.
 * @returns null when the bytes cannot be read: the caller fails closed. `counts` is null when nothing is to be written.
 */
export function consumeStored(
  stored: Uint8Array | null,
  windows: readonly Window[],
  nowMs: number,
  cost: number,
): { readonly verdict: RateLimitVerdict; readonly counts: Uint8Array | null } | null {
  const counted = stored === null ? [] : decodeCounts(stored);
  if (counted === null) return null;
  const slot = scratch.open(windows, counted, nowMs);
  try {
    const { admitted, retryAfterMs, remaining, limit } = scratch.tryConsume(slot, windows, nowMs, cost);
    const states = scratch.describe(slot, windows, nowMs);
    const verdict: RateLimitVerdict = { admitted, retryAfterMs, remaining, limit, describe: () => states };
    return { verdict, counts: admitted && cost > 0 ? encodeCounts(scratch.counted(slot)) : null };
  } finally {
    scratch.close(slot);
  }
}

function writeNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** NaN when the bytes end too soon or the number is too large; every comparison with it then fails. */
function readNumber(reader: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0;
  for (let scale = 1; scale < 2 ** 53; scale *= 128) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) return Number.NaN;
    value += (byte % 128) * scale;
    if (byte < 128) return value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN;
  }
  return Number.NaN;
}
