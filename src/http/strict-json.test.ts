import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rejection } from '../manage/index.ts';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('strict JSON', () => {
  it('reads what JSON is', () => {
    expect(parse('{"a": [1, -2.5e3, "x\\u00e9\\n", true, false, null, {}, []]}')).toEqual({
      a: [1, -2500, 'xé\n', true, false, null, {}, []],
    });
    expect(parse(' \t\r\n "one" ')).toBe('one');
    expect(parse('"\\ud83d\\ude00 😀"')).toBe('😀 😀');
    expect(parse('')).toEqual({});
  });

  const REFUSED: readonly (readonly [name: string, text: string | Uint8Array])[] = [
    ['a name twice', '{"a":1,"a":1}'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a name twice, deeper', '{"b":[{"a":1,"a":2}]}'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__ in escapes', '{"\\u005f_proto__":{}}'],
    ['constructor', '{"a":{"constructor":{"prototype":{}}}}'],
    ['prototype', '{"prototype":1}'],
    ['a depth of 17', nested(17)],
    ['a depth of 30,000', nested(30_000)],
    ['a byte order mark', '\ufeff{}'],
    ['bytes that are not UTF-8', Uint8Array.from([0x22, 0xc3, 0x28, 0x22])],
    ['an overlong encoding', Uint8Array.from([0x22, 0xc0, 0xaf, 0x22])],
    ['a surrogate as bytes', Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['half a surrogate pair', '"\\ud83d"'],
    ['a surrogate pair the wrong way round', '"\\ude00\\ud83d"'],
    ['half a surrogate pair in a name', '{"\\ud83d":1}'],
    ['something after the end', '{} {}'],
    ['a trailing comma', '{"a":1,}'],
    ['a trailing comma in a list', '[1,]'],
    ['a comment', '{/* */}'],
    ['single quotes', "{'a':1}"],
    ['a bare name', '{a:1}'],
    ['NaN', 'NaN'],
    ['Infinity', '[-Infinity]'],
    ['a number too large', '1e309'],
    ['a leading zero', '01'],
    ['a plus sign', '+1'],
    ['a dot at the end', '1.'],
    ['a hexadecimal number', '0x10'],
    ['a raw control character', '"a\u0001b"'],
    ['a raw line break', '"a\nb"'],
    ['a short escape', '"\\u12"'],
    ['an unknown escape', '"\\x41"'],
    ['an open text', '"abc'],
    ['an open object', '{"a":'],
    ['white space alone', '  '],
    ['a no-break space', '\u00a0{}'],
  ];
  it.each(REFUSED)('row 54: refuses %s', (_name, text) => {
    const read = (): unknown => parseStrictJson(typeof text === 'string' ? Buffer.from(text) : text);
    expect(read).toThrow(Rejection);
  });

  it('row 54: sixteen levels are read', () => {
    expect(parse(nested(16))).toBeDefined();
  });

  it('says where and never what', () => {
    const secret = 'kh_live_secret';
    for (const text of [
      `{"${secret}":1,"${secret}":2}`,
      `{"a":"${secret}\u0001"}`,
      `["${secret}" "${secret}"]`,
      secret,
    ]) {
      try {
        parse(text);
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify([error, (error as Rejection).problems, (error as Error).message])).not.toContain(secret);
      }
    }
  });

  it('row 54: agrees with the language about every value it accepts, and leaves Object.prototype alone', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    const value = fc.jsonValue({ maxDepth: 8, noUnicodeString: false }).filter((any) => isPlain(any));
    fc.assert(
      fc.property(value, fc.nat(3), (any, space) => {
        expect(parse(JSON.stringify(any, null, space))).toEqual(JSON.parse(JSON.stringify(any)));
      }),
    );
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('row 54: never accepts a text that the language does not, and never fails in another way', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b',
      '\\',
      '1',
      '-',
      '.',
      'e9',
      'true',
      'nul',
      ' ',
      '\n',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        let read: unknown;
        try {
          read = parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Rejection);
          return;
        }
        if (text !== '') expect(read).toEqual(JSON.parse(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('row 54: survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseStrictJson(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Rejection);
        }
      }),
    );
  });
});

/** Without the names that strict JSON refuses on purpose, and without -0, which JSON does not keep. */
function isPlain(value: unknown): boolean {
  const text = JSON.stringify(value);
  return !/"(?:__proto__|constructor|prototype)":/.test(text) && text.isWellFormed() && !/\\ud[89a-f]/i.test(text);
}
