import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyhouse, type Keyhouse, type KeyhouseOptions } from '../../src/index.ts';

/** Keyhouse on a port of this machine, with a customer whose owner may do two things and a token that may ask. */
export interface Served {
  readonly keyhouse: Keyhouse;
  readonly server: Server;
  readonly api: string;
  readonly folder: string;
  /** May verify and introspect, in every workspace. */
  readonly door: { readonly id: string; readonly value: string };
  /** A token of `user-42`, who may read and write servers; reading alone unless told. */
  mint(input?: Record<string, unknown>): Promise<{ readonly id: string; readonly value: string }>;
  /** No port any more; what is stored stays. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function serveKeyhouse(options: Omit<KeyhouseOptions, 'dataDir'> = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-oauth-'));
  const keyhouse = await createKeyhouse({ dataDir: join(folder, 'data'), ...options });
  const made = await keyhouse.setUp({
    email: 'ops@provider.example',
    password: 'a long and quiet evening',
    workspace: 'Provider',
  });
  const door = await keyhouse.tokens.create({
    name: 'door',
    permissions: ['keyhouse-tokens:verify'],
    owner: { id: made.user.id },
    limits: 'unlimited',
  });
  await keyhouse.owners.put({
    external_id: 'user-42',
    workspace: { external_id: 'org-7', name: 'Example Ltd' },
    permissions: ['servers:read', 'servers:write'],
  });
  const server = createServer(keyhouse.nodeHandler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    keyhouse,
    server,
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    door: { id: door.id, value: door.value as string },
    async mint(input = {}) {
      const owner = { external_id: 'user-42' };
      const { id, value } = await keyhouse.tokens.create({
        name: 'ci',
        permissions: ['servers:read'],
        limits: 'unlimited',
        owner,
        ...input,
      });
      return { id, value: value as string };
    },
    stop,
    async close() {
      await stop();
      await keyhouse.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
