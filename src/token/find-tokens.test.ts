import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE62_ALPHABET } from './base62.ts';
import { SEEN_AGAIN_BYTES, TokenFinder } from './find-tokens.ts';
import { KIND_MARKERS, type Kind, type TokenFormat } from './format.ts';
import { generateToken } from './generate.ts';
import { systemRandom } from './random.ts';

const KH: TokenFormat = { prefix: 'kh', environments: ['live', 'test'] };
const BARE: TokenFormat = { prefix: 'inst', environments: [] };
const FORMATS = [KH, BARE];
const KINDS = Object.keys(KIND_MARKERS) as Kind[];
const finder = new TokenFinder(FORMATS);

const value = (kind: Kind = 'token', format: TokenFormat = KH) =>
  generateToken(format, kind, format.environments[0] ?? null, systemRandom);
const valuesIn = (bytes: Uint8Array) => finder.find(bytes).map(({ text }) => text);

describe('finding tokens among other bytes', () => {
  it.each(KINDS.flatMap((kind) => FORMATS.map((format) => [kind, format] as const)))(
    'finds a %s of %o and says where it begins',
    (kind, format) => {
      const text = value(kind, format);
      const [found, ...others] = finder.find(Buffer.from(`key = "${text}";`));
      expect(found).toMatchObject({ text, kind, offset: 7, width: 1 });
      expect(others).toEqual([]);
    },
  );

  it.each([
    ['utf8', 'utf16le', 2],
    ['big endian', 'utf16be', 2],
    ['four bytes', 'utf32', 4],
  ] as const)('finds it in texts of wider characters: %s', (_name, encoding, width) => {
    const text = value('session');
    for (const before of ['', '\0', 'ab\0']) {
      const bytes = Buffer.concat([Buffer.from(before, 'latin1'), wide(`é ${text} —`, encoding), Buffer.of(0, 65)]);
      expect(finder.find(bytes)).toMatchObject([{ text, kind: 'session', width }]);
    }
  });

  it.each([
    ['at the very beginning', (text: string) => text, 1],
    ['behind an equals sign', (text: string) => `?api_key=${text}&a=b`, 1],
    ['behind the escape of a line break', (text: string) => `"a\\n${text}\\n"`, 1],
    ['behind other escapes', (text: string) => `\\u0026${text} \\x3d${text} a%3D${text}`, 3],
    ['beside letters beyond ASCII', (text: string) => `ß${text}ü`, 1],
    ['among underscores and hyphens', (text: string) => `_${text}_x -${text}-`, 2],
    ['glued to a letter in front', (text: string) => `x${text} 0${text}`, 0],
    ['glued to a letter behind', (text: string) => `${text}x ${text}0`, 0],
    ['glued to another', (text: string) => text + text, 0],
    ['cut short', (text: string) => text.slice(0, -1), 0],
    ['without its prefix', (text: string) => text.slice(2), 0],
    ['of another company', (text: string) => text.replace('kh_', 'hk_'), 0],
    ['of an environment there is not', (text: string) => text.replace('_live_', '_prod_'), 0],
    ['in capitals', (text: string) => text.toUpperCase(), 0],
  ])('looks at what stands beside a value: %s', (_name, place, count) => {
    const text = value();
    expect(valuesIn(Buffer.from(place(text)))).toEqual(Array(count).fill(text));
  });

  it('row 11: does not take a value of which any one character was changed', () => {
    const text = value();
    for (let at = text.indexOf('live_') + 5; at < text.length; at++) {
      for (const other of [...BASE62_ALPHABET, '-', '_', 'é']) {
        if (other === text[at]) continue;
        expect(valuesIn(Buffer.from(text.slice(0, at) + other + text.slice(at + 1)))).toEqual([]);
      }
    }
  });

  it('finds every value and nothing else, in any noise and however the bytes come in pieces', () => {
    const piece = fc.oneof(
      fc.constantFrom(...KINDS).map((kind) => ({ plant: true, text: value(kind) })),
      fc.constant(null).map(() => ({ plant: true, text: value('token', BARE) })),
      fc.constant(null).map(() => ({ plant: false, text: `${value()}x` })),
      fc.constant(null).map(() => ({ plant: false, text: damaged(value()) })),
      fc.constantFrom('kh_live_', 'inst_', '_', 'kh_live_kh_live_').map((text) => ({ plant: false, text })),
      fc.string({ unit: 'binary', maxLength: 80 }).map((text) => ({ plant: false, text })),
      fc.integer({ min: 25, max: 300 }).map((count) => ({ plant: false, text: 'a1B'.repeat(count) })),
    );
    const encodings = fc.constantFrom('utf8', 'utf16le', 'utf16be', 'utf32');
    const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), encodings, cuts, (pieces, encoding, lengths) => {
        const bytes = wide(pieces.map(({ text }) => text).join('\n|\n'), encoding);
        const planted = pieces.filter(({ plant }) => plant).map(({ text }) => text);
        expect(valuesIn(bytes)).toEqual(planted);
        expect(inPieces(bytes, lengths)).toEqual(finder.find(bytes));
      }),
      { numRuns: 200 },
    );
  });
});

/** The bytes shown in pieces of these lengths, over and over. */
function inPieces(bytes: Buffer, lengths: readonly number[]) {
  const found = [];
  let at = 0;
  for (let turn = 0; ; turn++) {
    const end = Math.min(bytes.length, at + (lengths[turn % lengths.length] as number));
    const begin = Math.max(0, at - SEEN_AGAIN_BYTES);
    const isLast = end === bytes.length;
    for (const one of finder.find(bytes.subarray(begin, end), at - begin, isLast)) {
      found.push({ ...one, offset: one.offset + begin });
    }
    if (isLast) return found;
    at = end;
  }
}

function damaged(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}

function wide(text: string, encoding: 'utf8' | 'utf16le' | 'utf16be' | 'utf32'): Buffer {
  if (encoding === 'utf8') return Buffer.from(text);
  if (encoding === 'utf16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf16be') return Buffer.from(text, 'utf16le').swap16();
  return Buffer.from(Uint32Array.from([...text], (character) => character.codePointAt(0) as number).buffer);
}
