import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProfile } from '../../examples/hosting/company.ts';
import { EVERYTHING } from '../../examples/hosting/first-start.ts';
import { type Profile, parseProfile } from '../../src/profile/index.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { type Company, type CompanyAnswer, type Key, openCompany } from './company.ts';
import { mountHosting } from './mount-hosting.ts';

type Hosting = Company<ReturnType<ReturnType<typeof mountHosting>>>;

/** The hoster that the example's README makes of it, in so many lines. */
function hosterOfReadme(): Profile {
  const readme = readFileSync(join(import.meta.dirname, '../../examples/hosting/README.md'), 'utf8');
  const parsed = parseProfile(JSON.parse(/^```json\n(.*?)^```$/ms.exec(readme)?.[1] ?? ''));
  if (parsed.ok) return parsed.profile;
  throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

const own = readProfile();
const northern = hosterOfReadme();

const profiles = [own, northern].map((profile) => [profile.company.name, profile] as const);
describe.each(profiles)('errors of %s', (_name, profile) => {
  const other = profile === own ? northern : own;
  let company: Hosting;
  let able: Key;
  beforeAll(async () => {
    company = await openCompany(profile, mountHosting(profile));
    able = await company.makeKey({ permissions: EVERYTHING, tier: 'unlimited' });
  });
  afterAll(() => company?.close());

  const withKey = (input: Readonly<Record<string, unknown>>, before?: () => void) => async () => {
    const { value } = await company.makeKey({ permissions: ['domains:read'], ...input });
    before?.();
    return company.ask('GET', '/v1/domains', value);
  };
  const ask = (method: string, path: string, body?: unknown) => () => company.ask(method, path, able.value, { body });

  const refusals: Readonly<Record<string, () => Promise<CompanyAnswer>>> = {
    '401 authentication_required': () => company.ask('GET', '/v1/domains'),
    '401 invalid_request': () => company.ask('GET', '/v1/domains', `${able.value} ${able.value}`),
    '401 invalid_token': () => company.ask('GET', '/v1/domains', 'YOUR_API_TOKEN'),
    '401 token_expired': withKey({ expires_in: '1h' }, () => company.house.clock.advance(3_600_000)),
    '403 ip_restricted': withKey({ ip_allowlist: ['192.0.2.1'] }),
    '403 insufficient_permissions': withKey({ permissions: ['dns:read'] }),
    '429 rate_limited': async () => {
      const { value } = await company.makeKey({ permissions: ['domains:read'], tier: 'limited' });
      for (let spent = 0; spent < 10; spent += 1) await company.house.verdict(value);
      return company.ask('GET', '/v1/domains', value);
    },
    '400 invalid_input': ask('POST', '/v1/domains', { name: 'shop.invalid', years: 1 }),
    '404 not_found': ask('GET', '/v1/domains/nobody-has-this.example'),
    '405 method_not_allowed': ask('PUT', '/v1/domains', {}),
    '409 conflict': async () => {
      const body = { name: 'twice.example', years: 1 };
      await company.ask('POST', '/v1/domains', able.value, { body });
      return company.ask('POST', '/v1/domains', able.value, { body });
    },
  };

  it.each(Object.entries(refusals))(
    'H1: %s is a problem in the company’s words, with whom to ask',
    async (expected, refuse) => {
      const { status, json, headers, text } = await refuse();
      const { supportUrl, supportEmail } = profile.company;
      expect(`${status} ${json.code}`).toBe(expected);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(json).toMatchObject({
        type: `${profile.company.apiBaseUrl}/guide#${json.code}`,
        title: expect.stringMatching(/^[A-Z]/),
        status,
        detail: expect.stringMatching(/^[A-Z].*\.$/),
        support: { url: supportUrl, email: supportEmail },
      });
      const everything = text + JSON.stringify([...headers]);
      expect(everything).not.toMatch(/keyhouse|\{\{|undefined|\[object/i);
      for (const theirs of [other.company.name, other.company.supportUrl, other.company.apiBaseUrl]) {
        expect(everything).not.toContain(theirs);
      }
    },
  );

  it.each([
    ['/guide', 'supportEmail'],
    ['/guide.md', 'supportEmail'],
    ['/llms.txt', 'supportUrl'],
  ] as const)('H1: %s speaks for this company, and sends its readers to it', async (path, contact) => {
    const { status, text, headers } = await company.ask('GET', path);
    const { apiBaseUrl, supportUrl } = profile.company;
    expect(status).toBe(200);
    for (const said of [profile.company.name, apiBaseUrl, supportUrl, profile.company[contact]]) {
      expect(text).toContain(said);
    }
    const everything = text + JSON.stringify([...headers]);
    for (const theirs of [other.company.name, other.company.supportUrl, other.company.apiBaseUrl]) {
      expect(everything).not.toContain(theirs);
    }
    expect(everything.replaceAll(/keyhouse-[a-z]+:/g, '')).not.toMatch(/keyhouse|\{\{\w+\}\}|undefined|\[object/i);
  });

  it('H1: every error’s type leads to a place of the guide that explains it', async () => {
    const { text } = await company.ask('GET', '/guide');
    const codes = Object.keys(refusals).map((refusal) => refusal.split(' ')[1]);
    expect(codes.filter((code) => !text.includes(`id="${code}"`))).toEqual([]);
  });

  it('H1: pages of the portal that the profile names may call, refused or not, and no others', async () => {
    const portal = 'https://portal.northern.example';
    const allowedTo = async (origin: string, method = 'GET', key: string | null = null) => {
      const headers = { origin, ...(method === 'OPTIONS' && { 'access-control-request-method': 'GET' }) };
      const answer = await company.ask(method, '/v1/domains', key, { headers });
      return [answer.status, answer.headers.get('access-control-allow-origin')];
    };
    const told = profile.cors.origins.includes(portal) ? portal : null;
    expect(told).toBe(profile === northern ? portal : null);
    expect(await allowedTo(portal)).toEqual([401, told]);
    expect(await allowedTo(portal, 'GET', able.value)).toEqual([200, told]);
    expect((await allowedTo(portal, 'OPTIONS'))[1]).toBe(told);
    expect((await allowedTo('https://elsewhere.example', 'GET', able.value))[1]).toBe(null);
  });

  it('H1: what the API answers and what Keyhouse answers on the same origin has one shape', async () => {
    const [ours, theirs] = await Promise.all([
      company.ask('GET', '/v1/domains/nobody-has-this.example', able.value),
      company.ask('GET', '/v1/nothing-is-here', able.value),
    ]);
    expect(Object.keys(ours.json)).toEqual(Object.keys(theirs.json));
    expect([ours.json.title, ours.json.type]).toEqual([theirs.json.title, theirs.json.type]);
    expect(ours.headers.get('content-type')).toBe(theirs.headers.get('content-type'));
  });
});

describe('a header that is not as it must be', () => {
  let company: Hosting;
  let able: Key;
  beforeAll(async () => {
    company = await openCompany(own, mountHosting(own));
    able = await company.makeKey({ permissions: ['domains:read'], tier: 'unlimited' });
  });
  afterAll(() => company?.close());

  /** Sends these lines as they are, `$` standing for a token that is good. */
  async function send(...lines: readonly string[]) {
    const bytes = Buffer.from(
      requestText(
        'GET /v1/domains HTTP/1.1',
        [...lines.map((line) => line.replaceAll('$', able.value)), 'Connection: close'],
        '',
      ),
      'latin1',
    );
    const { statuses, text } = await exchange(Number(new URL(company.url).port), bytes);
    const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
    return { statuses, head, problem: body === '' ? null : JSON.parse(body), text };
  }

  it.each([
    'Authorization: Bearer $',
    'authorization: bearer $',
    'Authorization:Bearer $',
    'Authorization: Bearer   $',
    'Authorization: Bearer $   ',
    'Authorization: Bearer $\t',
  ])('H8: %j says the same as the exact form, and is taken', async (line) => {
    const { statuses, problem } = await send(line);
    expect([statuses, problem.next_cursor]).toEqual([[200], null]);
  });

  const ONE_SPACE = /one space/;
  const PIECE = /white space, a line break or an invisible character/;
  const LINE_BREAK = /line break/;
  const QUOTES = /quotation marks? /i;
  const TABLE: readonly (readonly [sent: readonly string[], sentence: RegExp])[] = [
    [['Authorization: Bearer\t$'], ONE_SPACE],
    [['Authorization: Bearer \t$'], PIECE],
    [['Authorization: Bearer:$'], ONE_SPACE],
    [['Authorization: Bearer: $'], ONE_SPACE],
    [['Authorization: Bearer=$'], ONE_SPACE],
    [['Authorization: Bearer$'], ONE_SPACE],
    [['Authorization: Bearer\xa0$'], ONE_SPACE],
    [['Authorization: Bearer \xa0$'], PIECE],
    [['Authorization: Bearer $\xa0'], PIECE],
    [['Authorization: Bearer \xe2\x80\x8b$'], PIECE],
    [['Authorization: Bearer $\xef\xbb\xbf'], PIECE],
    [['Authorization: Bearer host_abc def'], PIECE],
    [['Authorization: Bearer $ $'], PIECE],
    [['Authorization: Bearer $\\n'], PIECE],
    [['Authorization: Bearer $%0A'], PIECE],
    [['Authorization: Bearer $%20'], PIECE],
    [['Authorization: Bearer $\n'], LINE_BREAK],
    [['Authorization: Bearer \n$'], LINE_BREAK],
    [['Authorization: Bearer\n$'], LINE_BREAK],
    [['Authorization: Bearer host_abc\ndef'], LINE_BREAK],
    [['Authorization: Bearer $\r'], LINE_BREAK],
    [['Authorization: Bearer', ' $'], LINE_BREAK],
    [['Authorization: Bearer "$"'], QUOTES],
    [["Authorization: Bearer '$'"], QUOTES],
    [['Authorization: "Bearer $"'], QUOTES],
    [['Authorization: Bearer \xe2\x80\x9c$\xe2\x80\x9d'], QUOTES],
    [['Authorization: Bearer <$>'], /brackets/i],
    [['Authorization: Bearer Bearer $'], /Bearer appears twice/],
    [['Authorization: BearerBearer $'], /Bearer/],
    [['Authorization: Authorization: Bearer $'], /name of the header is repeated/],
    [['Authorization: $'], /word Bearer is missing/],
    [['Authorization: Token $'], /scheme is not Bearer/],
    [['Authorization: Bearer'], /Nothing stands after Bearer/],
    [['Authorization: Bearer   '], /Nothing stands after Bearer/],
    [['Authorization:'], /Nothing stands after Bearer/],
    [['Authorization: Bearer $, Bearer $'], /Two credentials/],
    [['Authorization: Bearer $', 'Authorization: Bearer $'], /more than one Authorization header/],
    [['X-API-Key: $'], /arrived in another header/],
    [['Authorization: Bearer YOUR_TOKEN'], /sample API token of the documentation/],
    [['Authorization: Bearer your-token-here'], /sample API token of the documentation/],
    [['Authorization: Bearer undefined'], /variable/],
    [['Authorization: Bearer %API_TOKEN%'], /placeholder/],
  ];

  it.each(TABLE)('H8: %j is 401 with a sentence that helps', async (sent, sentence) => {
    const { statuses, head, problem, text } = await send(...sent);
    expect(statuses).toEqual([401]);
    expect(head).toMatch(/^Content-Type: application\/problem\+json/im);
    expect(head).toMatch(/^WWW-Authenticate: Bearer realm="API"/im);
    expect(head).toMatch(/^X-Request-Id: req_/im);
    expect(problem.detail).toMatch(sentence);
    expect(problem.support).toEqual({ url: 'https://support.example.com', email: 'support@example.com' });
    expect(text).not.toContain(able.value.slice(5, 31));
  });

  it('H8: a token that was copied wrongly is told how', async () => {
    const { value } = able;
    const wrongly: readonly (readonly [copied: string, sentence: RegExp])[] = [
      [value.slice(0, -1), /end of the API token is missing/],
      [value.slice(0, 20), /end of the API token is missing/],
      [value.slice('host_'.length), /beginning of the API token is missing/],
      [`${value}${value}`, /too many characters/],
      [value.toUpperCase(), /Capital and small letters/],
      [`${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`, /mistyped/],
      [`${value.slice(0, 9)}…${value.slice(-4)}`.replace('…', '\xe2\x80\xa6'), /shortened form/],
      [able.id, /identifier/],
    ];
    for (const [copied, sentence] of wrongly) {
      const { statuses, problem } = await send(`Authorization: Bearer ${copied}`);
      expect([copied.length, statuses, problem.code]).toEqual([copied.length, [401], 'invalid_token']);
      expect(problem.detail).toMatch(sentence);
    }
  });

  it('H8: the exact form stands in the answer to whoever missed it, in the document’s own words', async () => {
    const { problem } = await send('Authorization: Bearer\t$');
    expect(problem.detail).toContain('exactly "Bearer YOUR_TOKEN"');
  });

  it('H8: 403 names the missing scope in the body and in WWW-Authenticate, for each of the eight', async () => {
    const { value } = await company.makeKey({ permissions: [], tier: 'unlimited' });
    const operations =
      own.catalogue === 'open'
        ? []
        : own.catalogue.map(({ permission, operations: [first = ''] }) => [permission, first]);
    for (const [permission = '', operation = ''] of operations) {
      const [method = '', path = ''] = operation.split(' ');
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const answer = await company.ask(method, path.replace(/\{\w+\}/g, 'any.example'), value, { body });
      expect([permission, answer.status, answer.json.missing]).toEqual([permission, 403, [permission]]);
      expect(answer.json.detail).toContain(permission);
      const challenge = answer.headers.get('www-authenticate') ?? '';
      expect(challenge).toMatch(/^Bearer realm="API", error="insufficient_scope"/);
      expect(challenge).toContain(`scope="${permission}"`);
    }
    expect(operations).toHaveLength(8);
  });
});
