import { describe, expect, it } from 'vitest';
import { tiersOf } from './api-tiers.ts';
import { Notes } from './note.ts';

const HOUR = { name: 'hour', limit: 1_000, seconds: 3_600 };
const MINUTE = { name: 'minute', limit: 100, seconds: 60 };

describe('limits that a document states', () => {
  it.each([
    ['a sentence', 'x-ratelimit', '1000/hour', [HOUR]],
    ['a longer one', 'x-rate-limit', '1,000 requests per hour', [HOUR]],
    ['a sentence with a length', 'x-rateLimit', '1000 per 1h', [HOUR]],
    ['an object', 'X-Rate-Limits', { limit: 1000, window: 3600 }, [HOUR]],
    ['an object with words', 'x-ratelimit', { requests: '1000', period: 'hour' }, [HOUR]],
    ['an object around a sentence', 'x-ratelimit', { rate: '1000/hour' }, [HOUR]],
    ['a list, longest first', 'x-rate-limiting', ['100/minute', { max: 1000, per: '60 minutes' }], [HOUR, MINUTE]],
    ['an odd length', 'x-ratelimit', '10/90s', [{ name: 'per-90-seconds', limit: 10, seconds: 90 }]],
  ])('as %s', (_how, key, value, windows) => {
    expect(tiersOf({ [key]: value }, new Notes())).toEqual({ standard: { label: 'Standard', useCase: null, windows } });
  });

  it('by tier, at the root or under info, and unlimited', () => {
    const value = { Free: '100/minute', 'Big Fish': { windows: ['1000/hour'] }, partner: 'unlimited' };
    const tiers = {
      free: { label: 'Free', useCase: null, windows: [MINUTE] },
      'big-fish': { label: 'Big Fish', useCase: null, windows: [HOUR] },
      partner: { label: 'Partner', useCase: null, windows: 'unlimited' },
    };
    const notes = new Notes();
    expect(tiersOf({ info: { 'x-rate-limit-tiers': value } }, notes)).toEqual(tiers);
    expect(notes.list()).toEqual([
      { sentence: 'The tiers come from x-rate-limit-tiers.', items: ['free, big-fish, partner'] },
    ]);
  });

  const UNCLEAR: readonly unknown[] = [
    1000,
    '',
    'many',
    '0/hour',
    '-5/hour',
    '10/fortnight',
    '10/0s',
    { limit: 10 },
    { limit: 1e99, window: 60 },
    { limit: 10, window: -1 },
    [],
    {},
    null,
    ['10/hour', '20/hour'],
    { a: '1/hour', A: '2/hour' },
    { constructor: 5 },
    `${'9'.repeat(5_000)}/hour`,
  ];
  it.each(UNCLEAR.map((value) => ({ value })))(
    'that cannot be enforced are told and not drafted: $value',
    ({ value }) => {
      const notes = new Notes();
      expect(tiersOf({ 'x-ratelimit': value }, notes)).toBe(null);
      expect(notes.list()).toEqual([
        { sentence: 'x-ratelimit is not understood; the tiers are those of the preset.', items: [] },
      ]);
    },
  );

  it('are none where nothing is said of limits', () => {
    const notes = new Notes();
    expect(tiersOf({ 'x-logo': '10/hour', info: { title: 'x-ratelimit' } }, notes)).toBe(null);
    expect(notes.list()).toEqual([]);
  });
});
