import { describe, expect, it } from 'vitest';
import { readSentence } from './sentence.ts';

describe('sentence', () => {
  const cases: readonly [title: string, source: string, words: Record<string, unknown>, filled: string][] = [
    ['fills words', 'This {token_word} has expired.', { token_word: 'API key' }, 'This API key has expired.'],
    ['keeps an optional part whose words are there', 'No.[ {help}]', { help: 'Sign in.' }, 'No. Sign in.'],
    ['drops an optional part with a word that is nothing', 'No.[ Wait {retry_after} s.]', { retry_after: null }, 'No.'],
    ['drops only the part concerned', 'A[ {a}][ {b}].', { b: 2 }, 'A 2.'],
    ['leaves no double space where a word outside is nothing', 'No. {help} Bye.', {}, 'No. Bye.'],
    ['leaves no space at the end either', 'No. {help}', { help: '' }, 'No.'],
    ['joins lists', 'lacks {missing}', { missing: ['a:b', 'c:d'] }, 'lacks a:b, c:d'],
    ['takes doubled marks as themselves', '{{a}} [[b]]', { a: 1 }, '{a} [b]'],
    ['does not read words out of a value', 'Hello {company}', { company: '{code}[x]' }, 'Hello {code}[x]'],
    ['keeps the zero', '{retry_after} s', { retry_after: 0 }, '0 s'],
  ];
  it.each(cases)('%s', (_title, source, words, filled) => {
    expect(readSentence(source).fill(words)).toBe(filled);
  });

  it('names the words it uses', () => {
    expect(readSentence('{a} and [{b} or {a}]').words).toEqual(['a', 'b', 'a']);
  });

  it('knows when a word outside its optional parts is nothing', () => {
    const sentence = readSentence('{a}[ {b}]');
    expect(sentence.misses({ a: 'x' })).toBe(false);
    expect(sentence.misses({ b: 'x' })).toBe(true);
  });

  it.each([
    ['an optional part inside another', 'a [b [{c}]]', /inside another/],
    ['a bracket that is never closed', 'a [{b}', /never ends/],
    ['a bracket that was never opened', 'a] b', /without its \[/],
    ['an optional part that depends on nothing', 'a [b]', /needs a \{word\}/],
    ['a brace of its own', 'a { b', /belongs to no/],
    ['an empty word', 'a {} b', /no word between/],
  ])('refuses %s', (_title, source, message) => {
    expect(() => readSentence(source)).toThrow(message);
  });

  it('row 56: takes time in proportion to the length, whatever stands in it', () => {
    for (const unit of ['[', '{', '{{', ']]', '[{a}]', '{a', 'x']) {
      const source = unit.repeat(100_000 / unit.length);
      try {
        readSentence(source).fill({ a: 'y' });
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    }
  });
});
