import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyhouse } from '../../src/profile/index.ts';
import { generateToken, systemRandom } from '../../src/token/index.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { within } from '../services/deadline.ts';
import { type GatewayHouse, openGatewayHouse } from './house.ts';
import { OK } from './recording-upstream.ts';

let house: GatewayHouse;
beforeAll(async () => {
  house = await openGatewayHouse({}, { cors: { ...keyhouse.cors, origins: ['https://app.example.com'] } });
});
afterAll(() => house.close());
beforeEach(() => {
  house.upstream.forget();
  house.upstream.answer = OK;
});

const bearer = () => `Authorization: Bearer ${house.token}`;

async function refused(firstLine: string, lines: readonly string[]): Promise<{ status: number; text: string }> {
  const { statuses, text } = await exchange(house.port, requestText(firstLine, lines), { answers: 1 });
  expect(house.upstream.text(), `${firstLine} ${lines}`).toBe('');
  return { status: statuses[0] ?? 0, text };
}

describe('a request that may not pass', () => {
  it('rows 1 to 5 and 13: without one clear credential it gets no further, and is told so in the profile’s words', async () => {
    const { token } = house;
    const unknown = generateToken(keyhouse.token, 'token', 'live', systemRandom);
    const cases: [readonly string[], number][] = [
      [[], 401],
      [['Authorization: Basic dXNlcjpwYXNz'], 401],
      [['Authorization: Bearer'], 400],
      [[bearer(), bearer()], 400],
      [[`Authorization: Bearer ${token}, Bearer ${token}`], 400],
      [[`Authorization: Bearer ${token} ${token}`], 400],
      [[`Authorization: Bearer\t${token}`], 400],
      [[`Authorization: Bearer ${token.slice(0, -1)}`], 401],
      [[`Authorization: Bearer ${token.replace('_live_', '_test_')}`], 401],
      [[`Authorization: Bearer ${unknown}`], 401],
      [[`X-Api-Key: ${token}`], 401],
    ];
    for (const [lines, status] of cases) {
      const answer = await refused('GET /v1/servers HTTP/1.1', lines);
      expect(answer.status, lines.join()).toBe(status);
      expect(answer.text).toContain('Content-Type: application/problem+json');
      expect(answer.text).toMatch(/"request_id":"req_\w+"/);
      expect(answer.text).not.toContain(token);
    }
    expect((await refused(`GET /v1/servers?access_token=${token} HTTP/1.1`, [])).status).toBe(401);
    expect((await refused(`GET /v1/servers?access_token=${token} HTTP/1.1`, [bearer()])).status).toBe(400);
  });

  it('rows 6 to 8: what is too large or no HTTP ends at the listener', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `X-${at}: 1`);
    const cases: [readonly string[], number][] = [
      [[`Authorization: Bearer ${'x'.repeat(17_000)}`], 431],
      [[...many(99), bearer()], 431],
      [[...many(2_001), bearer()], 431],
      [[bearer(), ' folded: yes'], 400],
      [[bearer(), 'X-Odd : 1'], 400],
      [[bearer(), 'X-Odd: a\rb'], 400],
      [[bearer(), 'X-Odd: a\0b'], 400],
    ];
    for (const [lines, status] of cases) {
      expect((await refused('GET /v1/servers HTTP/1.1', lines)).status, lines.join().slice(0, 60)).toBe(status);
    }
  });

  it('rows 28, 40 and 41: needs a rule for its method and path, and what that rule asks', async () => {
    const status = async (firstLine: string, lines: readonly string[] = []) =>
      (await refused(`${firstLine} HTTP/1.1`, [bearer(), ...lines])).status;
    expect(await status('GET /v1/admin/users')).toBe(403);
    expect(await status('HEAD /v1/admin/users')).toBe(403);
    expect(await status('GET /v2/servers')).toBe(403);
    expect(await status('GET /')).toBe(403);
    expect(await status('PATCH /v1/servers')).toBe(403);
    expect(await status('TRACE /v1/servers')).toBe(403);
    expect(await status('OPTIONS /v1/servers')).toBe(403);
    expect(await status('OPTIONS *')).toBe(403);
    for (const name of ['X-HTTP-Method-Override', 'x_http_method_override', 'X-HTTP-Method', 'X.Method.Override']) {
      expect(await status('POST /v1/servers', [`${name}: DELETE`]), name).toBe(400);
    }
  });

  it('row 39: is not repaired when its path can be read in two ways', async () => {
    const paths = [
      ...['/v1//servers', '/v1/./servers', '/v1/servers/../admin/users', '/v1/servers/%2e%2e/admin', '/v1/servers/%2E'],
      ...[
        '/v1/servers%2f..%2fadmin',
        '/v1/servers%5c..',
        '/v1/servers/..;/admin',
        '/v1/servers;p=1',
        '/v1/servers/%00',
      ],
      ...[
        '/v1/servers/%252e%252e/admin',
        '/v1/servers/%zz',
        '/v1/servers/%',
        '/v1/servers\\..\\admin',
        '/v1/servers#x',
      ],
      ...['//v1/servers', '/v1/SERVERS/1', '/v1/servers/%C0%AE%C0%AE/admin', '/v1/servers/%ff', '/v1/servers/%0a'],
    ];
    for (const path of paths) {
      const { status, text } = await refused(`GET ${path} HTTP/1.1`, [bearer()]);
      expect(status, path).toBe(path.includes('SERVERS') || path.includes('\\') ? status : 403);
      expect(status, path).toBeGreaterThanOrEqual(400);
      if (status === 403 && !path.includes('SERVERS')) expect(text, path).toContain('ambiguous_path');
    }
    expect((await refused('GET /v1/servers/\xC3\xA4 HTTP/1.1', [bearer()])).status).toBeGreaterThanOrEqual(400);
  });

  it('row 42: names one host, the same everywhere', async () => {
    const lines = [bearer()];
    const raw = async (text: string) => {
      const { statuses } = await exchange(house.port, text, { answers: 1 });
      expect(house.upstream.text(), text).toBe('');
      return statuses[0];
    };
    expect((await refused('GET http://other.example/v1/servers HTTP/1.1', lines)).status).toBe(400);
    expect((await refused('GET http://localhost@other/v1/servers HTTP/1.1', lines)).status).toBe(400);
    expect((await refused('GET /v1/servers HTTP/1.1', [...lines, 'Host: localhost'])).status).toBe(400);
    expect((await refused('CONNECT localhost:80 HTTP/1.1', lines)).status).toBe(0);
    for (const host of ['', 'Host: a b\r\n', 'Host: a/b\r\n', 'Host: a@b\r\n', 'Host: \r\n', 'Host: a, b\r\n']) {
      expect(await raw(`GET /v1/servers HTTP/1.1\r\n${host}${bearer()}\r\n\r\n`), host).toBe(400);
    }
  });

  it('says so to a page of another origin, whose preflight is answered before anything is asked', async () => {
    const asks = ['Origin: https://app.example.com', 'Access-Control-Request-Method: DELETE'];
    const preflight = await refused('OPTIONS /v1/servers/1 HTTP/1.1', asks);
    expect(preflight.status).toBe(204);
    expect(preflight.text).toContain('Access-Control-Allow-Origin: https://app.example.com');
    expect(preflight.text).toMatch(/Access-Control-Allow-Methods: .*DELETE/);
    const denied = await refused('GET /v1/servers HTTP/1.1', ['Origin: https://app.example.com']);
    expect(denied.status).toBe(401);
    expect(denied.text).toContain('Access-Control-Allow-Origin: https://app.example.com');
    const other = await refused('OPTIONS /v1/servers HTTP/1.1', ['Origin: https://evil.example', asks[1] as string]);
    expect(other.text).not.toContain('Access-Control-Allow');
  });

  it('row 48: is no WebSocket, which nobody could end when the token ends', async () => {
    const lines = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAA'];
    expect((await refused('GET /v1/servers HTTP/1.1', lines)).status).toBe(401);
    const { status, text } = await refused('GET /v1/servers HTTP/1.1', [bearer(), ...lines]);
    expect(status).toBe(501);
    expect(text).toContain('"code":"upgrade_not_offered"');
  });

  it('takes effect on the next request when its token is revoked, on the same connection', async () => {
    const { id, value } = await house.mint();
    const get = requestText('GET /v1/servers HTTP/1.1', [`Authorization: Bearer ${value}`]);
    expect((await exchange(house.port, get + get, { answers: 2 })).statuses).toEqual([200, 200]);
    const before = house.upstream.requestLines().length;
    await house.ask({ method: 'DELETE', target: `/v1/tokens/${id}`, token: value });
    expect((await exchange(house.port, get, { answers: 1 })).statuses).toEqual([401]);
    expect(house.upstream.requestLines()).toHaveLength(before);
  });
});

