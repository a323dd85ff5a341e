/** The gateway as it is started: by the guide as printed, and through what can happen to either side of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Installation, newInstallation, type Served, setUpInstallation } from '../cli/command.ts';
import { throwAwayCertificate } from '../documents/stand-in-hosts.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { eventually, within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type RunningProcess, runProcess, startProcess } from '../services/process.ts';
import { openGatewayHouse, ROUTES } from './house.ts';
import { startRecordingUpstream } from './recording-upstream.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/gateway.md'), 'utf8');

function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]));
}

/** The words of `npx keyhouse …`, with quotes as a shell has them. */
function argsOf(command: string): string[] {
  expect(command).toMatch(/^npx keyhouse /);
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(2);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The API of the guide, on a port of the test's own. */
async function startApi(folder: string, port: number): Promise<RunningProcess> {
  writeFileSync(join(folder, 'api.mjs'), blocks('js')[0]?.replace('3000', String(port)) ?? '');
  const api = await startProcess(process.execPath, ['api.mjs'], { cwd: folder });
  onTestFinished(async () => void (await api.stop('SIGKILL')));
  await eventually(() => fetch(`http://127.0.0.1:${port}/`), 10_000, 'the API answers');
  return api;
}

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

type WithGateway = Served & { readonly gateway: string };

/** Keyhouse with rules for `/v1/servers/**`, in front of an upstream. */
async function serveRules(
  house: Installation,
  upstream: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
) {
  writeFileSync(
    join(house.folder, 'rules.json'),
    JSON.stringify({ name: 'rules', extends: 'keyhouse', routes: ROUTES }),
  );
  const served = (await house.serve(
    [...['--profile', 'rules.json', '--apply-narrowing', '--gateway-port', '0', '--upstream', upstream], ...args],
    { env },
  )) as WithGateway;
  const { value } = await house.json([
    'token',
    'create',
    '--name',
    'ci',
    '--permissions',
    'servers:read',
    '--owner',
    'user-42',
  ]);
  const token = value as string;
  const get = () => fetch(`${served.gateway}/v1/servers`, { headers: { Authorization: `Bearer ${token}` } });
  return { served, token, get };
}

suiteNeeding('curl', 'the guide to the gateway', () => {
  it('does what it prints', { timeout: 60_000 }, async () => {
    const { run, folder, serve } = newInstallation();
    const [draft = '', starts = '', owner = '', curls = ''] = blocks('sh');
    writeFileSync(join(folder, 'openapi.yaml'), blocks('yaml')[0] ?? '');
    expect(await run(argsOf(draft.trim()))).toMatchObject({ code: 0 });
    const [api = '', keyhouse = ''] = starts.trim().split('\n');
    expect(api).toBe('node api.mjs');
    const port = await freePort();
    await startApi(folder, port);
    const args = argsOf(keyhouse).slice(1).join(' ').replace(':3000', `:${port}`);
    const { gateway } = (await serve([...args.split(' '), '--gateway-port', '0'])) as WithGateway;
    const [put = '', create = ''] = owner.trim().split('\n');
    expect(await run(argsOf(put))).toMatchObject({ code: 0 });
    const created = await run([...argsOf(create), '--json']);
    expect(created).toMatchObject({ code: 0 });

    const printed = blocks('json').map((text) => JSON.parse(text));
    const answers: unknown[] = [];
    for (const command of curls.trim().split('\n')) {
      expect(command).toContain('http://127.0.0.1:8080/');
      const text = command.replace('http://127.0.0.1:8080', gateway);
      const { stdout } = await runProcess('sh', ['-c', text], { env: { TOKEN: created.json.value } });
      answers.push(JSON.parse(stdout));
    }
    const form = String(printed[1].create_url).replace('http://127.0.0.1:4300', '').replace('tok_…', created.json.id);
    expect(answers).toEqual([
      printed[0],
      { ...printed[1], create_url: expect.stringContaining(form), request_id: expect.stringMatching(/^req_/) },
    ]);
  });
});

describe('keyhouse serve --upstream', { timeout: 60_000 }, () => {
  it('does not start without rules, which would refuse everything, nor with what is no origin', async () => {
    const { run } = newInstallation();
    const free = ['--api-port', '0', '--dashboard-port', '0', '--gateway-port', '0'];
    const ruleless = await run(['serve', ...free, '--upstream', 'http://127.0.0.1:3000']);
    expect(ruleless.code).toBe(78);
    expect(ruleless.stderr).toContain('keyhouse profile init FILE --openapi DESCRIPTION');
    for (const url of [
      'ftp://127.0.0.1',
      'http://127.0.0.1:3000/base',
      'http://me:secret@127.0.0.1',
      '127.0.0.1:3000',
    ]) {
      const refused = await run(['serve', ...free, '--upstream', url]);
      expect(refused, url).toMatchObject({ code: 78, stdout: '' });
      expect(refused.stderr).toContain('--upstream:');
      expect(refused.stderr).not.toContain('secret');
    }
    const exposed = [
      '--upstream',
      'http://127.0.0.1:3000',
      '--gateway-host',
      '0.0.0.0',
      '--gateway-key-headers',
      'Cookie',
    ];
    expect((await run(['serve', ...free, ...exposed])).stderr).toMatch(/--gateway-key-headers:[\s\S]*--gateway-host:/);
  });

  it('row 45: an upstream that is down or stands still costs 502 and 504 alone, and needs no restart to come back', async () => {
    const house = await setUpInstallation();
    const port = await freePort();
    const { get, served, token } = await serveRules(house, `http://127.0.0.1:${port}`, [
      '--upstream-answer-seconds',
      '1',
    ]);
    const down = await get();
    expect(down.status).toBe(502);
    const { request_id: id } = (await down.json()) as { request_id: string };
    expect(down.headers.get('X-Request-Id')).toBe(id);
    await served.process.waitForLine(new RegExp(`"requestId":"${id}".*ECONNREFUSED`));

    const api = await startApi(house.folder, port);
    expect((await get()).status).toBe(200);
    api.signal('SIGSTOP');
    expect((await get()).status).toBe(504);
    api.signal('SIGCONT');
    expect((await get()).status).toBe(200);
    await api.stop('SIGKILL');
    expect((await get()).status).toBe(502);
    await startApi(house.folder, port);
    expect((await get()).status).toBe(200);
    expect(served.process.stderr()).not.toContain(token);
  });

  it('row 98: lets requests in flight finish when it is told to stop, and takes no new ones', async () => {
    const house = await setUpInstallation();
    const upstream = await startRecordingUpstream();
    onTestFinished(() => upstream.close());
    upstream.answer = null;
    const { served, token } = await serveRules(house, upstream.url.origin);
    const port = Number(new URL(served.gateway).port);
    const request = requestText('GET /v1/servers HTTP/1.1', [`Authorization: Bearer ${token}`]);
    const answer = exchange(port, request);
    await upstream.until('\r\n\r\n');
    served.process.signal('SIGTERM');
    await eventually(() => refusesConnections(port), 10_000, 'no new connections are taken');
    upstream.socket().write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
    const { statuses, text, closed } = await answer;
    expect({ statuses, closed }).toEqual({ statuses: [200], closed: true });
    expect(text).toMatch(/\r\n\r\ndone$/);
    expect(text).toContain('Connection: close');
    expect(await served.process.waitForEnd()).toMatchObject({ code: 0 });
  });
});

suiteNeeding(['curl', 'openssl'], 'the gateway between two TLS connections', () => {
  it('ends a connection whose answer broke off, for HTTP/1.0 too, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-gateway-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { cert, key } = await throwAwayCertificate(['localhost'], folder);
    const house = await openGatewayHouse({}, {}, {}, { tls: { cert: String(cert), key: String(key) } });
    onTestFinished(() => house.close());
    house.upstream.answer = null;
    for (const version of ['1.0', '1.1']) {
      house.upstream.forget();
      const socket = connectTls({ host: '127.0.0.1', port: house.port, rejectUnauthorized: false });
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.write(
        `GET /v1/servers HTTP/${version}\r\nHost: localhost\r\nAuthorization: Bearer ${house.token}\r\n\r\n`,
      );
      await house.upstream.until('\r\n\r\n');
      house.upstream.socket().write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n');
      await eventually(() => text.includes('part'), 10_000, 'the part');
      house.upstream.socket().resetAndDestroy();
      await within(closed, 10_000, 'the connection ends');
      expect(text).not.toMatch(/0\r\n\r\n$/);
    }
  });

  it('tells the upstream of the client’s, and goes to no upstream whose certificate it does not trust', {
    timeout: 60_000,
  }, async () => {
    const house = await setUpInstallation();
    const { authorityFile, cert, key } = await throwAwayCertificate(['localhost'], house.folder);
    const upstream = createTlsServer({ cert, key }, (request, response) => {
      response.end(`${request.headers['x-forwarded-proto']} ${request.headers['keyhouse-owner']}`);
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void upstream.closeAllConnections());
    onTestFinished(() => void upstream.close());
    const url = `https://localhost:${(upstream.address() as { port: number }).port}`;
    const tls = ['--tls-cert', join(house.folder, 'host.pem'), '--tls-key', join(house.folder, 'host.key')];
    const ask = async (gateway: string, token: string) => {
      const at = gateway.replace('127.0.0.1', 'localhost');
      const args = ['-sS', '--cacert', authorityFile, `${at}/v1/servers`, '-H', `Authorization: Bearer ${token}`];
      return (await runProcess('curl', args)).stdout;
    };
    const trusting = await serveRules(house, url, tls, { NODE_EXTRA_CA_CERTS: authorityFile });
    expect(trusting.served.gateway).toMatch(/^https:/);
    expect(await ask(trusting.served.gateway, trusting.token)).toBe('https user-42');
    await trusting.served.process.stop();
    const wary = await serveRules(house, url, tls);
    expect(await ask(wary.served.gateway, wary.token)).toContain('"code":"upstream_unreachable"');
  });
});
