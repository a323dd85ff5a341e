import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExpiry, EXPIRY_LEAD_MS, formatInstant, INSTANT_MAX, parseInstant } from './instant.ts';

/** A calendar that counts days one by one, by the rule of the almanac instead of by formula. */
function* everyDay(fromYear: number, toYear: number): Generator<{ date: string; dayOfEpoch: number }> {
  let dayOfEpoch = 0;
  for (let year = 1970; year <= toYear; year++) {
    const february = year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0) ? 29 : 28;
    const lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (const [month, length] of lengths.entries()) {
      for (let day = 1; day <= length; day++, dayOfEpoch++) {
        const date = [`${year}`, `${month + 1}`.padStart(2, '0'), `${day}`.padStart(2, '0')].join('-');
        if (year >= fromYear) yield { date, dayOfEpoch };
      }
    }
  }
}

describe('reading instants', () => {
  it('row 49: reads every day from 1990 to 2110 as a calendar that counts them', () => {
    const days = [...everyDay(1990, 2110)];
    expect(days.length).toBe(44_194);
    const wrong = days.filter(
      ({ date, dayOfEpoch }) =>
        parseInstant(`${date}T00:00:00Z`) !== dayOfEpoch * 86_400_000 ||
        formatInstant(dayOfEpoch * 86_400_000) !== `${date}T00:00:00.000Z`,
    );
    expect(wrong).toEqual([]);
  });

  it('row 49: refuses every date of those years that is on no calendar', () => {
    const real = new Set([...everyDay(1990, 2110)].map(({ date }) => date));
    const accepted: string[] = [];
    for (let year = 1990; year <= 2110; year++) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          if (!real.has(date) && parseInstant(`${date}T12:00:00Z`) !== null) accepted.push(date);
        }
      }
    }
    expect(accepted).toEqual([]);
  });

  it.each([
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T23:59:60Z',
    '2024-01-01T23:60:00Z',
    '1',
    '1706700000',
    '12/31/2024',
    '2024-01-31',
    '2024-01-31T00:00:00',
    '2024-01-31 00:00:00Z',
    '2024-01-31T00:00Z',
    '2024-01-31T00:00:00+99:99',
    '2024-01-31T00:00:00+24:00',
    '2024-01-31T00:00:00+0100',
    '2024-01-31T00:00:00+01',
    '2024-01-31T00:00:00.Z',
    '2024-01-31T00:00:00,5Z',
    '２０２４-01-31T00:00:00Z',
    ' 2024-01-31T00:00:00Z',
    '2024-01-31T00:00:00Z\n',
    '+010000-01-01T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '-001-01-01T00:00:00Z',
    '',
  ])('row 49: refuses %j', (text) => expect(parseInstant(text)).toBe(null));

  it.each([
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
    ['2024-02-29t12:00:00z', '2024-02-29T12:00:00.000Z'],
    ['2024-12-31T23:59:59.5+05:30', '2024-12-31T18:29:59.500Z'],
    ['2024-01-01T00:00:00-00:00', '2024-01-01T00:00:00.000Z'],
    ['2023-12-31T23:59:59.999999999-00:01', '2024-01-01T00:00:59.999Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ])('row 49: reads %s and answers %s', (text, canonical) => {
    expect(formatInstant(parseInstant(text) as number)).toBe(canonical);
  });

  it('row 50: refuses what lies outside the years that can be printed', () => {
    expect(parseInstant('9999-12-31T23:59:59.999-00:01')).toBe(null);
    expect(parseInstant('0000-01-01T00:00:00+00:01')).toBe(null);
    expect(() => formatInstant(INSTANT_MAX + 1)).toThrow(TypeError);
    expect(() => formatInstant(Number.NaN)).toThrow(TypeError);
  });

  it('what is printed is read back, and sorts as text the way it sorts in time', () => {
    const instant = fc.integer({ min: -62_167_219_200_000, max: INSTANT_MAX });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(parseInstant(formatInstant(a))).toBe(a);
        expect(Math.sign(a - b)).toBe(
          formatInstant(a) < formatInstant(b) ? -1 : formatInstant(a) > formatInstant(b) ? 1 : 0,
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('an offset moves the instant and nothing else', () => {
    const local = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(local, fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59), (at, sign, hours, minutes) => {
        const offset = `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
        const text = formatInstant(at).replace('Z', offset);
        const shift = (hours * 60 + minutes) * 60_000;
        expect(parseInstant(text)).toBe(sign === '+' ? at - shift : at + shift);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('expiry', () => {
  const now = 1_700_000_000_000;

  it('row 50: lies at least a minute ahead and no later than the year 9999', () => {
    expect(checkExpiry(now, now)).toBe('too_soon');
    expect(checkExpiry(now + EXPIRY_LEAD_MS - 1, now)).toBe('too_soon');
    expect(checkExpiry(now + EXPIRY_LEAD_MS, now)).toBe('ok');
    expect(checkExpiry(INSTANT_MAX, now)).toBe('ok');
    expect(checkExpiry(INSTANT_MAX + 1, now)).toBe('too_far');
    expect(checkExpiry(Number.NaN, now)).toBe('too_soon');
  });
});
