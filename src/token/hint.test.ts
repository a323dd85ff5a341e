import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateToken } from './generate.ts';
import { maskToken } from './hint.ts';
import { systemRandom } from './random.ts';

const FORMATS = [
  { prefix: 'kh', environments: ['live', 'test'] },
  { prefix: 'acme', environments: [] },
] as const;

describe('maskToken', () => {
  it.each([
    ['kh_live_4n2aQ7WnB1xYc9DfGh3JkLmPqRsTZq8C', 'kh_live_4n2a…Zq8C'],
    ['khrt_test_4n2aQ7WnB1xYc9DfGh3JkLmPqRsTZq8C', 'khrt_test_4n2a…Zq8C'],
    ['acme_4n2aQ7WnB1xYc9DfGh3JkLmPqRsTZq8C', 'acme_4n2a…Zq8C'],
    ['41|4n2aQ7WnB1xYc9DfGh3JkLmPqRsTZq8C', '41|4…Zq8C'],
    ['Unknown_4n2aQ7WnB1xYc9DfGh3JkLmPqRsTZq8C', 'Unkn…Zq8C'],
  ])('shows %s as %s', (text, shown) => expect(maskToken(text)).toBe(shown));

  it.each([
    ['a short secret', 'hunter2'],
    ['a short secret behind a prefix', 'kh_live_4n2aZq8C'],
    ['a text with a line break', `${'a'.repeat(30)}\n${'b'.repeat(10)}`],
    ['a text with an escape sequence', `\u001b[31m${'a'.repeat(40)}`],
    ['a text in another script', 'п'.repeat(40)],
    ['nothing', ''],
  ])('shows nothing of %s', (_name, text) => expect(maskToken(text)).toBe('…'));

  it('never shows more than the prefix and four characters at each end, and tells tokens apart', () => {
    for (const format of FORMATS) {
      const environment = format.environments[0] ?? null;
      const publicPart = environment === null ? `${format.prefix}_` : `${format.prefix}_${environment}_`;
      for (let made = 0; made < 200; made++) {
        const token = generateToken(format, 'token', environment, systemRandom);
        const secret = token.slice(publicPart.length);
        expect(maskToken(token)).toBe(`${publicPart}${secret.slice(0, 4)}…${secret.slice(-4)}`);
      }
    }
  });

  it('hides at least sixteen characters of whatever it is given, or everything', () => {
    const nearby = fc.string({ unit: fc.constantFrom(...'kh_livetstAZ09'), minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearby), (text) => {
        const [start = '', end = ''] = maskToken(text).split('…');
        expect(text.startsWith(start) && text.endsWith(end)).toBe(true);
        if (start !== '') expect(text.length - start.length - end.length).toBeGreaterThanOrEqual(16);
        expect(start.length).toBeLessThanOrEqual('a1234567890123_live_'.length + 4);
      }),
    );
  });

  it('row 20: is printable without escaping', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(maskToken(text)).toMatch(/^[!-~]*…[!-~]*$/);
      }),
    );
  });
});
