import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '../policy/index.ts';
import { admitsLess } from './change-limits.ts';

const window = (limit: number, seconds: number): Window => ({ name: `w${seconds}`, limit, seconds });

describe('admitsLess', () => {
  it.each<[title: string, before: Window[] | 'unlimited', after: Window[] | 'unlimited', less: boolean]>([
    ['the same windows', [window(100, 60)], [window(100, 60)], false],
    ['a lower limit', [window(100, 60)], [window(99, 60)], true],
    ['a higher limit', [window(100, 60)], [window(101, 60)], false],
    ['no limit any more', [window(100, 60)], 'unlimited', false],
    ['a first limit', 'unlimited', [window(1_000_000, 1)], true],
    ['a burst limit beside the old one', [window(1_000, 3_600)], [window(1_000, 3_600), window(100, 60)], true],
    ['a burst limit that the old one implies', [window(100, 3_600)], [window(100, 3_600), window(100, 60)], false],
    ['a burst limit taken away', [window(1_000, 3_600), window(100, 60)], [window(1_000, 3_600)], false],
    ['an hour that the minute never fills', [window(10, 60)], [window(10, 60), window(600, 3_600)], false],
    ['an hour that the minute could fill', [window(10, 60)], [window(10, 60), window(599, 3_600)], true],
    ['one and a half times the stretch', [window(10, 60)], [window(15, 90)], true],
    ['the same rate over a longer stretch', [window(10, 60)], [window(600, 3_600)], false],
    ['the same rate over a shorter stretch', [window(600, 3_600)], [window(10, 60)], true],
  ])('%s', (_title, before, after, less) => {
    expect(admitsLess(after, before)).toBe(less);
  });

  it('never says no when some sequence that was admitted would be refused', () => {
    const windows = fc.array(
      fc.record({ limit: fc.integer({ min: 1, max: 6 }), seconds: fc.integer({ min: 1, max: 9 }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const arrivals = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 });
    fc.assert(
      fc.property(windows, windows, arrivals, (was, is, times) => {
        const before = was.map(({ limit, seconds }) => window(limit, seconds));
        const after = is.map(({ limit, seconds }) => window(limit, seconds));
        if (admitsLess(after, before)) return;
        const admitted: number[] = [];
        for (const at of times.toSorted((a, b) => a - b)) {
          if (admits(before, admitted, at)) {
            expect(admits(after, admitted, at)).toBe(true);
            admitted.push(at);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

/** The definition itself: no stretch of `seconds` holds more than `limit`. */
function admits(windows: readonly Window[], log: readonly number[], at: number): boolean {
  return windows.every(({ limit, seconds }) => log.filter((time) => time > at - seconds).length < limit);
}
