/**
 * Python applications behind a real Keyhouse, each a process of its own. Prevents tests of a verifier that only know what
 * it returns: here a view either ran or did not, and says so on its standard output.
 */
import { request } from 'node:http';
import { join } from 'node:path';
import type { RouteRule } from '../../src/policy/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { type Listeners, startListeners } from '../../src/server/listeners.ts';
import { type House, openHouse } from '../http/house.ts';
import { startProcess } from '../services/process.ts';

const ROOT = join(import.meta.dirname, '../..');

const RULE = { environment: 'live', cost: 1 } as const;
export const RULES: readonly RouteRule[] = [
  { ...RULE, methods: ['GET'], path: '/v1/servers', permissions: ['servers:read'] },
  { ...RULE, methods: ['POST'], path: '/v1/servers', permissions: ['servers:read', 'servers:write'], cost: 2 },
  { ...RULE, methods: ['GET'], path: '/v1/servers/{name}', permissions: ['servers:read'] },
  { ...RULE, methods: ['GET'], path: '/v1/broken', permissions: [] },
];

/** A Keyhouse with its API on a port. */
export interface ServedHouse {
  readonly house: House;
  readonly port: number;
  /** A token that may ask. */
  readonly verifier: string;
  close(): Promise<void>;
}

export async function serveHouse(): Promise<ServedHouse> {
  const house = await openHouse({ ...keyhouse, routes: [...RULES] });
  const listeners: Listeners = await startListeners({
    api: { host: '127.0.0.1', port: 0, tls: null, answer: house.handler.answer },
    dashboard: null,
    operator: null,
    trustedProxies: null,
    onDraining: () => {},
  });
  const { value } = await house.mint({ permissions: ['keyhouse-tokens:verify'], limits: 'unlimited' });
  return {
    house,
    port: listeners.api?.port as number,
    verifier: value,
    async close() {
      await listeners.close();
      await house.close();
    },
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

export interface PythonApp {
  readonly kind: string;
  readonly port: number;
  ask(target: string, token: string | null, more?: AskMore): Promise<Answered>;
  /** Targets of the views that ran, after one more request that this token allows has been seen to run. */
  views(token: string): Promise<string[]>;
  /** Everything it wrote, as soon as one of its lines matches. */
  written(line: RegExp): Promise<string>;
  stop(): Promise<void>;
}

export interface AskMore {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The system's own interpreter: the frameworks are its packages. */
export const PYTHON = '/usr/bin/python3';

/** @param kind name of a file in `apps/` without `_app.py`, and after a slash what `make` is told. */
export async function startPythonApp(
  kind: string,
  urls: string,
  token: string,
  timeoutSeconds = 20,
  env: Readonly<Record<string, string>> = {},
): Promise<PythonApp> {
  const process = await startProcess(
    PYTHON,
    [join(import.meta.dirname, 'apps/serve.py'), kind, urls, `${timeoutSeconds}`],
    {
      env: { PYTHONPATH: join(ROOT, 'python'), PYTHONDONTWRITEBYTECODE: '1', VERIFIER_TOKEN: token, ...env },
    },
  );
  const port = Number((await process.waitForLine(/^port (\d+)$/))[1]);
  const ask: PythonApp['ask'] = (target, bearer, { method = 'GET', headers = {}, body } = {}) =>
    send(port, method, target, { ...(bearer !== null && { Authorization: `Bearer ${bearer}` }), ...headers }, body);
  let marks = 0;
  return {
    kind,
    port,
    ask,
    async views(bearer) {
      const mark = `mark=${++marks}`;
      const { status, text } = await ask(`/v1/servers?${mark}`, bearer);
      if (status !== 200) throw new Error(`${kind} refused a token that should do: ${status} ${text}`);
      await process.waitForLine(new RegExp(`^view ran .*${mark}$`));
      return [...process.stdout().matchAll(/^view ran (.*)$/gm)]
        .map(([, target = '']) => target.replace(/\?$/, ''))
        .filter((target) => !target.includes('mark='));
    },
    async written(line) {
      await process.waitForLine(line);
      return process.stdout() + process.stderr();
    },
    async stop() {
      await process.stop('SIGKILL');
    },
  };
}

function send(
  port: number,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: target,
        agent: false,
        signal: AbortSignal.timeout(25_000),
        headers: { ...headers, ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }) },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('error', reject).on('end', () => {
          const fields = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
          const isJson = /json/.test(answer.headers['content-type'] ?? '') && text !== '';
          resolve({
            status: answer.statusCode ?? 0,
            headers: Object.fromEntries(fields),
            text,
            json: isJson ? JSON.parse(text) : null,
          });
        });
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
