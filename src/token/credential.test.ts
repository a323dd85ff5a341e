import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Credential, FIELD_LINES_MAX, findCredential } from './credential.ts';
import { readShape, type TokenFormat } from './format.ts';
import { generateToken } from './generate.ts';
import { systemRandom } from './random.ts';

const KH: TokenFormat = { prefix: 'kh', environments: ['live', 'test'] };
const T = generateToken(KH, 'token', 'live', systemRandom);
const OTHER = generateToken(KH, 'token', 'live', systemRandom);
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl';

describe('findCredential', () => {
  it('takes the text of the only Authorization line, in whatever case its name is', () => {
    for (const name of ['Authorization', 'authorization', 'AUTHORIZATION', 'aUTHORIZATIOn']) {
      expect(find([name, `Bearer ${T}`])).toEqual({ found: 'text', text: T });
      expect(find(['Host', 'a', 'Cache-Control', 'no-store', name, `Bearer ${T}`])).toEqual({ found: 'text', text: T });
    }
  });

  it('does not take other names of the same length or look for it in values', () => {
    const headers = [
      'Authorizatiom',
      `Bearer ${T}`,
      'Authorization\r',
      `Bearer ${T}`,
      'X',
      'Authorization',
      'Cookie',
      T,
    ];
    expect(find(headers)).toEqual({ found: 'none' });
  });

  it('hands on a text that is not ours, for others to judge', () => {
    for (const text of [JWT, '12|sanctum', 'a+/b==', 'ghp_x', '~']) {
      expect(find(['Authorization', `Bearer ${text}`])).toEqual({ found: 'text', text });
    }
  });

  it.each([
    ['two different tokens', [`Bearer ${T}`, `Bearer ${OTHER}`]],
    ['the same token twice', [`Bearer ${T}`, `Bearer ${T}`]],
    ['another scheme beside ours', ['Basic dTpw', `Bearer ${T}`]],
    ['an empty line beside ours', [`Bearer ${T}`, '']],
    ['three lines', [`Bearer ${T}`, 'Basic dTpw', `Bearer ${T}`]],
  ])('row 1: two Authorization lines are refused: %s', (_name, [first = '', ...more]) => {
    const headers = ['authorization', first, 'Accept', '*/*', ...more.flatMap((value) => ['Authorization', value])];
    expect(find(headers)).toEqual(malformed('duplicate'));
  });

  it.each([`Bearer ${T}, Bearer ${OTHER}`, `Bearer ${T},${OTHER}`, `Bearer ${T} ${OTHER}`, `Bearer ${T},`, 'Bearer ,'])(
    'row 2: two credentials in one line are refused, none is tried: %#',
    (value) => expect(find(['Authorization', value])).toEqual(malformed('syntax')),
  );

  describe('row 3: a token in the URL', () => {
    it.each(['access_token', 'token', 'api_key'])('is recognised under %s and never used', (name) => {
      expect(find([], `/v1/servers?${name}=${T}`)).toEqual({ found: 'in_url' });
      expect(find([], `/v1/servers?page=2&${name}=${T}`)).toEqual({ found: 'in_url' });
      expect(find([], `https://api.example.com/?a=b&${name}=${T}&c=d`)).toEqual({ found: 'in_url' });
      expect(find([], `/?${name}=x&${name}=${T.replace('_', '%5F')}`)).toEqual({ found: 'in_url' });
    });

    it('is refused beside a token in a header, and beside a text of anybody’s', () => {
      for (const text of [T, OTHER, JWT]) {
        expect(find(['Authorization', `Bearer ${text}`], `/?access_token=${T}`)).toEqual(malformed('two_methods'));
      }
      expect(find(['X-API-Key', OTHER], `/?access_token=${T}`, ['x-api-key'])).toEqual(malformed('two_methods'));
    });

    it('is reported beside another scheme, which is no bearer token', () => {
      expect(find(['Authorization', 'Basic dTpw'], `/?token=${T}`)).toEqual({ found: 'in_url' });
    });

    it('is somebody else’s parameter without our shape and checksum', () => {
      const wrong = T.slice(0, -1) + (T.endsWith('0') ? '1' : '0');
      for (const value of ['', 'abc', JWT, wrong, `${T}0`, T.slice(0, -1), `%20${T}`]) {
        expect(find([], `/reset?token=${value}`)).toEqual({ found: 'none' });
        expect(find(['Authorization', `Bearer ${T}`], `/reset?token=${value}`)).toEqual({ found: 'text', text: T });
      }
      for (const target of [`/${T}`, `/?other=${T}`, `/token=${T}`, `/?xtoken=${T}`, '/?', '', '*']) {
        expect(find([], target)).toEqual({ found: 'none' });
      }
    });

    it('leaves a broken header line its own refusal', () => {
      expect(find(['Authorization', 'Bearer'], `/?token=${T}`)).toEqual(malformed('empty'));
    });
  });

  describe('row 4: the forms of the line', () => {
    const taken: Credential = { found: 'text', text: T };
    it.each<[string, string, Credential]>([
      ['as documented', `Bearer ${T}`, taken],
      ['small letters', `bearer ${T}`, taken],
      ['capitals', `BEARER ${T}`, taken],
      ['mixed letters', `bEaReR ${T}`, taken],
      ['two spaces', `Bearer  ${T}`, taken],
      ['forty spaces', `Bearer${' '.repeat(40)}${T}`, taken],
      ['trailing space', `Bearer ${T} `, taken],
      ['trailing tab', `Bearer ${T}\t`, taken],
      ['leading space', ` Bearer ${T}`, taken],
      ['tab for the space', `Bearer\t${T}`, malformed('syntax')],
      ['space and tab', `Bearer \t${T}`, malformed('syntax')],
      ['no-break space for the space', `Bearer\u00a0${T}`, malformed('syntax')],
      ['its two bytes', `Bearer\u00c2\u00a0${T}`, malformed('syntax')],
      ['space and no-break space', `Bearer \u00a0${T}`, malformed('syntax')],
      ['trailing no-break space', `Bearer ${T}\u00a0`, malformed('syntax')],
      ['leading byte order mark', `\ufeffBearer ${T}`, malformed('syntax')],
      ['its three bytes', `\u00ef\u00bb\u00bfBearer ${T}`, malformed('syntax')],
      ['byte order mark before the token', `Bearer \ufeff${T}`, malformed('syntax')],
      ['its three bytes before the token', `Bearer \u00ef\u00bb\u00bf${T}`, malformed('syntax')],
      ['trailing carriage return', `Bearer ${T}\r`, malformed('syntax')],
      ['colon', `Bearer: ${T}`, malformed('syntax')],
      ['equals sign', `Bearer=${T}`, malformed('syntax')],
      ['quotation marks around everything', `"Bearer ${T}"`, malformed('syntax')],
      ['no space at all: another scheme', `Bearer${T}`, { found: 'none' }],
    ])('%s', (_name, value, answer) => expect(find(['Authorization', value])).toEqual(answer));
  });

  it.each<[string, readonly string[], Credential]>([
    ['no header at all', [], { found: 'none' }],
    ['Basic', ['Authorization', 'Basic dTpw'], { found: 'none' }],
    ['Digest with parameters', ['Authorization', 'Digest username="u", realm="r"'], { found: 'none' }],
    ['a signature scheme', ['Authorization', 'AWS4-HMAC-SHA256 Credential=a/b, Signature=c'], { found: 'none' }],
    ['a token without a scheme', ['Authorization', T], { found: 'none' }],
    ['a scheme alone', ['Authorization', 'Negotiate'], { found: 'none' }],
    ['a scheme that begins like ours', ['Authorization', `BearerToken ${T}`], { found: 'none' }],
    ['Bearer alone', ['Authorization', 'Bearer'], malformed('empty')],
    ['Bearer and a space', ['Authorization', 'Bearer '], malformed('empty')],
    ['Bearer and many spaces', ['Authorization', 'BEARER      '], malformed('empty')],
    ['an empty line', ['Authorization', ''], malformed('empty')],
    ['a blank line', ['Authorization', ' \t '], malformed('empty')],
    ['a name without value', ['Authorization'], malformed('empty')],
  ])('row 5: %s', (_name, headers, answer) => expect(find(headers)).toEqual(answer));

  it('row 6: an oversized text is handed on as one text, for its length to be refused without a hash', () => {
    const text = `kh_live_${'a'.repeat(8192)}`;
    expect(find(['Authorization', `Bearer ${text}`])).toEqual({ found: 'text', text });
    expect(readShape(text, KH)).toEqual({ is: 'broken', problem: 'length' });
  });

  it('row 7: more field lines than a server may have kept are refused, wherever the credential stands', () => {
    const lines = Array.from({ length: FIELD_LINES_MAX - 1 }, (_, at) => [`X-${at}`, 'v']).flat();
    const authorization = ['Authorization', `Bearer ${T}`];
    expect(find([...lines, ...authorization])).toEqual({ found: 'text', text: T });
    expect(find([...lines, 'X-One-More', 'v', ...authorization])).toEqual(malformed('too_many'));
    expect(find([...authorization, ...lines, 'X-One-More', 'v'])).toEqual(malformed('too_many'));
  });

  it('row 8: no control character in the value reaches a token', () => {
    const controls = [...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)), '\u007f'];
    for (const control of controls) {
      const code = control.charCodeAt(0);
      for (const value of [
        `Bearer ${T.slice(0, 9)}${control}${T.slice(9)}`,
        `Bearer ${control}${T}`,
        `Bearer${control}${T}`,
      ]) {
        expect(find(['Authorization', value]), `character ${code}`).toEqual(malformed('syntax'));
      }
      if (control === '\t') continue;
      expect(find(['Authorization', `Bearer ${T}${control}`]), `character ${code}`).toEqual(malformed('syntax'));
      expect(find(['Authorization', `${control}Bearer ${T}`]), `character ${code}`).toEqual(malformed('syntax'));
    }
    expect(find(['Authorization', `Bearer ${T}\r\nX-Evil: 1`])).toEqual(malformed('syntax'));
  });

  it('row 10: bytes beyond ASCII are no white space: the text is handed on whole and is not ours', () => {
    for (const strange of ['а', '\u00e9', '\u200b', '\uff11', Buffer.from('ж').toString('latin1')]) {
      const answer = find(['Authorization', `Bearer ${T}${strange}`]);
      expect(answer).toEqual({ found: 'text', text: `${T}${strange}` });
      expect(readShape(`${T}${strange}`, KH).is).not.toBe('ours');
    }
  });

  it('takes nothing from any value but one word behind Bearer, and answers every value', () => {
    const pieces = fc.constantFrom('Bearer', 'bearer', 'Basic', ' ', '  ', '\t', ',', '"', '\u00a0', '\r', 'a', '=', T);
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 6 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(values, (value) => {
        const answer = find(['Authorization', value]);
        const word = /^[ \t]*bearer +((?:(?!\u00ef\u00bb\u00bf)[^\0- ,\u007f\u00a0\ufeff])+)[ \t]*$/i.exec(value)?.[1];
        if (word === undefined) expect(answer.found).not.toBe('text');
        else expect(answer).toEqual({ found: 'text', text: word });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('findCredential with further headers', () => {
  const NAMES = ['x-api-key', 'api-key'];
  const text = (value: string): Credential => ({ found: 'text', text: value });

  it.each<[string, readonly string[], Credential]>([
    ['the bare token', ['X-API-Key', T], text(T)],
    ['white space around it', ['x-api-key', ` ${T}\t`], text(T)],
    ['a text that is not ours', ['X-Api-Key', 'abc'], text('abc')],
    ['nothing', ['X-API-Key', ''], malformed('empty')],
    ['the word Bearer as well', ['X-API-Key', `Bearer ${T}`], malformed('syntax')],
    ['two joined values', ['X-API-Key', `${T}, ${OTHER}`], malformed('syntax')],
    ['two lines', ['X-API-Key', T, 'x-api-key', T], malformed('duplicate')],
    ['an Authorization of another scheme', ['Authorization', 'Basic dTpw', 'X-API-Key', T], text(T)],
    ['an Authorization that is not ours', ['Authorization', `Bearer ${JWT}`, 'X-API-Key', T], text(T)],
    ['the same in the other order', ['X-API-Key', T, 'Authorization', `Bearer ${JWT}`], text(T)],
    ['neither of them ours', ['Authorization', `Bearer ${JWT}`, 'X-API-Key', 'abc'], text('abc')],
    ['an Authorization that is ours', ['Authorization', `Bearer ${T}`, 'X-API-Key', 'abc'], text(T)],
    ['both ours', ['Authorization', `Bearer ${T}`, 'X-API-Key', OTHER], malformed('two_methods')],
    ['the same token in both', ['Authorization', `Bearer ${T}`, 'X-API-Key', T], malformed('two_methods')],
    ['one of them damaged', ['Authorization', `Bearer ${T}0`, 'X-API-Key', T], malformed('two_methods')],
    ['a malformed Authorization', ['Authorization', 'Bearer', 'X-API-Key', T], malformed('empty')],
    [
      'two Authorization lines',
      ['Authorization', 'Basic a', 'Authorization', 'Basic b', 'X-API-Key', T],
      malformed('duplicate'),
    ],
    ['two further headers, both ours', ['Api-Key', T, 'X-API-Key', T], malformed('two_methods')],
    ['two further headers, the first ours', ['X-API-Key', T, 'Api-Key', 'abc'], text(T)],
    ['two further headers, the second ours', ['X-API-Key', 'abc', 'Api-Key', T], text(T)],
  ])('%s', (_name, headers, answer) => expect(find(headers, '/', NAMES)).toEqual(answer));

  it('does not look at a further header that nobody asked for', () => {
    expect(find(['X-API-Key', T])).toEqual({ found: 'none' });
  });
});

function find(rawHeaders: readonly string[], target: string | null = null, names: readonly string[] = []): Credential {
  return findCredential(rawHeaders, target, names, KH);
}

function malformed(problem: Extract<Credential, { found: 'malformed' }>['problem']): Credential {
  return { found: 'malformed', problem };
}
