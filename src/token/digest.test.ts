import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheKey, digestToken } from './digest.ts';
import { generateToken } from './generate.ts';
import { systemRandom } from './random.ts';

const TOKEN = generateToken({ prefix: 'kh', environments: ['live', 'test'] }, 'token', 'live', systemRandom);
const PEPPER = new Uint8Array(32).fill(7);

describe('digestToken', () => {
  it('is HMAC-SHA-256 of the exact text under the pepper', () => {
    const asUsual = createHmac('sha256', PEPPER).update(TOKEN).digest('base64url');
    expect(digestToken(TOKEN, PEPPER)).toBe(asUsual);
    expect(digestToken(TOKEN, PEPPER)).toBe(asUsual);
  });

  it('agrees with RFC 4231, test case 2', () => {
    const digest = digestToken('what do ya want for nothing?', Buffer.from('Jefe'));
    expect(Buffer.from(digest, 'base64url').toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('row 11: every other spelling has another digest, also where base64url decodes both to the same bytes', () => {
    const [one, other] = ['QQ', 'QR'];
    expect(Buffer.from(one, 'base64url')).toEqual(Buffer.from(other, 'base64url'));
    expect(digestToken(one, PEPPER)).not.toBe(digestToken(other, PEPPER));
    for (const spelling of [`${TOKEN}=`, `${TOKEN}\n`, ` ${TOKEN}`, TOKEN.toLowerCase(), TOKEN.toUpperCase()]) {
      expect(digestToken(spelling, PEPPER)).not.toBe(digestToken(TOKEN, PEPPER));
      expect(cacheKey(spelling)).not.toBe(cacheKey(TOKEN));
    }
  });

  it('row 13: the environment is inside the digested text', () => {
    const edited = TOKEN.replace('_live_', '_test_');
    expect(digestToken(edited, PEPPER)).not.toBe(digestToken(TOKEN, PEPPER));
    expect(cacheKey(edited)).not.toBe(cacheKey(TOKEN));
  });

  it('row 13: a stored digest sent as a token digests to something else', () => {
    const stored = digestToken(TOKEN, PEPPER);
    expect(digestToken(stored, PEPPER)).not.toBe(stored);
  });

  it('row 15: another pepper gives another digest, and the token is in neither', () => {
    const other = new Uint8Array(32).fill(8);
    expect(digestToken(TOKEN, other)).not.toBe(digestToken(TOKEN, PEPPER));
    expect(digestToken(TOKEN, PEPPER)).toMatch(/^[\w-]{43}$/);
  });
});

describe('cacheKey', () => {
  it('is the 32 bytes of SHA-256, one character each', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Buffer.from(cacheKey(text), 'latin1')).toEqual(createHash('sha256').update(text).digest());
      }),
    );
  });
});
