import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERY_PROFILE, openProfileHouse, type ProfileHouse, said, saying } from './profile-house.ts';

const GUARDED = 'GET /behind/guarded HTTP/1.1';
/** Both are asked: a route of the company, and one of Keyhouse's own. */
const DOORS = [GUARDED, 'GET /v1/auth/test HTTP/1.1'] as const;

/** `$` is the good token; 200, or the reason. */
const FORMS: readonly (readonly [line: string, answer: 200 | 'invalid_request' | 'invalid_token' | 'none'])[] = [
  ['Authorization: Bearer $', 200],
  ['Authorization: bearer $', 200],
  ['Authorization: BEARER $', 200],
  ['AUTHORIZATION: bEaReR $', 200],
  ['Authorization:Bearer $', 200],
  ['Authorization: Bearer   $', 200],
  ['Authorization: Bearer $ \t ', 200],
  ['Authorization: Bearer\t$', 'invalid_request'],
  ['Authorization: Bearer \t$', 'invalid_request'],
  ['Authorization: Bearer\xa0$', 'invalid_request'],
  ['Authorization: Bearer \xa0$', 'invalid_request'],
  ['Authorization: \xef\xbb\xbfBearer $', 'invalid_request'],
  ['Authorization: Bearer \xef\xbb\xbf$', 'invalid_request'],
  ['Authorization: Bearer: $', 'invalid_request'],
  ['Authorization: Bearer=$', 'invalid_request'],
  ['Authorization: Bearer $ $', 'invalid_request'],
  ['Authorization: Bearer', 'invalid_request'],
  ['Authorization: Bearer ', 'invalid_request'],
  ['Authorization:', 'invalid_request'],
  ['Authorization: Bearer "$"', 'invalid_token'],
  ['Authorization: Bearer <$>', 'invalid_token'],
  ['Authorization: Bearer Bearer', 'invalid_token'],
  ['Authorization: Token $', 'none'],
  ['Authorization: Basic dXNlcjpwYXNz', 'none'],
  ['X-Nothing: at all', 'none'],
];

describe.each(EVERY_PROFILE.map((profile) => [profile.name, profile] as const))('%s', (_name, given) => {
  const { denials, realm } = given.errors;
  let at: ProfileHouse;
  let good: string;
  let other: string;
  beforeAll(async () => {
    at = await openProfileHouse(given);
    good = (await at.mint()).value;
    other = (await at.mint()).value;
  });
  afterAll(() => at?.close());

  it('row 1: takes neither of two Authorization lines, whichever is good, and reads nothing for them', async () => {
    const line = `Authorization: Bearer ${good}`;
    const pairs = [
      [line, line],
      [line, 'Authorization: Bearer other'],
      ['authorization: Bearer other', line],
      ['Authorization: Basic eDp5', line],
      [line, `Authorization: Bearer ${other}`],
    ];
    const help = 'The request has more than one Authorization header; send exactly one.';
    for (const door of DOORS) {
      expect((await at.send(door, [line])).status).toBe(200);
      for (const pair of pairs) {
        const answer = await at.send(door, pair);
        expect(said(answer)).toEqual(saying(at.profile, answer, 'invalid_request', { help }));
        expect(answer.status).toBe(denials.invalid_request.status);
      }
    }
  });

  it('row 2: tries none of several values in one line', async () => {
    for (const value of [`${good}, Bearer ${other}`, `${good},${good}`, `${good} ${other}`, `, Bearer ${good}`]) {
      for (const door of DOORS) {
        const answer = await at.send(door, [`Authorization: Bearer ${value}`]);
        expect(answer.status, value.replaceAll(good, '$')).toBe(denials.invalid_request.status);
        expect(answer.headers['www-authenticate']).toContain('error="invalid_request"');
        expect(answer.body).not.toContain(good);
      }
    }
  });

  it('row 3: takes no token from the address, and reports its use without the value', async () => {
    for (const path of ['/behind/guarded', '/v1/auth/test']) {
      at.house.events.length = 0;
      const target = `GET ${path}?x=1&access_token=${good} HTTP/1.1`;
      const alone = await at.send(target);
      expect([alone.status, alone.headers['www-authenticate']]).toEqual([401, expect.not.stringContaining('error=')]);
      expect(at.house.events).toMatchObject([{ event: 'token_in_url', path }]);
      const both = await at.send(target, [`Authorization: Bearer ${good}`]);
      expect(both.status).toBe(denials.invalid_request.status);
      expect(both.headers['www-authenticate']).toContain('error="invalid_request"');
      for (const { headers, body } of [alone, both]) expect(JSON.stringify([headers, body])).not.toContain(good);
      expect(at.house.logged()).not.toContain(good);
    }
  });

  it('row 3: never looks for a token in a form or a cookie', async () => {
    const form = `access_token=${good}`;
    const lines = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${form.length}`];
    const inForm = await at.send(`POST ${given.paths.tokens} HTTP/1.1`, lines, form);
    const inCookie = await at.send(GUARDED, [`Cookie: access_token=${good}; Authorization=Bearer ${good}`]);
    for (const answer of [inForm, inCookie]) {
      expect(said(answer)).toEqual(saying(at.profile, answer, 'authentication_required'));
    }
    const besides = await at.send(GUARDED, [`Authorization: Bearer ${good}`, `Cookie: access_token=${good}`]);
    expect(besides.status).toBe(200);
  });

  it.each(FORMS)('rows 4, 5: %j is answered %s', async (form, expected) => {
    for (const door of DOORS) {
      const answer = await at.send(door, [form.replaceAll('$', good)]);
      const { status, headers } = answer;
      if (expected === 200) expect(status).toBe(200);
      else if (expected === 'none') {
        expect([status, headers['www-authenticate']]).toEqual([401, expect.stringContaining(`realm="${realm}"`)]);
        expect(headers['www-authenticate']).not.toContain('error=');
      } else {
        expect(status).toBe(denials[expected].status);
        expect(headers['www-authenticate']).toContain(`error="${expected}", error_description="`);
      }
      expect(answer.body).not.toContain(good);
    }
  });

  it('row 5: says the same for nothing and for a scheme that is not ours, to the letter', async () => {
    for (const lines of [[], ['Authorization: Basic dXNlcjpwYXNz'], ['Authorization: Negotiate']]) {
      const answer = await at.send(GUARDED, lines);
      expect(said(answer)).toEqual(saying(at.profile, answer, 'authentication_required'));
      expect(answer.headers['www-authenticate']).toBe(`Bearer realm="${realm}"`);
    }
  });

  it('row 5: helps whoever sends nothing after Bearer, in the header where the body may not', async () => {
    const answer = await at.send(GUARDED, ['Authorization: Bearer']);
    const help = `Nothing stands after Bearer; the variable that should hold the ${given.words.token} is probably empty.`;
    expect(said(answer)).toEqual(saying(at.profile, answer, 'invalid_request', { help }));
    expect(answer.headers['www-authenticate']).toContain('Nothing stands after Bearer; the variable');
  });

  it('names the samples of its document when one is sent', async () => {
    for (const sample of given.token.samples) {
      const answer = await at.send(GUARDED, [`Authorization: Bearer ${sample}`]);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate'], sample).toMatch(/sample|placeholder/);
    }
  });
});
