import type { RateLimitVerdict, Window } from '../policy/index.ts';
import type { Eventually } from './facts-reads.ts';

/**
 * Counts accepted requests per lineage. All windows admit and are charged, or none is.
 * @throws {StorageUnavailable} the counters cannot be reached; the caller fails closed.
 */
export interface RateLimitCounter {
  /** `cost` 0 asks without spending. `memo` is the caller's object for this lineage, kept from call to call. */
  consume(lineageId: string, windows: readonly Window[], cost: number, memo?: CountsMemo): Eventually<RateLimitVerdict>;
  /** Writes what is only in memory and releases what was reserved and not spent. */
  close(): Promise<void>;
}

/** Room in which a counter may remember where it counts a lineage, so that it need not be looked up every time. */
export interface CountsMemo {
  /** The counter's own; null at first, and again when the counter has forgotten the lineage. */
  countsAt: object | null;
}

/** One lineage's persisted counts, opaque bytes of `policy/rate-limit` with a version for compare-and-set. */
export interface StoredCounts {
  readonly lineageId: string;
  readonly counts: Uint8Array;
}

/** Durable home of reservations for a single process (SQLite): what is written here counts as spent after a crash. */
export interface ReservationLog {
  load(): Promise<readonly StoredCounts[]>;
  /** One transaction for all rows. */
  save(rows: readonly StoredCounts[]): Promise<void>;
  remove(lineageIds: readonly string[]): Promise<void>;
}
