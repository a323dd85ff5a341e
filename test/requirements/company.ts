/**
 * The company of an example over an engine whose clock belongs to the test, asked over real HTTP. Prevents
 * requirements from being shown only where time stands still: expiry, grace and limits run out here when the test says so.
 */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApi } from '../../examples/deployerp/api.ts';
import { EVERYTHING, RESOURCES } from '../../examples/deployerp/resources.ts';
import { Tables } from '../../examples/kit/tables.ts';
import {
  createAuthenticate,
  createHttpHandler,
  type DoorParts,
  doorEngine,
  nodeDoor,
  silentLog,
} from '../../src/http/index.ts';
import type { Keyhouse } from '../../src/index.ts';
import { createToken, putOwner } from '../../src/manage/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import type { Profile } from '../../src/profile/index.ts';
import { answerBrokenRequests } from '../../src/server/broken-requests.ts';
import { type TestEngine, testEngine } from '../../src/testing/engine.ts';

export interface Company<Api extends Mounted = Mounted> {
  readonly house: TestEngine;
  readonly mounted: Api;
  /** Where the API answers, without trailing slash. */
  readonly url: string;
  /** A key of the owner `user-42`, who may do everything there is outside Keyhouse, or of the owner that `input` names. */
  makeKey(input?: Readonly<Record<string, unknown>>): Promise<Key>;
  ask(method: string, path: string, key?: string | null, asked?: Asked): Promise<CompanyAnswer>;
  close(): Promise<void>;
}

/** What an example puts around Keyhouse's doors. */
export interface Mounted {
  readonly api: RequestListener;
  /** What the owner `user-42` may do. */
  readonly permissions: readonly string[];
  close(): void;
}

export type Doors = Pick<Keyhouse, 'authenticate' | 'nodeHandler'>;

export interface Key {
  readonly id: string;
  readonly value: string;
}

export interface Asked {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Address of the client, as the trusted proxy in front says. */
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CompanyAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

export const OWNER = { external_id: 'user-42' };

/** The API of `examples/deployerp`. */
export function mountDeployerp(doors: Doors, { folder }: TestEngine) {
  const tables = new Tables(join(folder, 'resources.sqlite'), RESOURCES);
  return { api: createApi(doors, tables), permissions: EVERYTHING, tables, close: () => tables.close() };
}

export async function openCompany<Api extends Mounted>(
  profile: Profile,
  mount: (doors: Doors, house: TestEngine) => Api,
): Promise<Company<Api>> {
  const house = await testEngine({ profile });
  const proxies = parseIpAllowlist(['127.0.0.1']);
  const parts: DoorParts = {
    engine: doorEngine(house.engine),
    trust: { trustedProxies: proxies.ok ? proxies.list : null, header: 'x-forwarded-for' },
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
  const nodeHandler = nodeDoor(handler.answer, { callerOf: null, isDraining: () => false });
  const mounted = mount({ authenticate: createAuthenticate(parts), nodeHandler }, house);
  const server = createServer(mounted.api);
  answerBrokenRequests(server, handler.explainBroken);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await house.asHost(putOwner, {
    ...OWNER,
    workspace: { external_id: 'org-7' },
    permissions: [...mounted.permissions],
  });
  return {
    house,
    mounted,
    url,
    makeKey: async (input = {}) => {
      const { id, value } = await house.asHost(createToken, { name: 'test', owner: OWNER, ...input });
      return { id, value: value as string };
    },
    async ask(method, path, key = null, { body, from, headers = {} } = {}) {
      const answer = await fetch(url + path, {
        method,
        headers: {
          ...(key !== null && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(from !== undefined && { 'x-forwarded-for': from }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = /json/.test(answer.headers.get('content-type') ?? '');
      return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : null };
    },
    async close() {
      server.close();
      server.closeAllConnections();
      mounted.close();
      await house.close();
    },
  };
}
