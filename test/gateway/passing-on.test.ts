import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { type GatewayHouse, openGatewayHouse } from './house.ts';
import { OK } from './recording-upstream.ts';

const trusted = parseIpAllowlist(['127.0.0.1']);
if (!trusted.ok) throw new Error('no list');

let house: GatewayHouse;
let generous: GatewayHouse;
beforeAll(async () => {
  house = await openGatewayHouse();
  generous = await openGatewayHouse(
    { keyHeaders: ['x-api-key'], forwardsToken: true, keepsHost: true },
    { cors: { ...keyhouse.cors, origins: ['https://app.example.com'] } },
    { trustedProxies: trusted.list, header: 'x-forwarded-for' },
  );
});
afterAll(async () => {
  await house.close();
  await generous.close();
});
beforeEach(() => {
  for (const { upstream } of [house, generous]) {
    upstream.forget();
    upstream.answer = OK;
  }
});

const send = (firstLine: string, lines: readonly string[] = [], body = '', at = house) =>
  exchange(at.port, requestText(firstLine, [`Authorization: Bearer ${at.token}`, ...lines], body), { answers: 1 });

/** Lines of the last request that the upstream got, without `req_…` ids. */
const reached = (at = house) =>
  at.upstream
    .text()
    .replace(/req_\w+/g, 'req_…')
    .split('\r\n');

const head = (answer: { text: string }) => answer.text.slice(0, answer.text.indexOf('\r\n\r\n')).split('\r\n');

describe('what reaches the upstream', () => {
  it('is the request that was judged, byte for byte, with who is asking and without the token', async () => {
    const { statuses } = await send(
      'GET /v1/servers/%C3%A4/x%20y?a=1&b=%2F..%00;\\ HTTP/1.1',
      ['Accept: a', 'Accept: b', 'Cookie: c=1', 'X-Odd:  two  words '],
      '',
    );
    expect(statuses).toEqual([200]);
    expect(reached()).toEqual([
      'GET /v1/servers/%C3%A4/x%20y?a=1&b=%2F..%00;\\ HTTP/1.1',
      `Host: 127.0.0.1:${house.upstream.port}`,
      'Accept: a',
      'Accept: b',
      'Cookie: c=1',
      'X-Odd: two  words',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: localhost',
      expect.stringMatching(/^Keyhouse-Token: tok_\w+$/),
      'Keyhouse-Owner: user-42',
      'Keyhouse-Workspace: org-7',
      'Keyhouse-Permissions: servers:read,servers:write',
      'Keyhouse-Environment: live',
      'Keyhouse-Request: req_…',
      'Connection: keep-alive',
      '',
      '',
    ]);
  });

  it('row 46: holds nothing that a client says in our name or in that of a proxy, however it spells it', async () => {
    const spoofed = [
      ...['Keyhouse-Owner', 'KEYHOUSE_OWNER', 'Keyhouse.Owner', 'keyhouse-anything', 'X-Auth-Key-ID', 'X_Auth_Key_ID'],
      ...['X-Forwarded-For', 'x_forwarded_for', 'X.Forwarded.Proto', 'X-Forwarded-Host', 'Forwarded', 'X-Real-IP'],
      ...['CF-Connecting-IP', 'X-Original-URL', 'X_Rewrite_URL', 'Proxy-Authorization', 'Content_Length'],
    ];
    const { statuses } = await send(
      'GET /v1/servers HTTP/1.1',
      spoofed.map((name) => `${name}: forged`),
    );
    expect(statuses).toEqual([200]);
    expect(house.upstream.text()).not.toContain('forged');
    expect(reached()).toContain('X-Forwarded-For: 127.0.0.1');
  });

  it('leaves out what is about the client’s own connection, and lets no `Connection` line take away what is ours', async () => {
    const { statuses } = await send('GET /v1/servers HTTP/1.1', [
      'Connection: keep-alive, Authorization, Keyhouse-Token, keyhouse_owner, X-Forwarded-For, X-Mine',
      ...['Keep-Alive: timeout=5', 'TE: trailers', 'Proxy-Connection: close', 'Upgrade: h2c', 'HTTP2-Settings: AAMA'],
      ...['X-Mine: 1', 'X-Other: 2'],
    ]);
    expect(statuses).toEqual([200]);
    const names = reached().map((line) => line.split(':')[0]);
    for (const gone of [
      'Keep-Alive',
      'TE',
      'Proxy-Connection',
      'Upgrade',
      'HTTP2-Settings',
      'X-Mine',
      'Authorization',
    ]) {
      expect(names).not.toContain(gone);
    }
    expect(reached()).toEqual(
      expect.arrayContaining([
        'X-Other: 2',
        'Keyhouse-Owner: user-42',
        'X-Forwarded-For: 127.0.0.1',
        'Connection: keep-alive',
      ]),
    );
  });

  it('row 42: is the path of an absolute target of the same host', async () => {
    expect((await send('GET http://LOCALHOST/v1/servers?x HTTP/1.1')).statuses).toEqual([200]);
    expect(reached()[0]).toBe('GET /v1/servers?x HTTP/1.1');
  });

  it('carries bodies framed as they came, and says where there is none', async () => {
    await send('POST /v1/servers HTTP/1.1', ['Content-Length: 5'], 'hello');
    expect(reached()).toContain('Content-Length: 5');
    await house.upstream.until('\r\n\r\nhello');
    house.upstream.forget();
    await send(
      'POST /v1/servers HTTP/1.1',
      ['Transfer-Encoding: Chunked', 'Trailer: Keyhouse-Owner'],
      '5\r\nhello\r\n0\r\nKeyhouse-Owner: forged\r\n\r\n',
    );
    await house.upstream.until('5\r\nhello\r\n0\r\n\r\n');
    expect(house.upstream.text()).not.toContain('forged');
    house.upstream.forget();
    await send('POST /v1/servers HTTP/1.1');
    expect(reached()).toContain('Content-Length: 0');
  });

  it('has the token, the client’s host and the address that a trusted proxy names where that is configured', async () => {
    const lines = ['X-Forwarded-For: 198.51.100.1, 203.0.113.9', 'X-Forwarded-Proto: https'];
    expect((await send('GET /v1/servers HTTP/1.1', lines, '', generous)).statuses).toEqual([200]);
    expect(reached(generous)).toEqual(
      expect.arrayContaining([
        `Authorization: Bearer ${generous.token}`,
        'Host: localhost',
        'X-Forwarded-For: 203.0.113.9',
        'X-Forwarded-Proto: https',
      ]),
    );
  });

  it('never has a token that came in a header of its own, unless tokens are sent on', async () => {
    const strict = await openGatewayHouse({ keyHeaders: ['x-api-key'] });
    try {
      const lines = [`X-Api-Key: ${strict.token}`, 'x_api_key: another'];
      const text = requestText('GET /v1/servers HTTP/1.1', lines);
      expect((await exchange(strict.port, text, { answers: 1 })).statuses).toEqual([200]);
      expect(strict.upstream.text()).toContain('Keyhouse-Owner: user-42');
      expect(strict.upstream.text()).not.toMatch(/x.api.key/i);
    } finally {
      await strict.close();
    }
  });
});

