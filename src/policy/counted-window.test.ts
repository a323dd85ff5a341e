import { describe, expect, it } from 'vitest';
import { bucketStart } from './bucket-time.ts';
import { type CountedWindow, carryOver, clampToNow, fitIntoRing, withReserved } from './counted-window.ts';

const minute = (...buckets: [number, number][]): CountedWindow => ({
  seconds: 60,
  buckets: buckets.map(([bucket, count]) => ({ bucket, count })),
});

describe('counts apart from their rings', () => {
  it('stamped later than now are taken to have happened now', () => {
    expect(clampToNow([minute([105, 3], [102, 2], [100, 1], [90, 4])], 101_500)).toEqual([
      minute([101, 5], [100, 1], [90, 4]),
    ]);
  });

  it('take a reservation at its end, or in the newest sub-bucket when that is later', () => {
    expect(withReserved([minute([100, 1])], 5, 102_000)).toEqual([minute([102, 5], [100, 1])]);
    expect(withReserved([minute([100, 1])], 5, 100_999)).toEqual([minute([100, 6])]);
    expect(withReserved([minute([100, 1])], 5, 3_000)).toEqual([minute([100, 6])]);
    expect(withReserved([minute()], 5, 3_000)).toEqual([minute([3, 5])]);
  });

  it('that a ring which is ahead of the clock cannot reach stay counted, in its oldest sub-bucket', () => {
    const { buckets } = minute([110, 1], [51, 2], [49, 3], [45, 4], [39, 5]);
    expect(fitIntoRing(buckets, 60, 100_000)).toEqual({
      head: 110,
      buckets: minute([110, 1], [51, 2], [50, 7]).buckets,
    });
    expect(fitIntoRing(buckets, 60, 112_000)).toEqual({
      head: 112,
      buckets: minute([110, 1], [52, 0]).buckets.slice(0, 1),
    });
  });

  it('are carried over exactly to a window of the same length', () => {
    expect(carryOver([minute([100, 1], [90, 2])], 60, 101_000)).toEqual(minute([100, 1], [90, 2]).buckets);
  });

  it('are carried over to another length from the shortest window that covers it, else from the longest', () => {
    const hour: CountedWindow = {
      seconds: 3600,
      buckets: [
        { bucket: 1, count: 7 },
        { bucket: 0, count: 11 },
      ],
    };
    const held = [hour, minute([100, 1], [99, 2], [70, 4])];
    const now = bucketStart(101, 60);
    expect(carryOver(held, 2, now)).toEqual([{ bucket: 3030, count: 3 }]);
    expect(carryOver(held, 600, now)).toEqual([{ bucket: 10, count: 18 }]);
    expect(carryOver(held, 86_400, now)).toEqual([{ bucket: 0, count: 18 }]);
    expect(carryOver(held, 30, now + 3_600_000)).toEqual([]);
    expect(carryOver([], 30, now)).toEqual([]);
  });
});
