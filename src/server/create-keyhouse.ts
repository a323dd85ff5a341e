import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Authenticates, DoorLog, DoorParts, HttpHandler, Route } from '../http/index.ts';
import { createAuthenticate, createDashboard, createHttpHandler, nodeDoor } from '../http/index.ts';
import { type Circumstances, localCaller } from '../manage/index.ts';
import { parseIpAllowlist } from '../policy/index.ts';
import { findPreset, type Profile, parseProfile } from '../profile/index.ts';
import { type Environment, generateId } from '../token/index.ts';
import { type EmbeddedApi, embeddedApi } from './embedded-api.ts';
import type { EngineLog } from './engine-log.ts';
import { type OwnersOfHost, ownersOfHost } from './hosted-owner.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';
import { standardErrorLog } from './standard-error-log.ts';
import { VERSION } from './version.ts';

export interface KeyhouseOptions {
  /** Folder of the SQLite store. Default `./keyhouse-data`. */
  readonly dataDir?: string;
  /** `postgres://…`, for several processes on one store. */
  readonly databaseUrl?: string;
  /** Schema of Keyhouse's tables in that database. Default `keyhouse`. */
  readonly databaseSchema?: string;
  /** Folder of the pepper. Default `<dataDir>.secrets`. */
  readonly secretsDir?: string;
  /** A preset by name, the path of a profile file, or a profile. Default: the one in force, or the neutral one. */
  readonly profile?: Profile | string;
  /** Applies the given profile even where it refuses what is accepted now. Default false. */
  readonly applyNarrowing?: boolean;
  /** `off` leaves out everything about Keyhouse's own users: the application has its own. Default `on`. */
  readonly people?: 'on' | 'off';
  /** Path under which `handler` is mounted, such as `/auth`. Default: the root. */
  readonly prefix?: string;
  /** Which routes `handler` has. Default: all. */
  readonly serves?: (route: { readonly method: string; readonly path: string; readonly id: string }) => boolean;
  /** Environments whose tokens may call `handler`. Default `['live']`. */
  readonly environments?: readonly Environment[];
  /** Proxies whose word about the client address is taken. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** The one header those proxies write. Default `x-forwarded-for`. */
  readonly clientAddressHeader?: string;
  /** Tokens whose facts are kept in memory, about 450 bytes each. Default 200,000. */
  readonly cachedTokensMax?: number;
  /** Where warnings and faults go. Default: standard error, one JSON line each. */
  readonly log?: EngineLog & Partial<DoorLog>;
}

type NodeHandler = ReturnType<typeof nodeDoor>;

/** Keyhouse inside an application: the check, the endpoints, and every operation as a function. */
export interface Keyhouse extends EmbeddedApi, Authenticates, OwnersOfHost {
  /** The HTTP API as a function, for hosts that speak `Request` and `Response`. */
  readonly handler: HttpHandler;
  /** The same for `node:http`, Express and what resembles them. */
  readonly nodeHandler: NodeHandler;
  /**
   * The pages for people, for a listener of their own: `createServer(keyhouse.dashboard({ apiUrl })).listen(4300)`.
   * `apiUrl` is the address of the API as people reach it, without trailing slash.
   */
  dashboard(options: { readonly apiUrl: string }): NodeHandler;
  /** Writes what is only in memory, then lets the store go. */
  close(): Promise<void>;
}

/**
 * Opens a store and composes Keyhouse over it.
 * @throws {StartRefused} the store, its secrets or the profile do not fit; the message says what to do.
 * @throws {FolderOwned} another process owns the data folder.
 */
export async function createKeyhouse(options: KeyhouseOptions = {}): Promise<Keyhouse> {
  const log = options.log ?? standardErrorLog;
  const opened = await openEngine({
    dataDir: resolve(options.dataDir ?? './keyhouse-data'),
    databaseUrl: options.databaseUrl ?? null,
    databaseSchema: options.databaseSchema ?? null,
    secretsDir: options.secretsDir === undefined ? null : resolve(options.secretsDir),
    profile: profileOf(options.profile),
    applyNarrowing: options.applyNarrowing ?? false,
    cachedTokensMax: options.cachedTokensMax ?? 200_000,
    log,
  });
  return composeKeyhouse(opened, options, log);
}

function composeKeyhouse(opened: OpenedEngine, options: KeyhouseOptions, log: EngineLog & Partial<DoorLog>): Keyhouse {
  const { engine } = opened;
  const parts: DoorParts = {
    engine,
    trust: {
      trustedProxies: proxiesOf(options.trustedProxies ?? []),
      header: (options.clientAddressHeader ?? 'x-forwarded-for').toLowerCase(),
    },
    log: { fault: (error, about) => log.fault(error, about), securityEvent: log.securityEvent ?? (() => {}) },
    metrics: null,
  };
  const door = {
    ...parts,
    readiness: () => opened.readiness(),
    environments: options.environments ?? ['live'],
    version: VERSION,
  };
  const serves = (route: Route) => servesRoute(options, route);
  const { prefix = '' } = options;
  const handler = createHttpHandler({ ...door, prefix, serves });
  const circumstances = (): Circumstances => ({
    ip: null,
    requestId: generateId('req', engine.random),
    idempotencyKey: null,
  });
  return {
    ...embeddedApi(engine, () => localCaller('host', circumstances())),
    ...ownersOfHost(engine),
    authenticate: createAuthenticate(parts),
    handler,
    nodeHandler: nodeDoor(handler.answer, { ...NO_CALLER, prefix }),
    dashboard: ({ apiUrl }) =>
      nodeDoor(createDashboard({ ...door, prefix: '', serves: () => false, apiUrl: () => apiUrl }), NO_CALLER),
    close: () => opened.close(),
  };
}

const NO_CALLER = { callerOf: null, isDraining: () => false } as const;

/** Routes that are about Keyhouse's own users. */
const PEOPLE_PATHS = ['/v1/setup', '/v1/users', '/v1/service-accounts'];

function servesRoute({ people = 'on', serves }: KeyhouseOptions, route: Route): boolean {
  const [method, path, auth, answers] = route;
  if (auth === 'local') return false;
  if (people === 'off' && PEOPLE_PATHS.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return false;
  return serves?.({ method, path, id: 'page' in answers ? answers.page : answers.id }) ?? true;
}

/** @throws {TypeError} a profile that is none, with everything that is wrong with it. */
function profileOf(given: Profile | string | undefined): Profile | null {
  if (given === undefined) return null;
  const preset = typeof given === 'string' ? findPreset(given) : null;
  if (preset !== null) return preset;
  const parsed = parseProfile(typeof given === 'string' ? JSON.parse(readFileSync(given, 'utf8')) : given);
  if (parsed.ok) return parsed.profile;
  throw new TypeError(
    `The profile is not valid:\n${parsed.problems.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`,
  );
}

/** @throws {TypeError} entries that are neither addresses nor networks. */
function proxiesOf(entries: readonly string[]) {
  if (entries.length === 0) return null;
  const parsed = parseIpAllowlist(entries);
  if (parsed.ok) return parsed.list;
  throw new TypeError(`trustedProxies: ${parsed.errors.map(({ message }) => message).join(' ')}`);
}
