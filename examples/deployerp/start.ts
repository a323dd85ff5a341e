import { mkdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createKeyhouse } from 'keyhouse';
import { createApi } from './api.ts';
import { type FirstStart, makeAnotherKey, makeFirstStart } from './first-start.ts';
import { Storage } from './storage.ts';

export interface StartOptions {
  readonly dataDir: string;
  /** 0 takes a free one. */
  readonly apiPort: number;
  readonly dashboardPort: number;
  /** Makes a key also when this is not the first start. */
  readonly newKey: boolean;
  /** Proxies whose word about the client address is taken. */
  readonly trustedProxies?: readonly string[];
}

export interface Started {
  readonly api: string;
  readonly dashboard: string;
  /** null on every start but the first. */
  readonly password: FirstStart['password'] | null;
  /** A key, where this start made one. */
  readonly token: string | null;
  close(): Promise<void>;
}

/** Starts the company: its own storage beside Keyhouse's, its API with Keyhouse's routes in it, and the pages for people. */
export async function start(options: StartOptions): Promise<Started> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const keyhouse = await createKeyhouse({
    dataDir: join(options.dataDir, 'keyhouse'),
    profile: 'deployerp',
    trustedProxies: options.trustedProxies ?? [],
  });
  let storage: Storage | null = null;
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closeServer));
    storage?.close();
    await keyhouse.close();
  };
  try {
    storage = new Storage(join(options.dataDir, 'deployerp.sqlite'));
    const listen = async (answer: RequestListener, port: number): Promise<string> => {
      const server = createServer(answer);
      servers.push(server);
      return listenOn(server, port);
    };
    const first = await makeFirstStart(keyhouse, storage);
    const another = first === null && options.newKey ? await makeAnotherKey(keyhouse) : null;
    const api = await listen(createApi(keyhouse, storage), options.apiPort);
    const dashboard = await listen(keyhouse.dashboard({ apiUrl: api }), options.dashboardPort);
    return { api, dashboard, password: first?.password ?? null, token: first?.token ?? another, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** On this machine only: what listens to the world speaks TLS, or stands behind something that does. */
function listenOn(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