describe('row 9: a request within a request', () => {
  const HIDDEN = 'GET /v1/admin/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const framed: [string, readonly string[], string][] = [
    ['length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`],
    ['chunks and length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${HIDDEN}`],
    ['two codings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${HIDDEN}`],
    ['chunked twice', ['Transfer-Encoding: chunked, chunked'], `0\r\n\r\n${HIDDEN}`],
    ['a coding before', ['Transfer-Encoding: gzip, chunked'], `0\r\n\r\n${HIDDEN}`],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${HIDDEN}`],
    ['a coding in odd white space', ['Transfer-Encoding:\x0bchunked'], `0\r\n\r\n${HIDDEN}`],
    ['a coding with a space before the colon', ['Transfer-Encoding : chunked'], `0\r\n\r\n${HIDDEN}`],
    ['a coding on a folded line', ['Transfer-Encoding:', ' chunked'], `0\r\n\r\n${HIDDEN}`],
    ['a quoted coding', ['Transfer-Encoding: "chunked"'], `0\r\n\r\n${HIDDEN}`],
    ['two lengths', ['Content-Length: 0', `Content-Length: ${HIDDEN.length}`], HIDDEN],
    ['the same length twice', ['Content-Length: 5', 'Content-Length: 5'], `hello${HIDDEN}`],
    ['a list of lengths', [`Content-Length: 0, ${HIDDEN.length}`], HIDDEN],
    ['a length with a sign', ['Content-Length: +0'], HIDDEN],
    ['a negative length', ['Content-Length: -1'], HIDDEN],
    ['a hexadecimal length', ['Content-Length: 0x0'], HIDDEN],
    ['a length beyond numbers', ['Content-Length: 18446744073709551616'], HIDDEN],
    ['a line feed alone in a chunk', ['Transfer-Encoding: chunked'], `5\nhello\n0\n\n${HIDDEN}`],
    ['a chunk size with a sign', ['Transfer-Encoding: chunked'], `+5\r\nhello\r\n0\r\n\r\n${HIDDEN}`],
    ['a chunk size with 0x', ['Transfer-Encoding: chunked'], `0x5\r\nhello\r\n0\r\n\r\n${HIDDEN}`],
    ['a chunk longer than it says', ['Transfer-Encoding: chunked'], `2\r\nhello\r\n0\r\n\r\n${HIDDEN}`],
    ['a line feed in an extension', ['Transfer-Encoding: chunked'], `5;a\nb\r\nhello\r\n0\r\n\r\n${HIDDEN}`],
    ['an alias of a length', ['Content_Length: 5'], HIDDEN],
    ['an alias of a coding', ['Transfer_Encoding: chunked'], `0\r\n\r\n${HIDDEN}`],
    [
      'a length that Connection names',
      ['Connection: close, Content-Length', `Content-Length: ${HIDDEN.length}`],
      HIDDEN,
    ],
    [
      'a coding that Connection names',
      ['Connection: close, Transfer-Encoding', 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
    ],
  ];

  it.each(framed)('is never carried out: %s', async (name, lines, body) => {
    const path = `/v1/servers/${name.replaceAll(/\W/g, '-')}`;
    const text = requestText(`POST ${path} HTTP/1.1`, [bearer(), ...lines], body);
    const { statuses } = await exchange(house.port, text, { answers: 2 });
    // What stands behind the first request is asked about like any other, and has no token.
    expect(statuses.slice(1).every((status) => status >= 400)).toBe(true);
    const [head = '', ...rest] = house.upstream.text().split(`POST ${path} `)[1]?.split('\r\n\r\n') ?? [];
    expect(withoutBody(head, rest.join('\r\n\r\n'))).toBe('');
  });

  it('is never carried out: chunks of HTTP/1.0', async () => {
    const text = `POST /v1/servers HTTP/1.0\r\n${bearer()}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`;
    // Where more stands behind it, the connection may end before anything was said.
    expect((await exchange(house.port, text)).statuses).not.toContain(200);
    expect(house.upstream.text()).toBe('');
  });

  /** What stands behind the one body that the head of a request announces. */
  function withoutBody(head: string, rest: string): string {
    const length = /^content-length: (\d+)$/im.exec(head)?.[1];
    if (length !== undefined) return rest.slice(Number(length));
    if (!/^transfer-encoding: chunked$/im.test(head)) return rest;
    // A body that broke off is one whose last chunk is missing; nothing may follow it either.
    for (let left = rest; ; ) {
      const size = /^([0-9a-f]+)\r\n/i.exec(left);
      if (size === null) return left;
      left = left.slice(size[0].length + Number.parseInt(size[1] as string, 16) + 2);
      if (Number.parseInt(size[1] as string, 16) === 0) return left;
    }
  }
});

describe('row 48: a body that nobody wants', () => {
  it('is not read: of a gigabyte behind a bad token next to nothing is taken', async () => {
    const socket = connect({ host: '127.0.0.1', port: house.port });
    const piece = Buffer.alloc(64 * 1024);
    let taken = 0;
    let text = '';
    const ended = new Promise<void>((resolve) => {
      socket.on('error', () => {});
      socket.once('close', () => resolve());
    });
    const answered = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        text += chunk;
        if (text.includes('\r\n\r\n')) resolve();
      });
    });
    socket.write(
      requestText('POST /v1/servers HTTP/1.1', ['Authorization: Bearer nonsense', `Content-Length: ${2 ** 30}`]),
    );
    await within(answered, 10_000, 'the refusal');
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(text).toContain('Connection: close');
    const pump = (): void => {
      while (!socket.destroyed && taken < 2 ** 30) {
        taken += piece.length;
        if (!socket.write(piece)) {
          socket.once('drain', pump);
          return;
        }
      }
    };
    pump();
    await within(ended, 10_000, 'the connection ends');
    // What the kernel had taken before the connection ended; our side has read none of it.
    expect(taken).toBeLessThan(2 ** 30 / 64);
    expect(house.upstream.text()).toBe('');
  });

  it('is not asked for: a client that waits for 100 Continue gets its refusal, and a good one its turn', async () => {
    const lines = ['Content-Length: 5', 'Expect: 100-continue'];
    const bad = await refused('POST /v1/servers HTTP/1.1', ['Authorization: Bearer nonsense', ...lines]);
    expect(bad.text).not.toContain('100 Continue');
    const good = await exchange(house.port, requestText('POST /v1/servers HTTP/1.1', [bearer(), ...lines], 'hello'), {
      answers: 1,
    });
    expect(good.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(house.upstream.text()).not.toContain('Expect');
  });
});
