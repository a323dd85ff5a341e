import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE62_ALPHABET } from './base62.ts';
import { generateToken } from './generate.ts';
import { systemRandom } from './random.ts';
import { openSealed, sealValue } from './seal.ts';

const KH = { prefix: 'kh', environments: ['live', 'test'] } as const;
const OLD = generateToken(KH, 'token', 'live', systemRandom);
const NEW = generateToken(KH, 'token', 'live', systemRandom);

describe('sealValue and openSealed', () => {
  it('give any text back to the holder of what it was sealed under', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (value, under) => {
        expect(openSealed(sealValue(value, under, systemRandom), under)).toBe(value);
      }),
    );
  });

  it('give nothing to the holder of anything else', () => {
    const sealed = sealValue(NEW, OLD, systemRandom);
    for (const under of ['', NEW, OLD.slice(0, -1), `${OLD} `, OLD.replace('_live_', '_test_'), OLD.toLowerCase()]) {
      expect(openSealed(sealed, under)).toBeNull();
    }
  });

  it('show neither value in the seal, and never seal the same twice', () => {
    const sealed = sealValue(NEW, OLD, systemRandom);
    const bytes = Buffer.from(sealed, 'base64url').toString('latin1');
    for (const secret of [NEW, OLD, NEW.slice(-8), OLD.slice(-8)]) expect(bytes).not.toContain(secret);
    expect(sealValue(NEW, OLD, systemRandom)).not.toBe(sealed);
    expect(sealed).toMatch(/^[\w-]+$/);
  });

  it('row 11: no single-character mutation, cut or extension of a seal opens', () => {
    const sealed = sealValue('kh', OLD, systemRandom);
    for (let at = 0; at < sealed.length; at++) {
      expect(openSealed(sealed.slice(0, at), OLD)).toBeNull();
      for (const other of `${BASE62_ALPHABET}-_`) {
        if (other === sealed[at]) continue;
        const mutated = sealed.slice(0, at) + other + sealed.slice(at + 1);
        if (openSealed(mutated, OLD) !== null) expect.unreachable(`opened with ${other} at ${at}`);
      }
    }
    for (const spelling of [`${sealed}=`, `${sealed} `, `${sealed}A`, sealed + sealed]) {
      expect(openSealed(spelling, OLD)).toBeNull();
    }
  });

  it('answer null, not an exception, for texts that never were a seal', () => {
    for (const text of ['', 'A', 'AQ', 'null', 'A'.repeat(38), 'AQ'.repeat(40), '\0', 'ключ']) {
      expect(openSealed(text, OLD)).toBeNull();
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(openSealed(text, OLD)).toBeNull();
      }),
    );
  });
});
