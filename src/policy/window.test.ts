import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWindows, LIMIT_MAX, type Window } from './window.ts';

const hour: Window = { name: 'hour', limit: 1000, seconds: 3600 };
const minute: Window = { name: 'minute', limit: 100, seconds: 60 };

describe('windows of a rate limit', () => {
  it('are fine as an hour with a burst per minute', () => {
    expect(checkWindows([hour, minute])).toEqual([]);
    expect(checkWindows([minute, hour])).toEqual([]);
    expect(checkWindows([{ ...hour, limit: LIMIT_MAX }])).toEqual([]);
  });

  it.each([0, -1, 1.5, '100', Number('1e309'), 2 ** 53, null, undefined, Number.NaN, LIMIT_MAX + 1, true])(
    'row 53: refuse the limit %j',
    (limit) => expect(checkWindows([{ ...hour, limit: limit as number }])).toHaveLength(1),
  );

  it.each([0, -60, 0.5, '60', Infinity, null])('row 53: refuse %j seconds', (seconds) => {
    expect(checkWindows([{ ...hour, seconds: seconds as number }])).toHaveLength(1);
  });

  it('row 53: refuse a burst above the limit', () => {
    expect(checkWindows([hour, { ...minute, limit: 1001 }])).toHaveLength(1);
    expect(checkWindows([hour, { ...minute, limit: 1000 }])).toEqual([]);
  });

  it('refuse none, five, and two that cannot be told apart', () => {
    const five = [1, 2, 3, 4, 5].map((n) => ({ name: `w${n}`, limit: n, seconds: n }));
    expect(checkWindows([])).toHaveLength(1);
    expect(checkWindows(five)).toHaveLength(1);
    expect(checkWindows(five.slice(0, 4))).toEqual([]);
    expect(checkWindows([hour, { ...hour, name: 'other' }])).toHaveLength(1);
    expect(checkWindows([hour, { ...minute, name: 'hour' }])).toHaveLength(1);
    expect(checkWindows([{ ...hour, name: 'Hour "x"' }])).toHaveLength(1);
  });

  it('row 53: whatever passes has whole numbers within bounds, and shorter windows never allow more', () => {
    const number = fc.oneof(fc.integer({ min: -2, max: 5000 }), fc.double(), fc.constantFrom(LIMIT_MAX, LIMIT_MAX + 1));
    const window = fc.record({
      name: fc.constantFrom('hour', 'minute', 'day', 'x', ''),
      limit: number,
      seconds: number,
    });
    fc.assert(
      fc.property(fc.array(window, { maxLength: 5 }), (windows) => {
        if (checkWindows(windows).length > 0) return;
        expect(windows.length).toBeGreaterThanOrEqual(1);
        for (const a of windows) {
          expect(Number.isSafeInteger(a.limit) && a.limit > 0 && a.limit <= 1e9).toBe(true);
          expect(Number.isSafeInteger(a.seconds) && a.seconds > 0).toBe(true);
          for (const b of windows) if (a.seconds < b.seconds) expect(a.limit).toBeLessThanOrEqual(b.limit);
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
