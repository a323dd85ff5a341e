import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProblem, Verifier, VerifierOptions } from '../../client/src/index.ts';
import { verifier } from '../../client/src/index.ts';
import { startChaosProxy } from '../services/chaos-proxy.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type Application, FRAMEWORKS } from './applications.ts';
import { type Authority, listen, openAuthority, stop } from './open-authority.ts';

const ROUTES = [{ path: '/servers', options: { permission: 'servers:read' } }];
const CANNOT = { status: 503, code: 'authority_unavailable' };

let authority: Authority;
let token: string;
beforeAll(async () => {
  authority = await openAuthority();
  token = (await authority.makeToken({ permissions: ['servers:read'] })).value;
});
afterAll(() => authority?.close());

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A resource API that asks these servers. */
async function guarded(options: Partial<VerifierOptions> & Pick<VerifierOptions, 'urls'>) {
  const problems: ServerProblem[] = [];
  const remote: Verifier = verifier({
    token: authority.verifyToken,
    timeoutMs: 10_000,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  const open = FRAMEWORKS['@keyhouse/client/express'] as (typeof FRAMEWORKS)[string];
  const app: Application = await open(remote, ROUTES);
  closers.push(
    () => app.close(),
    () => remote.close(),
  );
  const ask = async () => {
    const answer = await fetch(`${app.url}/servers`, { headers: { authorization: `Bearer ${token}` } });
    const { code = 'ok' } = (await answer.json()) as { code?: string };
    return { status: answer.status, code };
  };
  return { app, ask, problems };
}

async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  closers.push(() => stop(server));
  return { url: await listen(server), server };
}

/** A server that hands everything on to the real one, until it is told to do something else. */
async function frontOf(): Promise<{ url: string; act: (listener: RequestListener | null) => void }> {
  let instead: RequestListener | null = null;
  const { url } = await serve(async (request, response) => {
    if (instead !== null) return instead(request, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' };
    const answer = await fetch(authority.url + request.url, { method: 'POST', headers, body: Buffer.concat(chunks) });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  return {
    url,
    act: (listener) => {
      instead = listener;
    },
  };
}

/** Asks again until it passes: a server that failed rests for a second first. */
async function recovers(ask: () => Promise<{ status: number }>): Promise<void> {
  await eventually(async () => (await ask()).status === 200, 20_000, 'requests pass again');
}

const says =
  (status: number, text: string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);

const ACCEPTED = {
  allowed: true,
  code: 'ok',
  request_id: 'req_1',
  headers: {},
  rate_limit: null,
  token: { id: 't', owner: {}, workspace: {}, metadata: {}, effective_permissions: ['servers:read'] },
};
const accepted = (change: object): string => JSON.stringify({ ...ACCEPTED, ...change });

describe('a server that gives no verdict (rows 75, 99)', () => {
  it.each<[string, RequestListener]>([
    ['an error', says(500, '{"allowed":true}')],
    ['an error with a whole verdict', says(500, accepted({}))],
    ['another status', says(201, accepted({}))],
    ['a redirect', says(302, '', { location: 'http://127.0.0.1:9/' })],
    ['that its caller may not ask', says(403, '{"code":"insufficient_permissions"}')],
    ['nothing', says(200, '')],
    ['half an answer', says(200, accepted({}).slice(0, -5))],
    ['a page', says(200, '<html>allowed</html>')],
    ['null', says(200, 'null')],
    ['a batch', says(200, JSON.stringify({ results: [ACCEPTED] }))],
    ['a text for allowed', says(200, accepted({ allowed: 'true' }))],
    ['another code', says(200, accepted({ code: 'maybe' }))],
    ['no identity', says(200, accepted({ token: undefined }))],
    [
      'permissions that are no texts',
      says(200, accepted({ token: { ...ACCEPTED.token, effective_permissions: [1] } })),
    ],
    ['header fields that end the header', says(200, accepted({ headers: { 'X-A': 'a\r\nSet-Cookie: b' } }))],
    ['a refusal without what to send', says(200, '{"allowed":false,"code":"invalid_token","request_id":"req_1"}')],
    [
      'a refusal that is none',
      says(200, '{"allowed":false,"code":"x","request_id":"r","response":{"status":200,"headers":{},"body":{}}}'),
    ],
    ['more than anybody would say', says(200, `"${'a'.repeat(2_000_000)}"`)],
    ['the end of the connection', (request) => void request.socket.destroy()],
    [
      'the end in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write(accepted({}), () => response.destroy());
      },
    ],
  ])('%s: nothing passes, and the client gets 503', async (_, listener) => {
    const { url } = await serve(listener);
    const { ask, app, problems } = await guarded({ urls: [url] });
    expect(await ask()).toEqual(CANNOT);
    expect(app.handled()).toBe(0);
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain(token);
    expect(JSON.stringify(problems)).not.toContain(authority.verifyToken);
  });

  it('understands the answer that these are spoiled copies of', async () => {
    const { url } = await serve(says(200, accepted({})));
    const { ask } = await guarded({ urls: [url] });
    expect(await ask()).toEqual({ status: 200, code: 'ok' });
  });

  it('is not waited for longer than the time there is', async () => {
    const { url } = await serve(() => {});
    const { ask, problems } = await guarded({ urls: [url], timeoutMs: 50 });
    expect(await ask()).toEqual(CANNOT);
    expect(problems).toEqual([{ url, problem: 'no answer in time' }]);
  });

  it('is not waited for when it sends its answer byte by byte', async () => {
    const { url } = await serve((_, response) => void response.writeHead(200).write('{'));
    const { ask } = await guarded({ urls: [url], timeoutMs: 50 });
    expect(await ask()).toEqual(CANNOT);
  });

  it('answers in the words of the application, where it has some', async () => {
    const { url } = await serve(says(500, ''));
    const remote = verifier({
      urls: [url],
      token: 'door',
      unavailable: (id) => ({ status: 503, headers: { 'X-Request-Id': id }, body: { message: 'Later.' } }),
    });
    closers.push(() => remote.close());
    const request = { rawHeaders: [], url: '/', method: 'GET', ip: null };
    const result = await remote.authenticate(request, { allOf: [] });
    expect(result).toMatchObject({
      denial: { reason: 'authority_unavailable' },
      response: { body: { message: 'Later.' } },
    });
  });
});

describe('several servers', () => {
  it('asks the next one where the first gives no verdict, within the same time', async () => {
    const silent = await serve(() => {});
    const broken = await serve(says(500, ''));
    const { ask, problems } = await guarded({ urls: [silent.url, broken.url, authority.url], timeoutMs: 3_000 });
    expect(await ask()).toEqual({ status: 200, code: 'ok' });
    expect(problems.map(({ url }) => url)).toEqual([silent.url, broken.url]);
  });

  it('takes the first verdict, also a refusal', async () => {
    const first = await frontOf();
    const { ask, problems } = await guarded({ urls: [first.url, authority.url] });
    expect(await ask()).toEqual({ status: 200, code: 'ok' });
    const refusal = { status: 401, headers: {}, body: { code: 'invalid_token' } };
    first.act(says(200, JSON.stringify({ allowed: false, code: 'invalid_token', request_id: 'r', response: refusal })));
    expect(await ask()).toEqual({ status: 401, code: 'invalid_token' });
    expect(problems).toEqual([]);
  });
});

describe('recovery', () => {
  it('leaves a server alone that failed three times, and tries it again with one request', async () => {
    const front = await frontOf();
    let asked = 0;
    const waiting: (() => void)[] = [];
    const { ask, app } = await guarded({ urls: [front.url] });
    front.act((request, response) => {
      asked += 1;
      says(500, '')(request, response);
    });
    for (let times = 0; times < 10; times++) expect(await ask()).toEqual(CANNOT);
    expect(asked).toBe(3);
    front.act((_, response) => {
      asked += 1;
      waiting.push(() => response.writeHead(500).end());
    });
    const probes = () => {
      void ask();
      return asked === 4;
    };
    await eventually(probes, 20_000, 'one request tries the server');
    const meanwhile = await Promise.all([ask(), ask(), ask()]);
    expect(meanwhile).toEqual([CANNOT, CANNOT, CANNOT]);
    expect(asked, 'one request at a time tries').toBe(4);
    front.act(null);
    for (const answer of waiting) answer();
    expect(app.handled()).toBe(0);
    await recovers(ask);
    expect(app.handled()).toBe(1);
  });

  it.each(['refuse', 'stall', 'cut'] as const)(
    'goes on without a restart after the network did this: %s',
    async (fault) => {
      const { hostname, port } = new URL(authority.url);
      const relay = await startChaosProxy({ host: hostname, port: Number(port) });
      closers.push(() => relay.close());
      const { ask, app } = await guarded({ urls: [relay.through(authority.url)], timeoutMs: 1_500 });
      expect(await ask()).toMatchObject({ status: 200 });
      relay[fault]();
      const during = await Promise.all([ask(), ask(), ask()]);
      if (fault !== 'cut') {
        expect(during).toEqual([CANNOT, CANNOT, CANNOT]);
        expect(app.handled()).toBe(1);
      }
      relay.heal();
      await recovers(ask);
    },
  );

  it('is not kept from asking by questions that the server refuses', async () => {
    const front = await frontOf();
    const { ask } = await guarded({ urls: [front.url] });
    front.act(says(400, '{"code":"invalid_input"}'));
    for (let times = 0; times < 5; times++) expect(await ask()).toEqual(CANNOT);
    front.act(null);
    expect(await ask()).toEqual({ status: 200, code: 'ok' });
  });

  it('takes a kept connection that was closed in between for no failure', async () => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections += 1;
      let answered = 0;
      socket.on('error', () => {});
      socket.on('data', () => {
        if (answered++ > 0) return socket.resetAndDestroy();
        const body = accepted({});
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { ask, problems } = await guarded({ urls: [url] });
    for (let times = 0; times < 4; times++) expect(await ask()).toEqual({ status: 200, code: 'ok' });
    expect([problems, connections]).toEqual([[], 4]);
  });
});

describe('options that cannot work', () => {
  it.each<[string, Partial<VerifierOptions>]>([
    ['no server', { urls: [] }],
    ['no address', { urls: ['keyhouse'] }],
    ['another protocol', { urls: ['ftp://a.example'] }],
    ['a password in an address', { urls: ['https://me:secret-word@a.example'] }],
    ['a token of two lines', { token: 'secret-word\n' }],
    ['no time', { timeoutMs: 0 }],
    ['a relative path', { tokensPath: 'v1/tokens' }],
  ])('%s: are told at once, without what is secret', (_, options) => {
    const make = () => verifier({ urls: ['http://127.0.0.1:1'], token: 'door', ...options });
    expect(make).toThrow(TypeError);
    expect(make).not.toThrow(/secret-word/);
  });
});

suiteNeeding(['openssl'], 'a server with a certificate', () => {
  let folder: string;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-client-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const pem = { key: readFileSync(key), cert: readFileSync(cert) };
    server = createTlsServer(pem, says(200, accepted({}))) as unknown as Server;
    url = (await listen(server)).replace('http:', 'https:');
  });
  afterAll(() => {
    stop(server);
    rmSync(folder, { recursive: true, force: true });
  });
  const named = (host: string): string => url.replace('127.0.0.1', host);

  it('is believed with its authority, and under no other name or authority', async () => {
    const ca = readFileSync(join(folder, 'cert.pem'), 'utf8');
    expect(await (await guarded({ urls: [named('localhost')], ca })).ask()).toMatchObject({ status: 200 });
    for (const options of [{ urls: [named('127.0.0.1')], ca }, { urls: [named('localhost')] }]) {
      const { ask, app, problems } = await guarded(options);
      expect(await ask()).toEqual(CANNOT);
      expect([app.handled(), problems.length]).toEqual([0, 1]);
    }
  });
});
