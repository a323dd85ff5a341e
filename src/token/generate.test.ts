import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BASE62_ALPHABET } from './base62.ts';
import type { TokenFormat } from './format.ts';
import { generateId, generateToken } from './generate.ts';
import { type RandomSource, systemRandom } from './random.ts';

const KH: TokenFormat = { prefix: 'kh', environments: ['live', 'test'] };
const BARE: TokenFormat = { prefix: 'acme', environments: [] };

describe('generateToken', () => {
  it('writes prefix, kind marker, environment, 26 random characters and 6 of checksum', () => {
    expect(generateToken(KH, 'token', 'live', systemRandom)).toMatch(/^kh_live_[0-9A-Za-z]{32}$/);
    expect(generateToken(KH, 'refresh', 'test', systemRandom)).toMatch(/^khrt_test_[0-9A-Za-z]{32}$/);
    expect(generateToken(BARE, 'claim', null, systemRandom)).toMatch(/^acmecl_[0-9A-Za-z]{32}$/);
  });

  it('refuses an environment that the format does not have, and none where it has some', () => {
    expect(() => generateToken(KH, 'token', null, systemRandom)).toThrow(TypeError);
    expect(() => generateToken(BARE, 'token', 'live', systemRandom)).toThrow(TypeError);
    expect(() => generateToken({ prefix: 'dep', environments: ['live'] }, 'token', 'test', systemRandom)).toThrow(
      TypeError,
    );
  });

  it('row 14: 10⁵ tokens have no duplicate, and every position is even (χ²)', () => {
    const count = 100_000;
    const tokens = new Set<string>();
    const seen = Array.from({ length: 26 }, () => new Uint32Array(62));
    for (let made = 0; made < count; made++) {
      const token = generateToken(KH, 'token', 'live', systemRandom);
      tokens.add(token);
      for (const [position, digits] of seen.entries()) {
        const digit = BASE62_ALPHABET.indexOf(token.charAt('kh_live_'.length + position));
        digits[digit] = (digits[digit] ?? 0) + 1;
      }
    }
    expect(tokens.size).toBe(count);
    // 61 degrees of freedom: a fair source goes beyond 160 once in 10⁹ draws; taking bytes modulo 62 gives about 600.
    for (const digits of seen) expect(chiSquare(digits, count / 62)).toBeLessThan(160);
  });

  it('row 14: of all 256 bytes 248 are used, each digit comes of exactly four, and the other bytes of none', () => {
    const random = everyByteInTurn();
    const drawn = Array.from({ length: 12 }, () => generateId('x', random).slice('x_'.length)).join('');
    const counts = new Map<string, number>();
    for (const digit of drawn.slice(0, 248)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    expect(counts.size).toBe(62);
    expect(new Set(counts.values())).toEqual(new Set([4]));
    expect(drawn.slice(248)).toBe(drawn.slice(0, drawn.length - 248));
  });

  it('row 14: bytes out of range are thrown away and others asked for', () => {
    const rounds = [Uint8Array.of(248, 255, 250, 0), Uint8Array.of(251, 61), new Uint8Array(40).fill(62)];
    const random: RandomSource = { bytes: () => rounds.shift() ?? expect.unreachable('asked for too much') };
    expect(generateId('tok', random)).toBe(`tok_0z${'0'.repeat(20)}`);
  });

  it('row 14: a source that is stuck stops the making of a token instead of hanging it', () => {
    for (const stuck of [
      { bytes: (count: number) => new Uint8Array(count).fill(255) },
      { bytes: () => new Uint8Array() },
    ]) {
      expect(() => generateToken(KH, 'token', 'live', stuck)).toThrow('random source is stuck');
    }
  });

  it('row 14: nothing here draws from Math.random', () => {
    const sources = readdirSync(new URL('.', import.meta.url)).filter((name) => !name.endsWith('.test.ts'));
    for (const name of sources) {
      expect(readFileSync(new URL(name, import.meta.url), 'utf8'), name).not.toContain('Math.random');
    }
  });
});

describe('generateId', () => {
  it('is the prefix and 22 base62 characters', () => {
    expect(generateId('tok', systemRandom)).toMatch(/^tok_[0-9A-Za-z]{22}$/);
    expect(generateId('key', systemRandom)).not.toBe(generateId('key', systemRandom));
  });
});

/** Hands out 0, 1, 2 … 255, 0 … one byte at a time, so that none is drawn and left over. */
function everyByteInTurn(): RandomSource {
  let next = 0;
  return { bytes: () => Uint8Array.of(next++ & 0xff) };
}

function chiSquare(observed: Uint32Array, expected: number): number {
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
