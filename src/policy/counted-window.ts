import { BUCKETS, bucketAt, bucketStart } from './bucket-time.ts';

/** What one window of one lineage has counted, apart from any limit. */
export interface CountedWindow {
  readonly seconds: number;
  /** Sub-buckets that hold something, newest first. */
  readonly buckets: readonly CountedBucket[];
}

export interface CountedBucket {
  readonly bucket: number;
  readonly count: number;
}

/** The counts with `amount` more, all of it at `untilMs` or in the newest sub-bucket, whichever is later. */
export function withReserved(
  counted: readonly CountedWindow[],
  amount: number,
  untilMs: number,
): readonly CountedWindow[] {
  return counted.map(({ seconds, buckets }) => {
    const newest = buckets[0]?.bucket ?? 0;
    const bucket = Math.max(newest, bucketAt(untilMs, seconds));
    return { seconds, buckets: mergeBuckets([{ bucket, count: amount }, ...buckets]) };
  });
}

/** The counts with everything stamped later than now taken to have happened now. */
export function clampToNow(counted: readonly CountedWindow[], nowMs: number): readonly CountedWindow[] {
  return counted.map(({ seconds, buckets }) => {
    const current = bucketAt(nowMs, seconds);
    return { seconds, buckets: mergeBuckets(buckets.map((b) => ({ ...b, bucket: Math.min(b.bucket, current) }))) };
  });
}

/**
 * What a window of `seconds` starts with, given what was counted so far. A window of the same length goes on as it was.
 * Otherwise everything known to fall into its span goes into its newest sub-bucket: from the shortest window that
 * covers the span, else from the longest there is. Never less than what is known to have been accepted.
 */
export function carryOver(counted: readonly CountedWindow[], seconds: number, nowMs: number): readonly CountedBucket[] {
  const same = counted.find((window) => window.seconds === seconds);
  if (same !== undefined) return same.buckets;
  const byLength = [...counted].sort((a, b) => a.seconds - b.seconds);
  const source = byLength.find((window) => window.seconds > seconds) ?? byLength.at(-1);
  if (source === undefined) return [];
  const spanStart = nowMs - seconds * 1000;
  const count = totalOf(source.buckets.filter((b) => bucketStart(b.bucket + 1, source.seconds) > spanStart));
  return count === 0 ? [] : [{ bucket: bucketAt(nowMs, seconds), count }];
}

/** The buckets that still count at `nowMs`, those beyond a ring's reach moved up into its oldest sub-bucket. */
export function fitIntoRing(
  buckets: readonly CountedBucket[],
  seconds: number,
  nowMs: number,
): { readonly head: number; readonly buckets: readonly CountedBucket[] } {
  const current = bucketAt(nowMs, seconds);
  const head = Math.max(current, buckets[0]?.bucket ?? 0);
  const live = buckets.filter(({ bucket }) => bucket >= current - BUCKETS);
  return { head, buckets: mergeBuckets(live.map((b) => ({ ...b, bucket: Math.max(b.bucket, head - BUCKETS) }))) };
}

export function totalOf(buckets: readonly CountedBucket[]): number {
  return buckets.reduce((total, { count }) => total + count, 0);
}

/** Adds up neighbours of the same number; `buckets` must be newest first. */
function mergeBuckets(buckets: readonly CountedBucket[]): readonly CountedBucket[] {
  const merged: CountedBucket[] = [];
  for (const { bucket, count } of buckets) {
    const last = merged.at(-1);
    if (last?.bucket === bucket) merged[merged.length - 1] = { bucket, count: last.count + count };
    else if (count > 0) merged.push({ bucket, count });
  }
  return merged;
}
