/**
 * Prevents that a long text made for it keeps a parser busy (row 56). Nothing is measured: what tries every way of dividing
 * such a text does not come back before the runner gives up.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readClientCredential } from '../../src/http/client-credential.ts';
import { corsHeaders } from '../../src/http/cors.ts';
import { parseForm } from '../../src/http/form-body.ts';
import { originForm } from '../../src/http/origin-form.ts';
import { parseStrictJson } from '../../src/http/strict-json.ts';
import {
  canonicalAddress,
  checkRoutePath,
  clientAddress,
  isGrantEntry,
  isPermission,
  parseDuration,
  parseGracePeriod,
  parseInstant,
  parseIpAllowlist,
  parseRotationPeriod,
  readPath,
  spelledSegments,
} from '../../src/policy/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { readSentence } from '../../src/profile/sentence.ts';
import {
  diagnose,
  findCredential,
  hasBrokenAuthorization,
  loggedPath,
  maskToken,
  readShape,
} from '../../src/token/index.ts';
import { judgeSourceText } from '../../tools/source-rules.ts';
import { tokenize } from '../../tools/source-tokens.ts';

const LENGTH = 100 * 1024;
const format = keyhouse.token;
const trusted = parseIpAllowlist(['10.0.0.0/8', 'fd00::/8']);
const proxies = trusted.ok ? trusted.list : null;

/** What is repeated: what separates, opens, escapes or nearly matches in one grammar or another. */
const UNITS = [
  ...[
    'a',
    '0',
    'Z',
    '_',
    '-',
    '.',
    ':',
    ';',
    ',',
    '/',
    '\\',
    '%',
    '=',
    '&',
    '+',
    '?',
    '#',
    '*',
    '|',
    '!',
    '"',
    "'",
    '<',
    '>',
  ],
  ...[' ', '\t', '\r\n', '\u0000', '\u00a0', '\u2028', 'é', '\ud800', '\u{1f511}'],
  ...['[', ']', '{', '}', '(', ')', '[[', '{"a":', '[ {help}]', '{token_word}', '\\"', '\\u0061'],
  ...['%2e', '%2F', '%zz', '..', '/.', '/a', '//', 'a:', ':a', '::', '0.', '1.2.3.4,', '/24', 'a-', 'a=b&', 'a%3d'],
  ...['Bearer ', 'bearer\t', 'kh_', 'kh_live_', 'kh_live_A', 'eyJ.', '$A', '\u0024{A}', 'sk-', '1e9', '2026-', '10d'],
];
/** What makes a parser begin, and what makes it fail at the very end. */
const FRAMES = [
  ['', ''],
  ['', '!'],
  ['Bearer ', '\u0000'],
  ['kh_live_', '.'],
  ['{"a":"', '"}'],
  ['/v1/', '%'],
];
const TEXTS = UNITS.flatMap((unit) => {
  const body = unit.repeat(Math.ceil(LENGTH / unit.length));
  return FRAMES.map(([before = '', after = '']) => before + body + after);
});

const bytes = (text: string) => Buffer.from(text);
const requestWith = (...rawHeaders: string[]) => ({ method: 'POST', target: '/', rawHeaders, peer: null, body: null });
const hints = { headerNames: ['x-api-key'], sampleTokens: format.samples, environment: 'live' } as const;

/** Every reader of a text from outside. What it answers is not the question here. */
const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  'the shape of a token': (text) => readShape(text, format),
  'a credential': (text) => findCredential(['Authorization', text], '/', [], format),
  'a credential in a header of its own': (text) => findCredential(['X-API-Key', text], '/', ['x-api-key'], format),
  'a credential in a target': (text) => findCredential([], `/?access_token=${text}&${text}`, [], format),
  'what is wrong with a credential': (text) => diagnose(['Authorization', text], format, hints),
  'what is wrong with a token': (text) => diagnose(['Authorization', `Bearer ${text}`], format, hints),
  'what stands elsewhere': (text) => diagnose(['X-API-Key', text, 'X-Other', text], format, hints),
  'a broken request': (text) => hasBrokenAuthorization(bytes(`GET / HTTP/1.1\r\nAuthorization: ${text}\r\n\r\n`)),
  'a client of introspection': (text) => readClientCredential(requestWith('Authorization', text)),
  'HTTP Basic': (text) => readClientCredential(requestWith('Authorization', `Basic ${bytes(text).toString('base64')}`)),
  'a masked value': maskToken,
  'the path in a log': loggedPath,
  'a permission': isPermission,
  'an entry of a grant': isGrantEntry,
  'an address': canonicalAddress,
  'an address list': (text) => parseIpAllowlist([text]),
  'a forwarded address': (text) => clientAddress('10.0.0.1', [text], proxies),
  'hops that are all proxies': (text) => clientAddress('10.0.0.1', [`${text}${',10.0.0.1'.repeat(9_000)}`], proxies),
  'an instant': parseInstant,
  'a duration': parseDuration,
  'a grace': parseGracePeriod,
  'a rotation period': parseRotationPeriod,
  'a path': readPath,
  'the spelled segments of a path': spelledSegments,
  'the path of a rule': checkRoutePath,
  'an absolute target': (text) => originForm(`http://${text}`, [text]),
  'a message of a profile': readSentence,
  JSON: (text) => parseStrictJson(bytes(text)),
  'a JSON text': (text) => parseStrictJson(bytes(JSON.stringify({ [text]: [text] }))),
  'a form': (text) => parseForm(bytes(text)),
  'an origin': (text) => corsHeaders(['https://app.example.com'], requestWith('Origin', text)),
};

describe('row 56: a hundred thousand characters made to be hard', () => {
  it.each(Object.keys(PARSERS))('are read or refused at once as %s', (name) => {
    const parse = PARSERS[name] as (text: string) => unknown;
    let read = 0;
    for (const text of TEXTS) {
      try {
        parse(text);
      } catch (error) {
        // A refusal, and no overflow of the stack.
        expect(error).not.toBeInstanceOf(RangeError);
      }
      read += 1;
    }
    expect(read).toBe(UNITS.length * FRAMES.length);
  });

  it('meet no regular expression that repeats a repetition, in the product or in what applications install', () => {
    const root = join(import.meta.dirname, '../..');
    const files = ['src', 'client/src'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !/\.(?:test|fixture)\.ts$/.test(path))
        .map((path) => join(folder, path)),
    );
    const risky = files.flatMap((path) =>
      // Judged as product code wherever it lies.
      judgeSourceText(`src/${path}`, tokenize(readFileSync(join(root, path), 'utf8'))).filter(({ sentence }) =>
        sentence.includes('repeats a repetition'),
      ),
    );
    expect(risky).toEqual([]);
    const tempting = tokenize('const a = /^(?:a+)+$/;');
    expect(judgeSourceText('src/a.ts', tempting), 'the check can see one').not.toEqual([]);
  });
});
