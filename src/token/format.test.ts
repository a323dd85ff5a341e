import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE62_ALPHABET } from './base62.ts';
import { checksum } from './checksum.ts';
import { type Environment, type Kind, readShape, TOKEN_TEXT_MAX, type TokenFormat } from './format.ts';
import { generateToken } from './generate.ts';
import { systemRandom } from './random.ts';

const KH: TokenFormat = { prefix: 'kh', environments: ['live', 'test'] };
const LIVE_ONLY: TokenFormat = { prefix: 'dep', environments: ['live'] };
const BARE: TokenFormat = { prefix: 'acme', environments: [] };
const KINDS: readonly Kind[] = ['token', 'access', 'refresh', 'claim', 'setup', 'session', 'portal'];

const BODY = 'a1b2c3d4e5f6g7h8i9j0k1l2m3';
const TOKEN = `kh_live_${BODY}${checksum(BODY)}`;

describe('readShape', () => {
  it.each([KH, LIVE_ONLY, BARE])('reads back kind and environment of every value it could have made: %j', (format) => {
    const environments: readonly (Environment | null)[] = format.environments.length > 0 ? format.environments : [null];
    for (const kind of KINDS) {
      for (const environment of environments) {
        const value = generateToken(format, kind, environment, systemRandom);
        expect(readShape(value, format)).toEqual({ is: 'ours', kind, environment });
      }
    }
  });

  it.each([
    ['', 'foreign'],
    ['kh', 'foreign'],
    ['khx_live_', 'foreign'],
    [TOKEN.toUpperCase(), 'foreign'],
    [` ${TOKEN}`, 'foreign'],
    [TOKEN.replace('kh_', 'dep_'), 'foreign'],
    ['eyJhbGciOiJIUzI1NiJ9.e30.c2ln', 'foreign'],
    ['12|laravelSanctumText', 'foreign'],
    ['kh_', 'length'],
    ['kh_live_', 'length'],
    [TOKEN.slice(0, -1), 'length'],
    [`${TOKEN}0`, 'length'],
    [`${TOKEN} `, 'length'],
    [`kh_${BODY}${checksum(BODY)}`, 'length'],
    [TOKEN.replace('live', 'prod'), 'environment'],
    [TOKEN.replace('live', 'LIVE'), 'environment'],
    [TOKEN.replace('a1b2', 'a1-2'), 'alphabet'],
    [`${TOKEN.slice(0, -1)}_`, 'alphabet'],
    [TOKEN.replace('a1b2', 'a1b3'), 'checksum'],
  ])('%j is %s', (text, verdict) => {
    const shape = readShape(text, KH);
    expect(shape.is === 'broken' ? shape.problem : shape.is).toBe(verdict);
  });

  it('refuses an environment that the format does not have', () => {
    const value = `dep_test_${BODY}${checksum(BODY)}`;
    expect(readShape(value, LIVE_ONLY)).toEqual({ is: 'broken', problem: 'environment' });
    expect(readShape(`acme_live_${BODY}${checksum(BODY)}`, BARE)).toEqual({ is: 'broken', problem: 'length' });
  });

  it('answers with the same objects again: a decision allocates nothing here', () => {
    for (const text of [TOKEN, `${TOKEN}0`, 'foreign']) expect(readShape(text, KH)).toBe(readShape(text, KH));
  });

  it('row 6: an oversized text is told from a token by its length alone', () => {
    expect(readShape(`kh_live_${'a'.repeat(8192)}`, KH)).toEqual({ is: 'broken', problem: 'length' });
    expect(readShape('a'.repeat(1_000_000), KH)).toEqual({ is: 'foreign' });
    const longest = generateToken({ prefix: 'a12345678901', environments: ['live'] }, 'refresh', 'live', systemRandom);
    expect(longest.length).toBeLessThanOrEqual(TOKEN_TEXT_MAX);
  });

  it('row 10: whatever does not match the grammar of the profile is not ours', () => {
    const grammar = /^kh(?:at|rt|cl|su|se)?_(?:live|test)_[0-9A-Za-z]{32}$/;
    const nearby = fc.string({ unit: fc.constantFrom(...'kh_livetsaAzZ09', 'а', '\u00e9', '\u200b', '％', '%', '\0') });
    const damaged = fc
      .tuple(fc.nat(TOKEN.length), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([at, cut, put]) => TOKEN.slice(0, at) + put + TOKEN.slice(at + cut));
    const texts = fc.oneof(fc.string({ unit: 'binary' }), nearby, damaged, fc.constant(TOKEN));
    fc.assert(
      fc.property(texts, (text) => {
        if (readShape(text, KH).is === 'ours') expect(text).toMatch(grammar);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['Cyrillic а for a', TOKEN.replace('a1b2', '\u04301b2')],
    ['its bytes read as Latin-1', Buffer.from(TOKEN.replace('a1b2', '\u04301b2')).toString('latin1')],
    ['a full-width digit', TOKEN.replace('a1b2', 'a\uff11b2')],
    ['a zero-width space', TOKEN.replace('a1b2', 'a1\u200bb2')],
    ['percent-encoding', TOKEN.replace('_', '%5F')],
    ['a combining accent', `${TOKEN}\u0301`],
  ])('row 10: %s is never normalised into a token', (_name, text) => {
    expect(readShape(text, KH).is).not.toBe('ours');
  });

  it('row 11: no single-character mutation of a token is one', () => {
    const others = `${BASE62_ALPHABET}_-. +/=\u00e9`;
    let mutations = 0;
    for (let at = 0; at < TOKEN.length; at++) {
      for (const other of others) {
        if (other === TOKEN[at]) continue;
        const mutated = TOKEN.slice(0, at) + other + TOKEN.slice(at + 1);
        if (readShape(mutated, KH).is === 'ours') expect.unreachable(`accepted with ${other} at ${at}`);
        mutations++;
      }
    }
    expect(mutations).toBe(TOKEN.length * (others.length - 1));
  });

  it('row 11: neither is a token cut, extended, doubled in one place or with two neighbours exchanged', () => {
    for (let at = 0; at <= TOKEN.length; at++) {
      const [head, tail] = [TOKEN.slice(0, at), TOKEN.slice(at)];
      const damaged = [head, tail, head + tail.slice(1), `${head}0${tail}`];
      if (tail.length > 1) damaged.push(head + tail.charAt(1) + tail.charAt(0) + tail.slice(2));
      for (const text of damaged) if (text !== TOKEN) expect(readShape(text, KH).is, text).not.toBe('ours');
    }
  });

  it('row 12: shape and checksum are read without a hash, a look-up or any other import', () => {
    const reached = importsFrom('./format.ts');
    expect([...reached].sort()).toEqual(['./base62.ts', './checksum.ts', './format.ts']);
  });

  it('row 13: live edited to test reads as a test token: the same checksum, another kind of data', () => {
    expect(readShape(TOKEN.replace('_live_', '_test_'), KH)).toEqual({
      is: 'ours',
      kind: 'token',
      environment: 'test',
    });
  });

  it('row 13: a token turned into another kind is that kind, never a token', () => {
    expect(readShape(TOKEN.replace('kh_', 'khrt_'), KH)).toEqual({ is: 'ours', kind: 'refresh', environment: 'live' });
  });
});

/** Every module that this one reaches, itself included. */
function importsFrom(module: string, reached: Set<string> = new Set()): ReadonlySet<string> {
  reached.add(module);
  if (!module.startsWith('.')) return reached;
  const source = readFileSync(new URL(module, import.meta.url), 'utf8');
  for (const [, imported = ''] of source.matchAll(/from '([^']+)'/g)) {
    if (!reached.has(imported)) importsFrom(imported, reached);
  }
  return reached;
}
