import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseGracePeriod, parseRotationPeriod } from './duration.ts';

describe('durations', () => {
  it.each([
    ['90d', 90 * 24 * 60 * 60 * 1000],
    ['365d', 31_536_000_000],
    ['1w', 7 * 24 * 60 * 60 * 1000],
    ['12h', 43_200_000],
    ['5m', 300_000],
    ['1s', 1000],
    ['99999d', 99_999 * 86_400_000],
  ])('row 52: reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    '0d',
    '0s',
    '-1d',
    '1mo',
    '1e3d',
    '90 d',
    '99999999999d',
    '100000d',
    '01d',
    '1.5h',
    '90',
    'd',
    '1D',
    '１d',
    '1d\n',
    '',
  ])('row 52: refuses %j', (text) => expect(parseDuration(text)).toBe(null));

  it('row 52: reads nothing but digits and one unit', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789smhdw y-+.'), maxLength: 7 }), (text) => {
        const count = Number(text.slice(0, -1));
        const unit = 'smhdw'.indexOf(text.slice(-1));
        const isCanonical = text.length > 1 && String(count) === text.slice(0, -1) && Number.isInteger(count);
        const isDuration = unit !== -1 && isCanonical && count >= 1 && count <= 99_999;
        const secondsPerUnit = [1, 60, 60 * 60, 24 * 60 * 60, 7 * 24 * 60 * 60];
        expect(parseDuration(text)).toBe(isDuration ? count * (secondsPerUnit[unit] as number) * 1000 : null);
      }),
      { numRuns: 10_000 },
    );
  });

  it('only a grace period may be nothing', () => {
    expect(parseGracePeriod('0s')).toBe(0);
    expect(parseGracePeriod('7d')).toBe(604_800_000);
    expect(parseGracePeriod('0d')).toBe(null);
    expect(parseGracePeriod('-1s')).toBe(null);
  });

  it('row 52: a rotation period is one minute to 3,650 days', () => {
    expect(parseRotationPeriod('59s')).toBe(null);
    expect(parseRotationPeriod('1m')).toBe(60_000);
    expect(parseRotationPeriod('60s')).toBe(60_000);
    expect(parseRotationPeriod('3650d')).toBe(315_360_000_000);
    expect(parseRotationPeriod('3651d')).toBe(null);
    expect(parseRotationPeriod('600w')).toBe(null);
  });
});
