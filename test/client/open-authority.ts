/**
 * A running Keyhouse as resource APIs elsewhere know it: its API listener, a token that may verify, tokens to be judged.
 * Prevents a remote door from being tested against anything but the real one.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Authenticates,
  createAuthenticate,
  createHttpHandler,
  type DoorParts,
  doorEngine,
  nodeDoor,
  silentLog,
} from '../../src/http/index.ts';
import { createToken, putOwner, revokeToken } from '../../src/manage/index.ts';
import { keyhouse, type Profile } from '../../src/profile/index.ts';
import { becomeAdmin } from '../../src/testing/cast.ts';
import { type TestEngine, testEngine } from '../../src/testing/engine.ts';

export const OWNER = { external_id: 'user-42' };

export interface Authority {
  readonly house: TestEngine;
  /** The check of this very engine, for an application that embeds it. */
  readonly engine: Authenticates;
  /** Where its API listens, without trailing slash. */
  readonly url: string;
  /** May manage everything. */
  readonly adminToken: string;
  /** May do `keyhouse-tokens:verify` and nothing else. */
  readonly verifyToken: string;
  makeToken(input?: Readonly<Record<string, unknown>>): Promise<{ id: string; value: string }>;
  revoke(id: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function openAuthority(profile: Profile = keyhouse, permissions = ['servers:*']): Promise<Authority> {
  const house = await testEngine({ profile });
  const parts: DoorParts = {
    engine: doorEngine(house.engine),
    trust: { trustedProxies: null, header: '' },
    log: { ...silentLog, fault: (error) => house.faults.push(error) },
    metrics: null,
  };
  const handler = createHttpHandler({
    ...parts,
    metrics: null,
    readiness: () => house.opened.readiness(),
    environments: ['live'],
    prefix: '',
    serves: () => true,
    version: '0.0.0',
  });
  const server = createServer(nodeDoor(handler.answer, { callerOf: null, isDraining: () => false }));
  const url = await listen(server);
  const { token: admin } = await becomeAdmin(house);
  const asked = { name: 'door', permissions: ['keyhouse-tokens:verify'], tier: 'unlimited' };
  const { value: verifyToken } = await house.asBearer(admin, createToken, asked);
  await house.asHost(putOwner, { ...OWNER, name: 'Ada', workspace: { external_id: 'org-7' }, permissions });
  return {
    house,
    engine: { authenticate: createAuthenticate(parts) },
    url,
    adminToken: admin as string,
    verifyToken: verifyToken as string,
    makeToken: async (input = {}) => {
      const { id, value } = await house.asHost(createToken, { name: 'test', owner: OWNER, ...input });
      return { id, value: value as string };
    },
    revoke: (id) => house.asHost(revokeToken, { id }),
    async close() {
      stop(server);
      await house.close();
    },
  };
}

/** Listens on a free port of this machine; returns the address. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}
