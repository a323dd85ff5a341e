/**
 * Sub-buckets are numbered from 1970: bucket b of a window begins b × seconds / 60 later. Both directions are exact in
 * whole milliseconds, because 3 × instant stays far below 2^53.
 */
export function bucketAt(instantMs: number, seconds: number): number {
  return Math.floor((instantMs * 3) / (seconds * 50));
}

/** The first whole millisecond that lies in the bucket. */
export function bucketStart(bucket: number, seconds: number): number {
  return Math.ceil((bucket * seconds * 50) / 3);
}