describe('what comes back', () => {
  it('is the upstream’s answer with limits and request id, and nothing of its connection', async () => {
    house.upstream.answer = [
      'HTTP/1.1 418 I am a teapot\r\nServer: Own\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nVary: Accept',
      'Connection: X-Inner, keep-alive\r\nX-Inner: 1\r\nKeep-Alive: timeout=9\r\nAlt-Svc: h3=":443"\r\nKeyhouse-Owner: x',
      'X-Request-Id: theirs\r\nX-Bytes: \xE4\r\nContent-Length: 3\r\n\r\ntea',
    ].join('\r\n');
    const { value } = await house.mint();
    const text = requestText('GET /v1/servers HTTP/1.1', [`Authorization: Bearer ${value}`]);
    const answer = await exchange(house.port, text, { answers: 1 });
    expect(head(answer)).toEqual(
      expect.arrayContaining([
        ...['HTTP/1.1 418 I am a teapot', 'Server: Own', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'Vary: Accept'],
        ...['Vary: Authorization', 'X-Bytes: \xE4', 'Content-Length: 3', 'X-RateLimit-Limit: 1000'],
        expect.stringMatching(/^X-Request-Id: req_/),
      ]),
    );
    expect(answer.text).not.toMatch(/X-Inner|timeout=9|Alt-Svc|Keyhouse-Owner|theirs/);
    expect(answer.text).toMatch(/\r\n\r\ntea$/);
  });

  it('has no body where HTTP has none, with the length that the upstream told', async () => {
    house.upstream.answer = 'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n';
    const two = requestText('HEAD /v1/servers HTTP/1.1', [`Authorization: Bearer ${house.token}`]);
    const heads = await exchange(house.port, two + two, { answers: 2 });
    expect(heads.statuses).toEqual([200, 200]);
    expect(heads.text.match(/Content-Length: 999/g)).toHaveLength(2);
    house.upstream.answer = 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 12\r\n\r\n';
    const kept = await send('GET /v1/servers HTTP/1.1');
    expect(head(kept)).toEqual(
      expect.arrayContaining(['HTTP/1.1 304 Not Modified', 'ETag: "x"', 'Content-Length: 12']),
    );
    house.upstream.answer = 'HTTP/1.1 204 No Content\r\n\r\n';
    const none = await send('GET /v1/servers HTTP/1.1');
    expect(none.text).not.toMatch(/Content-Length|Transfer-Encoding/);
  });

  it('carries trailers, but none that belong at the head', async () => {
    house.upstream.answer =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=1\r\nKeyhouse-Owner: x\r\n\r\n';
    const { text } = await exchange(
      house.port,
      requestText('GET /v1/servers HTTP/1.1', [`Authorization: Bearer ${house.token}`, 'Connection: close']),
    );
    expect(text).toContain('Trailer: X-Sum');
    expect(text).toMatch(/2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n$/);
  });

  it('ends with the connection for a client of HTTP/1.0', async () => {
    house.upstream.answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';
    const line = `GET /v1/servers HTTP/1.0\r\nAuthorization: Bearer ${house.token}\r\n\r\n`;
    const answer = await exchange(house.port, line);
    expect(answer.statuses).toEqual([200]);
    expect(answer.text).not.toContain('Transfer-Encoding');
    expect(answer.text).toMatch(/\r\n\r\nok$/);
    expect(house.upstream.text()).not.toContain('X-Forwarded-Host');
  });

  it('tells a browser what the profile says of origins, and that alone', async () => {
    generous.upstream.answer =
      'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\nContent-Length: 2\r\n\r\nok';
    const from = (origin: string) => send('GET /v1/servers HTTP/1.1', [`Origin: ${origin}`], '', generous);
    const ours = head(await from('https://app.example.com'));
    expect(ours).toContain('Access-Control-Allow-Origin: https://app.example.com');
    expect(ours.join()).not.toContain('Credentials');
    expect(head(await from('https://evil.example.com')).join()).not.toContain('Allow-Origin');
  });
});
