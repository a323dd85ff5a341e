/** Sub-buckets a window is divided into. */
export const BUCKETS = 60;

/** Counters of a window: its sub-buckets, and the current one, which is only partly over. */
export const RING = BUCKETS + 1;

/**
 * The number of the sub-bucket that holds an instant: bucket b begins b × seconds / 60 after 1970. Exact for every
 * whole millisecond to the end of the year 9999, because three times an instant stays below 2^53.
 */
export function bucketAt(instantMs: number, seconds: number): number {
  return Math.floor((instantMs * 3) / (seconds * 50));
}

/** The first whole millisecond that lies in the bucket. */
export function bucketStart(bucket: number, seconds: number): number {
  return Math.ceil((bucket * seconds * 50) / 3);
}
