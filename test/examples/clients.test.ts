/**
 * The resource servers of `examples/clients`, compiled and started for real. Prevents examples that look right and let
 * somebody in: refusals, broken header lines, and every way in which Keyhouse can fail to answer.
 */
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, requestText } from '../http/raw-socket.ts';
import { type Served, serveKeyhouse } from '../oauth/served.ts';
import { type Need, suiteNeeding } from '../services/leftover.ts';
import { type RunningProcess, runProcess, startProcess } from '../services/process.ts';
import { startExample } from './running-example.ts';

interface Client {
  readonly name: 'go' | 'java';
  readonly needs: readonly Need[];
  readonly build: readonly [program: string, args: readonly string[]];
  readonly run: readonly [program: string, args: readonly string[]];
}

const CLIENTS: readonly Client[] = [
  { name: 'go', needs: ['go', 'curl'], build: ['go', ['build', '-o', 'servers', '.']], run: ['./servers', []] },
  {
    name: 'java',
    needs: ['java', 'curl'],
    build: ['javac', ['-Xlint:all', '-Werror', '-d', 'classes', 'Json.java', 'Keyhouse.java', 'ResourceServer.java']],
    run: ['java', ['-XX:TieredStopAtLevel=1', '-cp', 'classes', 'ResourceServer']],
  },
];
const ROOT = join(import.meta.dirname, '../..');
const UNKNOWN = 'kh_live_0000000000000000000000000000000z';

