import { type CountedWindow, encodeCounts, type Reservation } from '../../policy/index.ts';
import type { ClockStamp } from './limiter-clock.ts';

/** First byte of every row; a change of the layout takes the next number. */
const LAYOUT = 1;
const HEADER_BYTES = 17;

export interface CountsRow {
  /** When it was stored. */
  readonly stamp: ClockStamp;
  /** Bytes of `encodeCounts`, what was reserved included. */
  readonly counts: Uint8Array;
}

/** One lineage's row: layout, the stamp as two little-endian doubles, then the counts and what is reserved on top of them. */
export function encodeRow(stamp: ClockStamp, counted: readonly CountedWindow[], reserved: Reservation): Uint8Array {
  const body = encodeCounts(counted, reserved);
  const row = new Uint8Array(HEADER_BYTES + body.length);
  const header = new DataView(row.buffer);
  header.setUint8(0, LAYOUT);
  header.setFloat64(1, stamp.limiterMs, true);
  header.setFloat64(9, stamp.wallMs, true);
  row.set(body, HEADER_BYTES);
  return row;
}

/** Reads a row; null when its layout is unknown or its stamp is none. */
export function decodeRow(row: Uint8Array): CountsRow | null {
  if (row.length <= HEADER_BYTES || row[0] !== LAYOUT) return null;
  const header = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const stamp = { limiterMs: header.getFloat64(1, true), wallMs: header.getFloat64(9, true) };
  if (!Number.isFinite(stamp.limiterMs) || !Number.isFinite(stamp.wallMs)) return null;
  return { stamp, counts: row.slice(HEADER_BYTES) };
}
