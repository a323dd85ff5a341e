import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';
import { exchange, requestText } from '../../test/http/raw-socket.ts';
import type { DoorRequest } from '../http/index.ts';
import { type Listeners, startListeners } from './listeners.ts';

const GET = 'GET /v1/auth/test HTTP/1.1';

describe('the API listener, byte by byte', () => {
  let house: House;
  let listeners: Listeners;
  let port: number;
  let token: string;
  const seen: DoorRequest[] = [];

  beforeAll(async () => {
    house = await openHouse();
    token = (await house.mint({ limits: 'unlimited' })).value;
    listeners = await startListeners({
      api: {
        host: '127.0.0.1',
        port: 0,
        tls: null,
        answer: (request, callerOf) => {
          seen.push(request);
          return house.handler.answer(request, callerOf);
        },
        explainBroken: house.handler.explainBroken,
      },
      dashboard: null,
      operator: null,
      trustedProxies: null,
      onDraining: () => {},
    });
    port = listeners.api?.port as number;
  });
  afterAll(async () => {
    await listeners.close();
    await house.close();
  });

  const ask = async (...lines: string[]): Promise<number | undefined> =>
    (await exchange(port, requestText(GET, lines), { answers: 1 })).statuses[0];

  it('row 1: two Authorization lines are refused, whichever is good', async () => {
    const good = `Authorization: Bearer ${token}`;
    expect(await ask(good)).toBe(200);
    expect(await ask(good, good)).toBe(400);
    expect(await ask(good, 'Authorization: Bearer other')).toBe(400);
    expect(await ask('authorization: Bearer other', good)).toBe(400);
    expect(await ask('Authorization: Basic eDp5', good)).toBe(400);
  });

  it('row 2: two tokens in one line are refused', async () => {
    expect(await ask(`Authorization: Bearer ${token}, Bearer ${token}`)).toBe(400);
    expect(await ask(`Authorization: Bearer ${token} ${token}`)).toBe(400);
    expect(await ask(`Authorization: Bearer ${token},${token}`)).toBe(400);
  });

  it('row 3: a token in the URL is never accepted, and its use is reported without the value', async () => {
    const alone = await exchange(port, requestText(`GET /v1/auth/test?access_token=${token} HTTP/1.1`, []), {
      answers: 1,
    });
    expect(alone.statuses).toEqual([401]);
    const both = requestText(`GET /v1/auth/test?access_token=${token} HTTP/1.1`, [`Authorization: Bearer ${token}`]);
    expect((await exchange(port, both, { answers: 1 })).statuses).toEqual([400]);
    expect(house.events).toMatchObject([{ event: 'token_in_url', path: '/v1/auth/test', ip: '127.0.0.1' }]);
    expect(house.logged()).not.toContain(token);
    expect(await ask(`Cookie: access_token=${token}`)).toBe(401);
  });

  const FORMS: readonly (readonly [line: string, status: number])[] = [
    ['Authorization: Bearer $', 200],
    ['Authorization: bearer $', 200],
    ['Authorization: BEARER $', 200],
    ['Authorization: bEaReR $', 200],
    ['AUTHORIZATION: Bearer $', 200],
    ['Authorization:Bearer $', 200],
    ['Authorization:   Bearer $', 200],
    ['Authorization: Bearer   $', 200],
    ['Authorization: Bearer $   ', 200],
    ['Authorization: Bearer $\t', 200],
    ['Authorization: Bearer\t$', 400],
    ['Authorization: Bearer \t$', 400],
    ['Authorization: Bearer\xa0$', 400],
    ['Authorization: Bearer \xa0$', 400],
    ['Authorization: \xef\xbb\xbfBearer $', 400],
    ['Authorization: Bearer \xef\xbb\xbf$', 400],
    ['Authorization: Bearer "$"', 401],
    ['Authorization: Bearer <$>', 401],
    ['Authorization: Bearer: $', 400],
    ['Authorization: Bearer=$', 400],
    ['Authorization: Bearer$', 401],
    ['Authorization: $', 401],
    ['Authorization: Token $', 401],
    ['Authorization: Basic $', 401],
  ];
  it.each(FORMS)('row 4: %j is answered %i', async (line, status) => {
    const bytes = Buffer.from(requestText(GET, [line.replace('$', token)]), 'latin1');
    expect((await exchange(port, bytes, { answers: 1 })).statuses[0]).toBe(status);
  });

  it('row 5: no credential or another scheme is 401 without an error code, an empty Bearer is 400', async () => {
    for (const lines of [[], ['Authorization: Basic dXNlcjpwYXNz']]) {
      const { statuses, text } = await exchange(port, requestText(GET, lines), { answers: 1 });
      expect(statuses).toEqual([401]);
      expect(text).toMatch(/WWW-Authenticate: Bearer realm="[^"]+"\r\n/);
    }
    expect(await ask('Authorization: Bearer')).toBe(400);
    expect(await ask('Authorization: Bearer ')).toBe(400);
    expect(await ask('Authorization:')).toBe(400);
  });

  it('row 6: a long token is 401, header lines beyond 16 KiB are 431 and end the connection', async () => {
    expect(await ask(`Authorization: Bearer kh_live_${'a'.repeat(8_000)}`)).toBe(401);
    for (const size of [17_000, 1_000_000]) {
      const answer = await exchange(port, requestText(GET, [`Authorization: Bearer ${'a'.repeat(size)}`]));
      expect(answer.statuses).toEqual([431]);
      expect(answer.closed).toBe(true);
    }
  });

  it('row 7: a hundred header fields are read, one more is 431, and none is dropped on the way', async () => {
    const withFields = (count: number): Promise<number | undefined> =>
      // Host and Authorization count too; Authorization comes last.
      ask(...Array.from({ length: count - 2 }, (_, index) => `a${index}:`), `Authorization: Bearer ${token}`);
    expect(await withFields(99)).toBe(200);
    expect(await withFields(100)).toBe(200);
    expect(await withFields(101)).toBe(431);
    expect(await withFields(2_001)).toBe(431);
  });

  const BROKEN: readonly (readonly [name: string, bytes: string])[] = [
    ['a folded line', `${GET}\r\nHost: x\r\nAuthorization: Bearer\r\n  $\r\n\r\n`],
    ['a space before the colon', `${GET}\r\nHost: x\r\nAuthorization : Bearer $\r\n\r\n`],
    ['a bare CR in a value', `${GET}\r\nHost: x\r\nX: a\rb\r\nAuthorization: Bearer $\r\n\r\n`],
    ['a NUL in a value', `${GET}\r\nHost: x\r\nX: a\0b\r\nAuthorization: Bearer $\r\n\r\n`],
    ['a control byte in a value', `${GET}\r\nHost: x\r\nX: a\x07b\r\nAuthorization: Bearer $\r\n\r\n`],
    ['a DEL in a name', `${GET}\r\nHost: x\r\nX\x7f: a\r\nAuthorization: Bearer $\r\n\r\n`],
    ['lines that end in LF alone', `${GET}\nHost: x\nAuthorization: Bearer $\n\n`],
    ['no Host', `${GET}\r\nAuthorization: Bearer $\r\n\r\n`],
    ['two Hosts', `${GET}\r\nHost: x\r\nHost: y\r\nAuthorization: Bearer $\r\n\r\n`],
    [
      'another authority than Host',
      `GET http://other/v1/auth/test HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $\r\n\r\n`,
    ],
  ];
  it.each(BROKEN)('row 8: %s is 400 and ends the connection', async (_name, bytes) => {
    const before = seen.length;
    const answer = await exchange(port, Buffer.from(bytes.replace('$', token), 'latin1'));
    expect(answer.statuses).toEqual([400]);
    expect(answer.closed).toBe(true);
    expect(seen.length).toBe(before);
  });

  it.each([
    [`Authorization: Bearer $\n`],
    [`Authorization: Bearer\n$`],
    [`Authorization: Bearer $\r`],
    [`Authorization: Bearer\r\n $`],
  ])('row 8: %j is told that a line break got into its credential, without any of it', async (line) => {
    const before = seen.length;
    const bytes = `${GET}\r\nHost: x\r\n${line.replace('$', token)}\r\n\r\n${GET}\r\nHost: x\r\n\r\n`;
    const { statuses, text, closed } = await exchange(port, Buffer.from(bytes, 'latin1'));
    expect([statuses, closed, seen.length]).toEqual([[400], true, before]);
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      status: 400,
      code: 'invalid_request',
      detail: expect.stringContaining('There is a line break in the Authorization header'),
    });
    expect(text).not.toContain(token.slice(-32, -6));
  });

  const HIDDEN = `GET /v1/auth/test?hidden HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $\r\n\r\n`;
  const POST = 'POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const SMUGGLED: readonly (readonly [name: string, bytes: string])[] = [
    [
      'Content-Length with Transfer-Encoding',
      `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
    ],
    [
      'Transfer-Encoding twice',
      `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${HIDDEN}`,
    ],
    ['an unknown coding', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
    ['a coding after chunked', `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n${HIDDEN}`],
    ['a vertical tab before the coding', `${POST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
    ['a space in the name', `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
    ['two lengths', `${POST}Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello${HIDDEN}`],
    ['two lengths in one line', `${POST}Content-Length: 0, 5\r\n\r\nhello${HIDDEN}`],
    ['a signed length', `${POST}Content-Length: +1\r\n\r\na${HIDDEN}`],
    ['a hexadecimal length', `${POST}Content-Length: 0x1\r\n\r\na${HIDDEN}`],
    ['a negative length', `${POST}Content-Length: -1\r\n\r\n${HIDDEN}`],
    ['a length with a letter', `${POST}Content-Length: 1a\r\n\r\na${HIDDEN}`],
    ['an empty length', `${POST}Content-Length:\r\n\r\n${HIDDEN}`],
    ['a length beyond any integer', `${POST}Content-Length: 99999999999999999999999\r\n\r\n${HIDDEN}`],
    ['a chunk size that ends in LF', `${POST}Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n${HIDDEN}`],
    ['a chunk that ends in LF', `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\n0\r\n\r\n${HIDDEN}`],
    ['a chunk size with 0x', `${POST}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${HIDDEN}`],
    ['a signed chunk size', `${POST}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n${HIDDEN}`],
    ['a chunk longer than it says', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n${HIDDEN}`],
    [
      'chunked in HTTP/1.0',
      `POST /v1/tokens HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
    ],
    ['HTTP/2 on this connection', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HIDDEN}`],
    ['an unknown version', `GET /healthz HTTP/1.9\r\nHost: x\r\n\r\n${HIDDEN}`],
    ['white space before the first line', ` GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${HIDDEN}`],
    ['a folded Content-Length', `${POST}Content-Length:\r\n 5\r\n\r\nhello${HIDDEN}`],
  ];
  it.each(SMUGGLED)('row 9: after %s the hidden request is never executed', async (_name, bytes) => {
    const before = seen.length;
    const answer = await exchange(port, Buffer.from(bytes.replaceAll('$', token), 'latin1'));
    expect(answer.closed).toBe(true);
    expect(seen.slice(before).filter((request) => request.target.includes('hidden'))).toEqual([]);
    expect(answer.statuses.every((status) => status >= 400)).toBe(true);
  });

  it('row 48: a refusal does not wait for the body and takes next to nothing of it', async () => {
    const lines = ['Authorization: Bearer wrong', 'Content-Type: application/json', `Content-Length: ${1024 ** 3}`];
    const answer = await exchange(port, requestText('POST /v1/tokens HTTP/1.1', lines, 'x'.repeat(300_000)));
    expect(answer.statuses).toEqual([401]);
    expect(answer.text).toMatch(/Connection: close/i);
    expect(answer.closed).toBe(true);
  });

  it('row 48: a client that waits for permission is refused without it, and let on with it', async () => {
    const lines = (value: string) => [
      `Authorization: Bearer ${value}`,
      'Content-Type: application/json',
      'Content-Length: 2',
      'Expect: 100-continue',
    ];
    const post = 'POST /v1/tokens/current/rotate HTTP/1.1';
    const refused = await exchange(port, requestText(post, lines('wrong')), { answers: 1 });
    expect(refused.text).not.toMatch(/100 Continue/);
    expect(refused.statuses).toEqual([401]);
    const rotated = (await house.mint()).value;
    const accepted = await exchange(port, requestText(post, lines(rotated), '{}'), { answers: 1 });
    expect(accepted.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n/);
    expect(accepted.statuses).toEqual([201]);
  });

  it('row 40: TRACE is answered 405 like any method a path does not have', async () => {
    const { statuses, text } = await exchange(port, requestText('TRACE /v1/auth/test HTTP/1.1', []), { answers: 1 });
    expect(statuses).toEqual([405]);
    expect(text).toMatch(/Allow: GET, HEAD, OPTIONS\r\n/);
  });

  it('row 40: HEAD is a GET without its body', async () => {
    const lines = [`Authorization: Bearer ${token}`, 'Connection: close'];
    const head = await exchange(port, requestText('HEAD /v1/auth/test HTTP/1.1', lines));
    const get = await exchange(port, requestText(GET, lines));
    expect(head.statuses).toEqual([200]);
    expect(head.text.endsWith('\r\n\r\n')).toBe(true);
    expect(/Content-Length: (\d+)/.exec(head.text)?.[1]).toBe(/Content-Length: (\d+)/.exec(get.text)?.[1]);
  });
});
