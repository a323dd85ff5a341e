/**
 * A proxy as its recipe has it: the very files of `examples/proxies/`, with free ports in place of the printed ones, Keyhouse
 * behind a relay that can misbehave, and an API that writes down everything that reaches it. Prevents recipes that nobody
 * has followed since they were written.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signIdentities } from '../../src/http/identity/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { deployerp, type Profile } from '../../src/profile/index.ts';
import { startListeners } from '../../src/server/listeners.ts';
import { ensureIdentityKey, IdentityKeys } from '../../src/stores/data-folder/index.ts';
import { type House, openHouse } from '../http/house.ts';
import { exchange, type RawExchange } from '../http/raw-socket.ts';
import { type ChaosProxy, startChaosProxy } from '../services/chaos-proxy.ts';
import { eventually } from '../services/deadline.ts';
import { type RunningProcess, startProcess } from '../services/process.ts';

/** One request as it reached the API. */
export interface Reached {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
}

export interface RunningProxy {
  readonly house: House;
  readonly port: number;
  /** Between the proxy and Keyhouse. */
  readonly toKeyhouse: ChaosProxy;
  readonly keyhousePort: number;
  /** Whether Keyhouse signs identities; not from the start. */
  readonly signing: { isOn: boolean };
  /** What reached the API since this was last asked. */
  reached(): Reached[];
  /** Sends bytes to the proxy as they are. */
  send(bytes: string): Promise<RawExchange>;
  /** One request on a connection of its own. */
  ask(firstLine: string, ...lines: string[]): Promise<RawExchange & { readonly status: number; readonly body: string }>;
  close(): Promise<void>;
}

/** Whom the signed identities are for. */
export const AUDIENCE = 'https://api.example.com';

export const RECIPES = join(import.meta.dirname, '../../examples/proxies');
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  nginx: ['-e', 'stderr', '-p', '.', '-c', 'nginx.conf', '-g', 'daemon off;'],
  caddy: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
  haproxy: ['-db', '-f', 'haproxy.cfg'],
};

export const profile: Profile = {
  ...deployerp,
  cors: { origins: ['https://app.example.com'] },
  routes: [
    { methods: ['GET'], path: '/v1/servers/**', permissions: ['servers:read'], environment: 'live', cost: 1 },
    { methods: ['POST'], path: '/v1/servers', permissions: ['servers:write'], environment: 'live', cost: 1 },
    { methods: '*', path: '/v1/admin/**', permissions: ['servers:write'], environment: 'live', cost: 1 },
    { methods: ['GET'], path: '/v1/reports', permissions: ['servers:read'], environment: 'live', cost: 100 },
  ],
};

export async function startProxy(
  name: 'nginx' | 'caddy' | 'haproxy',
  underProfile: Profile = profile,
): Promise<RunningProxy> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const house = await openKeyhouse(closing, underProfile);
    const toKeyhouse = await startChaosProxy({ host: '127.0.0.1', port: house.port });
    closing.push(() => toKeyhouse.close());
    const { seen, port: apiPort } = await startApi(closing);
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), `keyhouse-${name}-`));
    closing.push(async () => rmSync(folder, { recursive: true, force: true }));
    layOut(name, folder, { 8080: port, 8000: toKeyhouse.port, 9000: apiPort });
    const proxy = await start(name, folder, port);
    closing.push(() => proxy.stop());
    const send: RunningProxy['send'] = (bytes) => exchange(port, bytes, { answers: 1 });
    return {
      house: house.house,
      port,
      keyhousePort: house.port,
      signing: house.signing,
      toKeyhouse,
      reached: () => seen.splice(0),
      send,
      async ask(firstLine, ...lines) {
        const host = lines.some((line) => /^host:/i.test(line)) ? [] : ['Host: api.example.com'];
        const text = [firstLine, ...host, ...lines, 'Connection: close', '', ''].join('\r\n');
        const exchanged = await exchange(port, text);
        const [, body = ''] = exchanged.text.split(/\r\n\r\n(.*)/s);
        return { ...exchanged, status: exchanged.statuses[0] ?? 0, body };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Keyhouse on a port of its own, which trusts this machine as a proxy; what ends it is added to `closing`. */
export async function openKeyhouse(closing: (() => Promise<unknown>)[], underProfile: Profile = profile) {
  const proxies = parseIpAllowlist(['127.0.0.1']);
  if (!proxies.ok) throw new Error('this is an address');
  const secretsDir = mkdtempSync(join(tmpdir(), 'keyhouse-secrets-'));
  closing.push(async () => rmSync(secretsDir, { recursive: true, force: true }));
  const keys = new IdentityKeys(secretsDir);
  const signing = { isOn: false };
  const sign = signIdentities({ audience: AUDIENCE, issuer: 'keyhouse', keys: () => keys.current() });
  const house = await openHouse(underProfile, ({ engine }) => {
    ensureIdentityKey(secretsDir, engine.clock.now(), engine.random);
    return {
      trust: { trustedProxies: proxies.list, header: 'x-forwarded-for' },
      forwardAuth: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
      identity: {
        keys: () => keys.current(),
        get sign() {
          return signing.isOn ? sign : null;
        },
        accept: null,
      },
    };
  });
  closing.push(() => house.close());
  const listeners = await startListeners({
    api: {
      host: '127.0.0.1',
      port: 0,
      tls: null,
      answer: house.handler.answer,
      explainBroken: house.handler.explainBroken,
    },
    dashboard: null,
    operator: null,
    trustedProxies: proxies.list,
    onDraining: () => {},
    drainMs: 500,
  });
  closing.push(() => listeners.close());
  return { house, signing, port: listeners.api?.port ?? 0 };
}

async function startApi(closing: (() => Promise<unknown>)[]) {
  const seen: Reached[] = [];
  const server = createServer((request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders });
    const { 'keyhouse-owner': by, 'keyhouse-permissions': may } = request.headers;
    const body = JSON.stringify({ by, may: String(may).split(',') });
    request.resume().on('end', () => response.end(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { seen, port: (server.address() as AddressInfo).port };
}

/** The recipe in a folder of its own, with other ports for the printed ones. */
export function layOut(name: string, folder: string, ports: Readonly<Record<number, number>>): void {
  cpSync(join(RECIPES, name), folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    const moved = text.replace(/:(8080|8000|9000)\b/g, (_, port) => `:${ports[Number(port)]}`);
    writeFileSync(join(folder, file), moved);
  }
}

async function start(name: string, folder: string, port: number): Promise<RunningProcess> {
  const proxy = await startProcess(name, COMMANDS[name] as readonly string[], {
    cwd: folder,
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  try {
    await eventually(
      async () => (await exchange(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).statuses.length > 0,
      10_000,
      `${name} answers`,
    );
  } catch (error) {
    await proxy.stop();
    throw new Error(`${name} does not answer: ${proxy.stderr()}`, { cause: error });
  }
  return proxy;
}

export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
