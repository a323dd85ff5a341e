import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketAt, bucketStart } from './bucket-time.ts';
import { INSTANT_MAX } from './instant.ts';
import { WINDOW_SECONDS_MAX } from './window.ts';

describe('sub-buckets', () => {
  const instant = fc.oneof(fc.nat(INSTANT_MAX), fc.integer({ min: INSTANT_MAX - 100_000, max: INSTANT_MAX }));
  const seconds = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: WINDOW_SECONDS_MAX }));

  it('are numbered as whole-number division of any size numbers them, to the end of 9999', () => {
    fc.assert(
      fc.property(instant, seconds, (at, length) => {
        expect(BigInt(bucketAt(at, length))).toBe((BigInt(at) * 60n) / (BigInt(length) * 1000n));
      }),
      { numRuns: 20_000 },
    );
  });

  it('begin at the first millisecond that has their number', () => {
    fc.assert(
      fc.property(instant, seconds, (at, length) => {
        const begins = bucketStart(bucketAt(at, length), length);
        const next = bucketStart(bucketAt(at, length) + 1, length);
        expect([bucketAt(begins, length), bucketAt(next - 1, length)]).toEqual([
          bucketAt(at, length),
          bucketAt(at, length),
        ]);
        expect(bucketAt(begins - 1, length)).toBeLessThan(bucketAt(at, length));
        expect(bucketAt(next, length)).toBeGreaterThan(bucketAt(at, length));
      }),
      { numRuns: 20_000 },
    );
  });

  it('are sixty to a window, wherever it begins', () => {
    fc.assert(
      fc.property(fc.nat(4_000_000_000_000), seconds, (at, length) => {
        expect(bucketAt(at + length * 1000, length)).toBe(bucketAt(at, length) + 60);
      }),
      { numRuns: 5_000 },
    );
  });
});