for (const client of CLIENTS) {
  suiteNeeding(client.needs, `the ${client.name} resource server`, () => {
    let folder: string;
    let env: Readonly<Record<string, string>>;
    let house: Served;
    let api: Api;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), `keyhouse-${client.name}-`));
      env = { GOCACHE: join(folder, 'cache'), GOPATH: join(folder, 'go'), HOME: folder };
      copyClient(client, join(folder, 'client'));
      const [program, args] = client.build;
      const built = await runProcess(program, args, { cwd: join(folder, 'client'), env });
      expect([built.code, built.stderr]).toEqual([0, '']);
      house = await serveKeyhouse();
      api = await startApi(`${house.api}/v1/tokens/verify`, house.door.value);
    }, 120_000);
    afterAll(async () => {
      await api?.process.stop();
      await house?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    interface Api {
      readonly url: string;
      readonly port: number;
      readonly process: RunningProcess;
    }

    async function startApi(verifyUrl: string, token: string): Promise<Api> {
      const [program, args] = client.run;
      const own = { ...env, KEYHOUSE_VERIFY_URL: verifyUrl, KEYHOUSE_TOKEN: token, PORT: '0' };
      const file = program.startsWith('./') ? join(folder, 'client', program) : program;
      const process = await startProcess(file, args, { cwd: join(folder, 'client'), env: own });
      const [, url = ''] = await process.waitForLine(/^Listening on (http:\/\/127\.0\.0\.1:\d+)$/);
      return { url, port: Number(new URL(url).port), process };
    }

    const ask = async ({ url }: Api, token: string | null, path = '/servers', method = 'GET') => {
      const headers = { ...(token !== null && { Authorization: `Bearer ${token}` }) };
      const answer = await fetch(url + path, { method, headers, redirect: 'manual' });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };

    it('answers who has the permission, with the limits of the token', async () => {
      const { id, value } = await house.mint({ limits: [{ name: 'hour', limit: 5, seconds: 3600 }] });
      const answer = await ask(api, value);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toEqual({ servers: ['web-1', 'web-2'], key: id });
      expect(answer.headers.get('X-RateLimit-Remaining')).toBe('4');
      expect((await ask(api, value, '/servers', 'HEAD')).text).toBe('');
      expect((await ask(api, value, '/servers', 'POST')).status).toBe(405);
      for (const path of ['/servers/', '/serversx', '/servers/x', '//servers', '/SERVERS', '/']) {
        expect((await ask(api, value, path)).text, path).not.toContain('web-1');
      }
    });

    it('refuses in the words of the company, byte for byte', async () => {
      const writer = await house.mint({ permissions: ['servers:write'] });
      const elsewhere = await house.mint({ ip_allowlist: ['203.0.113.9'] });
      const gone = await house.mint();
      expect((await ask(api, gone.value)).status).toBe(200);
      await house.keyhouse.tokens.revoke({ id: gone.id });
      const cases: [string | null, number, string][] = [
        [null, 401, 'authentication_required'],
        [UNKNOWN, 401, 'invalid_token'],
        [gone.value, 401, 'invalid_token'],
        [writer.value, 403, 'insufficient_permissions'],
        [elsewhere.value, 403, 'ip_restricted'],
      ];
      for (const [token, status, code] of cases) {
        const { headers, text, ...answer } = await ask(api, token);
        expect(answer.status, code).toBe(status);
        expect(headers.get('Content-Type')).toBe('application/problem+json');
        expect(headers.get('WWW-Authenticate')).toMatch(/^Bearer realm=/);
        const { request_id: requestId, ...body } = JSON.parse(text);
        expect(body).toMatchObject({ status, code });
        expect(requestId).toBe(headers.get('X-Request-Id'));
        const members = ['type', 'title', 'status', 'code', 'detail'];
        expect(Object.keys(JSON.parse(text)).slice(0, 5)).toEqual(members);
      }
    });

    it('rows 1 to 10: lets no broken or doubled header line through', async () => {
      const { value } = await house.mint();
      const good = `Authorization: Bearer ${value}`;
      const tab: [string, string[]] = ['/servers', [`Authorization: Bearer\t${value}`]];
      const forms: [string, string[]][] = [
        ['/servers', [good, good]],
        ['/servers', [good, `authorization: Bearer ${UNKNOWN}`]],
        ['/servers', [`${good}, Bearer ${value}`]],
        ['/servers', [`${good} x`]],
        ['/servers', [`Authorization: Basic ${value}`]],
        ['/servers', ['Authorization: Bearer']],
        // The JDK's server has made a space of it before anybody can look.
        ...(client.name === 'java' ? [] : [tab]),
        ['/servers', [`Authorization: Bearer "${value}"`]],
        ['/servers', [`Authorization: Bearer \u00a0${value}`]],
        ['/servers', [`Authorization : Bearer ${value}`]],
        ['/servers', ['Authorization: Bearer', ` ${value}x`]],
        ['/servers', [`X-Authorization: Bearer ${value}`]],
        ['/servers', [`Authorization: Bearer ${value.slice(0, -1)}\u0430`]],
        [`/servers?access_token=${value}`, []],
        [`/servers?access_token=${value}`, [good]],
        ['/servers', [`Authorization: Bearer ${'x'.repeat(12_000)}`]],
      ];
      for (const [path, lines] of forms) {
        const text = requestText(`GET ${path} HTTP/1.1`, [...lines, 'Connection: close']);
        const answer = await exchange(api.port, Buffer.from(text, 'utf8'));
        expect(answer.text, lines.join(' / ')).not.toContain('web-1');
        for (const status of answer.statuses) expect(status).toBeGreaterThanOrEqual(400);
      }
      const plain = requestText('GET /servers HTTP/1.1', [`AUTHORIZATION:   bearer ${value}`, 'Connection: close']);
      expect((await exchange(api.port, plain)).statuses, 'any case, any number of spaces').toEqual([200]);
    });

    it('lets nobody in while Keyhouse says nothing or nonsense, and goes on by itself afterwards', {
      timeout: 60_000,
    }, async () => {
      let behave: RequestListener = (_request, response) => void response.destroy();
      const pretender = createServer((request, response) => behave(request, response)).listen(0, '127.0.0.1');
      await once(pretender, 'listening');
      const { port } = pretender.address() as AddressInfo;
      const behind = await startApi(`http://127.0.0.1:${port}/v1/tokens/verify`, house.door.value);
      const text =
        (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
        (_request, response) =>
          void response.writeHead(status, headers).end(body);
      const allowed = '{"allowed":true,"headers":{},"token":{"id":"tok_x"}}';
      const wrong: RequestListener[] = [
        behave,
        text(200, ''),
        text(200, 'allowed'),
        text(200, '[]'),
        text(200, '{"allowed":true}'),
        text(200, '{"allowed":"true","token":{"id":"tok_x"}}'),
        text(200, `${allowed}x`),
        text(200, '{"allowed":false}'),
        text(200, '{"allowed":false,"response":{"status":200,"headers":{},"body":{}}}'),
        text(201, allowed),
        text(401, allowed),
        text(500, allowed),
        text(302, '', { Location: `http://127.0.0.1:${port}/elsewhere` }),
        // Says nothing at all, and nothing after the head.
        () => {},
        (_request, response) => void response.writeHead(200, { 'Content-Length': '99' }).write(allowed),
      ];
      try {
        for (const [at, listener] of wrong.entries()) {
          behave = listener;
          const answer = await ask(behind, UNKNOWN);
          expect(answer.status, `way ${at}`).toBe(503);
          expect(answer.text).not.toContain('web-1');
        }
        behave = text(200, allowed);
        expect((await ask(behind, UNKNOWN)).status).toBe(200);
        const closed = once(pretender, 'close');
        pretender.close();
        pretender.closeAllConnections();
        await closed;
        expect((await ask(behind, UNKNOWN)).status, 'nobody listens').toBe(503);
        expect(behind.process.stdout() + behind.process.stderr(), 'row 19').not.toContain(house.door.value);
      } finally {
        pretender.close();
        pretender.closeAllConnections();
        await behind.process.stop();
      }
    });

    it('is started by the commands of its README', { timeout: 120_000 }, async () => {
      const clean = join(folder, 'clean');
      copyClient(client, clean);
      const readme = readFileSync(join(clean, 'README.md'), 'utf8');
      const [first = '', ...typed] = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text.trim());
      expect(first).toBe('npm run example -- deployerp');
      const example = await startExample('deployerp');
      try {
        const port = await freePort();
        const script = typed
          .join('\n')
          .replaceAll('http://localhost:8000', example.api)
          .replaceAll('http://localhost:8080', `http://127.0.0.1:${port}`)
          .replace('PORT=8080', `PORT=${port}`)
          .replace(`cd examples/clients/${client.name}`, `cd ${clean}`);
        const shell = `set -e\ntrap 'kill $! 2>/dev/null' EXIT\n${script}`;
        const ended = await runProcess('bash', ['-c', shell], { env: { ...env, TOKEN: example.token ?? '' } });
        expect(ended.code, ended.stderr).toBe(0);
        expect(ended.stdout).toContain('"servers":["web-1","web-2"]');
        expect(ended.stdout).toContain('{"error":{"code":"authentication_required"');
      } finally {
        await example.close();
      }
    });
  });
}

describe('the clients', () => {
  it('are written with the standard library alone', () => {
    const go = ['main.go', 'keyhouse.go'].map((name) => readFileSync(join(ROOT, 'examples/clients/go', name), 'utf8'));
    const java = CLIENTS[1]?.build[1]
      .filter((name) => name.endsWith('.java'))
      .map((name) => readFileSync(join(ROOT, 'examples/clients/java', name), 'utf8'));
    expect(readFileSync(join(ROOT, 'examples/clients/go/go.mod'), 'utf8')).not.toContain('require');
    expect(go.join().match(/^\t"[^"]*\.[^"]*"$/gm)).toBeNull();
    expect(java?.join('\n').match(/^import (?!java\.|com\.sun\.net\.httpserver\.).*/gm)).toBeNull();
  });
});

function copyClient({ name }: Client, to: string): void {
  cpSync(join(ROOT, 'examples/clients', name), to, {
    recursive: true,
    filter: (path) => !/[/\\](?:servers|classes)$/.test(path),
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  const closed = once(probe, 'close');
  probe.close();
  await closed;
  return port;
}
