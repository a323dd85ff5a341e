import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiagnoseHints, diagnose } from './diagnose.ts';
import type { TokenFormat } from './format.ts';
import { generateId, generateToken } from './generate.ts';
import { maskToken } from './hint.ts';
import { systemRandom } from './random.ts';

const KH: TokenFormat = { prefix: 'kh', environments: ['live', 'test'] };
const LIVE_ONLY: TokenFormat = { prefix: 'kh', environments: ['live'] };
const BARE: TokenFormat = { prefix: 'acme', environments: [] };
const T = generateToken(KH, 'token', 'live', systemRandom);
const SAMPLE = 'kh_live_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl';

/** Sent behind `Bearer `, and words that the sentence must have. */
const BEHIND_BEARER: readonly (readonly [accident: string, text: string, says: string])[] = [
  ['double quotation marks', `"${T}"`, 'Quotation marks'],
  ['single quotation marks', `'${T}'`, 'Quotation marks'],
  ['back quotes', `\`${T}\``, 'Quotation marks'],
  ['one quotation mark left over', `${T}"`, 'Quotation marks'],
  ['curly quotation marks', `\u201c${T}\u201d`, 'Quotation marks'],
  ['curly quotation marks as bytes', Buffer.from(`\u201c${T}\u201d`).toString('latin1'), 'Quotation marks'],
  ['angle brackets', `<${T}>`, 'Brackets'],
  ['braces', `{{${T}}}`, 'Brackets'],
  ['a placeholder in capitals', 'YOUR_API_TOKEN', 'placeholder'],
  ['a placeholder of our own form', 'kh_live_your_api_key', 'placeholder'],
  ['a placeholder in angle brackets', '<your token here>', 'placeholder'],
  ['a placeholder with an instruction', '<paste your token here>', 'placeholder'],
  ['a placeholder without your', 'CURRENT_API_KEY', 'placeholder'],
  ['a placeholder in camel case', 'yourApiToken', 'placeholder'],
  ['a new value to come', 'kh_live_new_key_value', 'placeholder'],
  ['a template', '{{API_TOKEN}}', 'placeholder'],
  ['a shell variable', '$API_TOKEN', 'placeholder'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a shell in single quotes sends
  ['a shell variable in braces', '${API_TOKEN}', 'placeholder'],
  ['a Windows variable', '%API_TOKEN%', 'placeholder'],
  ['a format string', '{api_token}', 'placeholder'],
  ['crosses', `kh_live_${'x'.repeat(32)}`, 'placeholder'],
  ['the word itself', 'token', 'placeholder'],
  ['undefined', 'undefined', 'was not set'],
  ['null', 'null', 'was not set'],
  ['None', 'None', 'was not set'],
  ['an object', '[object Object]', 'was not set'],
  ['the sample of the documentation', SAMPLE, 'sample'],
  ['a space inside', `${T.slice(0, 20)} ${T.slice(20)}`, 'white space'],
  ['a line break inside', `${T.slice(0, 20)}\r\n ${T.slice(20)}`, 'white space'],
  ['a written line break at the end', `${T}\\n`, 'white space'],
  ['an encoded line break at the end', `${T}%0A`, 'white space'],
  ['a no-break space at the end', `${T}\u00a0`, 'white space'],
  ['a zero-width space', `${T.slice(0, 20)}\u200b${T.slice(20)}`, 'invisible'],
  ['a zero-width space as bytes', Buffer.from(`${T}\u200b`).toString('latin1'), 'invisible'],
  ['a byte order mark before it', `\ufeff${T}`, 'invisible'],
  ['the hint of a list', maskToken(T), 'shortened form'],
  ['the hint of a list as bytes', Buffer.from(maskToken(T)).toString('latin1'), 'shortened form'],
  ['three dots', 'kh_live_4n2a...', 'shortened form'],
  ['bullets', 'kh_live_\u2022\u2022\u2022\u2022Zq8C', 'shortened form'],
  ['stars', 'kh_live_****', 'shortened form'],
  ['percent-encoding', T.replaceAll('_', '%5F'), 'percent-encoded'],
  ['a Cyrillic letter', `${T.slice(0, -1)}\u0430`, 'look-alike'],
  ['a token’s id', generateId('tok', systemRandom), 'identifier'],
  ['an owner’s id', generateId('own', systemRandom), 'identifier'],
  ['an id of a documentation', 'key_abc123', 'identifier'],
  ['small letters only', 'kh_live_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p7', 'Capital and small'],
  ['capitals only', T.toUpperCase(), 'Capital and small'],
  ['the beginning missing', T.slice('kh_live_'.length), 'beginning'],
  ['the prefix missing', T.slice('kh_'.length), 'beginning'],
  ['the last character missing', T.slice(0, -1), 'end of the token is missing'],
  ['half of it', T.slice(0, 24), 'end of the token is missing'],
  ['the prefix alone', 'kh_live_', 'end of the token is missing'],
  ['one character too many', `${T}0`, 'too many characters'],
  ['pasted twice', T + T, 'too many characters'],
  ['pasted a thousand times', T.repeat(1000), 'too many characters'],
  ['one character changed', T.slice(0, -1) + (T.endsWith('0') ? '1' : '0'), 'mistyped'],
  ['another environment’s name', T.replace('live', 'prod'), 'mistyped'],
  ['a refresh token', generateToken(KH, 'refresh', 'live', systemRandom), 'not made for API requests'],
  ['a claim', generateToken(KH, 'claim', 'test', systemRandom), 'not made for API requests'],
  ['a JSON Web Token', JWT, 'JSON Web Token'],
  ['a long JSON Web Token', `eyJ${'a'.repeat(2000)}.a.b`, 'JSON Web Token'],
  ['a GitHub token', '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', 'GitHub'],
  ['a GitHub fine-grained token', 'github_pat_11AAAAAAA0abcdefghij_ABC', 'GitHub'],
  ['a GitLab token', 'glpat-AbCdEfGhIjKlMnOpQrSt', 'GitLab'],
  ['a Slack token', 'xoxb-17653672481-19874698323-abc', 'Slack'],
  ['an AWS key id', 'AKIAIOSFODNN7EXAMPL3', 'Amazon'],
  ['a Stripe key', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'Stripe'],
  ['an Anthropic key', 'sk-ant-api03-abcdef', 'Anthropic'],
  ['an OpenAI key', 'sk-proj-abcdef', 'OpenAI'],
  ['a Google key', 'AIzaSyA1234567890', 'Google'],
];

/** Whole lines, and words that the sentence must have. */
const LINES: readonly (readonly [accident: string, value: string, says: string])[] = [
  ['an empty line', '', 'Nothing stands after Bearer'],
  ['Bearer alone', 'Bearer ', 'Nothing stands after Bearer'],
  ['Bearer twice', `Bearer Bearer ${T}`, 'appears twice'],
  ['Bearer twice in two spellings', `bearer  BEARER ${T}`, 'appears twice'],
  ['Bearer twice with a colon', `Bearer: Bearer ${T}`, 'appears twice'],
  ['the header’s name inside', `Authorization: Bearer ${T}`, 'name of the header is repeated'],
  ['two joined credentials', `Bearer ${T}, Bearer ${T}`, 'Two credentials'],
  ['Basic and ours joined', `Basic dTpw, Bearer ${T}`, 'Two credentials'],
  ['quotation marks around everything', `"Bearer ${T}"`, 'before Bearer'],
  ['a byte order mark', `\ufeffBearer ${T}`, 'before Bearer'],
  ['a colon', `Bearer: ${T}`, 'one space and nothing else'],
  ['an equals sign', `Bearer=${T}`, 'one space and nothing else'],
  ['a tab', `Bearer\t${T}`, 'one space and nothing else'],
  ['a no-break space as bytes', Buffer.from(`Bearer\u00a0${T}`).toString('latin1'), 'one space and nothing else'],
  ['no space', `Bearer${T}`, 'one space and nothing else'],
  ['no Bearer', T, 'Bearer is missing'],
  ['no Bearer and a damaged token', T.slice(0, -2), 'Bearer is missing'],
  ['Token for Bearer', `Token ${T}`, 'scheme is not Bearer'],
  ['the user name of Basic', `Basic ${Buffer.from(`${T}:`).toString('base64')}`, 'scheme is not Bearer'],
  ['the password of Basic', `Basic ${Buffer.from(`api:${T}`).toString('base64')}`, 'scheme is not Bearer'],
];

describe('diagnose', () => {
  it.each(BEHIND_BEARER)('recognises %s', (_accident, text, says) => {
    expect(diagnose(['Host', 'x', 'authorization', `Bearer ${text}`], KH, { sampleTokens: [SAMPLE] })).toContain(says);
  });

  it.each(LINES)('recognises %s', (_accident, value, says) => {
    expect(diagnose(['Authorization', value], KH)).toContain(says);
  });

  it('recognises two Authorization lines', () => {
    const sentence = diagnose(['Authorization', `Bearer ${T}`, 'authorization', 'Basic dTpw'], KH);
    expect(sentence).toBe('The request has more than one Authorization header; send exactly one.');
  });

  it('recognises a token in another header, but never reads cookies', () => {
    expect(diagnose(['X-Auth-Token', T], KH)).toContain('arrived in another header');
    expect(diagnose(['Authentication', `Bearer ${T}`], KH)).toContain('arrived in another header');
    expect(diagnose(['Cookie', T], KH)).toBeNull();
  });

  it('explains a further header that the door accepts', () => {
    const hints: DiagnoseHints = { headerNames: ['x-api-key'] };
    expect(diagnose(['X-API-Key', T], KH, hints)).toBeNull();
    expect(diagnose(['X-API-Key', ''], KH, hints)).toContain('is empty');
    expect(diagnose(['X-API-Key', `Bearer ${T}`], KH, hints)).toContain('without the word Bearer');
    expect(diagnose(['X-API-Key', T.slice(0, -1)], KH, hints)).toContain('end of the token is missing');
    expect(diagnose(['Authorization', `Bearer ${JWT}`, 'X-API-Key', `<${T}>`], KH, hints)).toContain('Brackets');
    expect(diagnose(['Authorization', `Bearer <${T}>`, 'X-API-Key', 'theirs'], KH, hints)).toContain('Brackets');
  });

  it('knows an environment that the format or the door does not have', () => {
    const test = generateToken(KH, 'token', 'test', systemRandom);
    expect(diagnose(['Authorization', `Bearer ${test}`], LIVE_ONLY)).toContain('another environment');
    expect(diagnose(['Authorization', `Bearer ${test}`], KH, { environment: 'live' })).toContain('another environment');
    expect(diagnose(['Authorization', `Bearer ${test}`], KH, { environment: 'test' })).toBeNull();
    expect(diagnose(['Authorization', `Bearer ${test.replace('kh_', 'acme_')}`], BARE)).toContain(
      'another environment',
    );
  });

  it('calls another service’s prefix ours where the profile has the same one', () => {
    const sk: TokenFormat = { prefix: 'sk', environments: ['live'] };
    expect(diagnose(['Authorization', 'Bearer sk_live_1234567890abcdef'], sk)).toContain('end of the token is missing');
  });

  it('uses the company’s own word', () => {
    const sentence = diagnose(['Authorization', `Bearer "${T}"`], KH, { tokenWord: 'API key' });
    expect(sentence).toBe('Quotation marks stand around the API key; send it without them.');
  });

  it.each<[string, readonly string[]]>([
    ['a sound token', ['Authorization', `Bearer ${T}`]],
    ['no credential', ['Host', 'example.com', 'Accept', '*/*']],
    ['nothing at all', []],
    ['somebody’s Basic login', ['Authorization', 'Basic dTpw']],
    ['a text it does not know', ['Authorization', 'Bearer 8f14e45fceea167a5a36dedd4bea2543']],
  ])('says nothing about %s', (_name, headers) => expect(diagnose(headers, KH)).toBeNull());

  it('row 19: never echoes a part of the value: its sentences are few, fixed and plain', () => {
    const known = new Set<string | null>([null]);
    for (const [, text] of BEHIND_BEARER) known.add(diagnose(['Authorization', `Bearer ${text}`], KH));
    for (const [, value] of LINES) known.add(diagnose(['Authorization', value], KH));
    known.add(diagnose(['Authorization', T, 'Authorization', T], KH));
    known.add(diagnose(['X-Auth-Token', T], KH));
    known.add(diagnose(['Authorization', `Bearer ${T.slice(0, -1)}`], LIVE_ONLY));

    const pieces = fc.constantFrom(
      ...BEHIND_BEARER.map(([, text]) => text),
      ...LINES.map(([, value]) => value),
      ...['Bearer ', 'bearer', ' ', ',', '"', '<', '>', '{', '}', '%', '$', '_', 'kh_', 'live_', 'test_', '...', 'eyJ'],
    );
    const values = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(fc.oneof(pieces, fc.string({ maxLength: 20 })), { maxLength: 5 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(
        values,
        fc.constantFrom('', 'Bearer '),
        fc.constantFrom('Authorization', 'X-Other'),
        (value, lead, name) => {
          const sentence = diagnose([name, lead + value], KH);
          expect(known).toContain(sentence);
          if (sentence !== null) expect(sentence).toMatch(/^[A-Z][ !#-[\]-~]+\.$/);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('looks at a bounded part of an oversized line, so that no pattern runs away', () => {
    for (const piece of [' ', '\t', ',', '<', ']', '"', '[[', 'Bearer ', '%', '{{', 'kh_', '*', 'your', '\u200b']) {
      for (const lead of ['', 'Bearer ', 'Bearer x']) diagnose(['Authorization', lead + piece.repeat(500_000)], KH);
    }
  });
});
