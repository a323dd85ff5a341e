import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { resolve } from 'node:path';
import type {
  AllowsOrigins,
  ApiDescription,
  Authenticates,
  DoorEngine,
  DoorLog,
  DoorParts,
  HttpHandler,
  Readiness,
  Route,
} from '../http/index.ts';
import { createAuthenticate, createDashboard, createHttpHandler, doorEngine, nodeDoor } from '../http/index.ts';
import { type Circumstances, localCaller } from '../manage/index.ts';
import { issueSetupCode, type PortalDoor, portalDoor, type SessionDoor, sessionDoor } from '../people/index.ts';
import { findPreset, type Profile, parseProfile } from '../profile/index.ts';
import { secretsFolderOf } from '../stores/data-folder/index.ts';
import { type Environment, generateId } from '../token/index.ts';
import { answerBrokenRequests } from './broken-requests.ts';
import { type EmbeddedApi, embeddedApi } from './embedded-api.ts';
import type { EngineLog } from './engine-log.ts';
import { type OwnersOfHost, ownersOfHost } from './hosted-owner.ts';
import { networksOf } from './networks.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';
import { type AcceptIdentityOptions, identitiesOfHost } from './open-identities.ts';
import { isSetUp } from './readiness.ts';
import { standardErrorLog } from './standard-error-log.ts';
import { VERSION } from './version.ts';
import { startWebhooks } from './webhooks.ts';

export interface KeyhouseOptions {
  /** Folder of the SQLite store. Default `./keyhouse-data`. */
  readonly dataDir?: string;
  /**
   * Works through the process that owns the data folder, instead of owning it: every decision and operation is asked of
   * that process, and while it is not there every token is refused with 503. The store is its affair: only `dataDir` and
   * what concerns the doors of this process can be given with it. Default false.
   */
  readonly attach?: boolean;
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
  /**
   * OpenAPI description of the application's own API, as a value or as the path of a JSON or YAML file: `/reference` shows it
   * beside Keyhouse's. Default: none.
   */
  readonly apiDescription?: Readonly<Record<string, unknown>> | string;
  /** Environments whose tokens may call `handler`. Default `['live']`. */
  readonly environments?: readonly Environment[];
  /** Proxies whose word about the client address is taken. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** The one header those proxies write. Default `x-forwarded-for`. */
  readonly clientAddressHeader?: string;
  /**
   * Believes trusted proxies a `Keyhouse-Identity` for this audience: what the Keyhouse in front has charged is not charged
   * again. `keys` is the URL of its key set; without one they are those of `secretsDir`. `issuer` is `keyhouse` unless told.
   * Default: nobody is believed.
   */
  readonly acceptIdentity?: AcceptIdentityOptions;
  /**
   * Where people reach the dashboard, without trailing slash: a refusal for want of a permission then names the form on which
   * a token that has it is made. Default: refusals name none.
   */
  readonly dashboardUrl?: string;
  /** Networks of your own that webhooks may be sent to, also without TLS. Default: public addresses alone. */
  readonly webhookNetworks?: readonly string[];
  /** Tokens whose facts are kept in memory, about 450 bytes each. Default 200,000. */
  readonly cachedTokensMax?: number;
  /** Where warnings and faults go. Default: standard error, one JSON line each. */
  readonly log?: EngineLog & Partial<DoorLog>;
}

type NodeHandler = ReturnType<typeof nodeDoor>;

/** Keyhouse inside an application: the check, the endpoints, and every operation as a function. */
export interface Keyhouse extends EmbeddedApi, Authenticates, AllowsOrigins, OwnersOfHost {
  /** The HTTP API as a function, for hosts that speak `Request` and `Response`. */
  readonly handler: HttpHandler;
  /** The same for `node:http`, Express and what resembles them. */
  readonly nodeHandler: NodeHandler;
  /**
   * The pages for people, for a listener of their own: `createServer(keyhouse.dashboard({ apiUrl })).listen(4300)`.
   * `apiUrl` is the address of the API as people reach it, without trailing slash.
   */
  dashboard(options: { readonly apiUrl: string }): NodeHandler;
  /**
   * Answers what a listener of the application cannot read as HTTP, and ends the connection. A line break in the credential,
   * such as that of a file the token was read from, is told in the words of the profile; anything else gets a bare status.
   */
  answerBrokenRequests(server: Server): void;
  /** Writes what is only in memory, then lets the store go. */
  close(): Promise<void>;
}

/**
 * Opens a store and composes Keyhouse over it.
 * @throws {StartRefused} the store, its secrets, the profile or the API description do not fit; the message says what to do.
 * @throws {FolderOwned} another process owns the data folder; `attach` works through it.
 */
export async function createKeyhouse(options: KeyhouseOptions = {}): Promise<Keyhouse> {
  const log = options.log ?? standardErrorLog;
  const apiDescription = await descriptionOf(options);
  if (options.attach === true) {
    const { attachTo } = await import('./attach.ts');
    const house = await attachTo(attachOptions(options));
    try {
      return await composeKeyhouse(house, { ...options, apiDescription }, log);
    } catch (error) {
      await house.close();
      throw error;
    }
  }
  const opened = await openEngine({
    dataDir: dataDirOf(options),
    databaseUrl: options.databaseUrl ?? null,
    databaseSchema: options.databaseSchema ?? null,
    secretsDir: options.secretsDir === undefined ? null : resolve(options.secretsDir),
    profile: profileOf(options.profile),
    applyNarrowing: options.applyNarrowing ?? false,
    cachedTokensMax: options.cachedTokensMax ?? 200_000,
    webhookNetworks: networksOf('webhookNetworks', options.webhookNetworks),
    dashboardAt: () => options.dashboardUrl ?? null,
    log,
  });
  try {
    return await composeKeyhouse(await ownHouse(opened, log), { ...options, apiDescription }, log);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What Keyhouse is composed over: an engine of this process, or that of the process that owns a data folder. */
export interface House {
  readonly engine: DoorEngine;
  readiness(): Promise<Readiness>;
  isSetUp(): Promise<boolean>;
  issueSetupCode(): Promise<string>;
  /** null where another process owns the data folder: that one serves the dashboard. */
  readonly sessions: SessionDoor | null;
  /** null there too: that one lets owners in to their tokens. */
  readonly portal: PortalDoor | null;
  close(): Promise<void>;
}

async function ownHouse(opened: OpenedEngine, log: EngineLog): Promise<House> {
  const { engine } = opened;
  const door = await openPrivateDoor(opened, log);
  const webhooks = await startWebhooks(opened, log);
  return {
    engine: doorEngine(engine),
    readiness: () => opened.readiness(),
    isSetUp: () => isSetUp(engine),
    issueSetupCode: () => issueSetupCode(engine),
    sessions: sessionDoor(engine, (error) => log.fault(error, { event: 'session_use_not_noted' })),
    portal: portalDoor(engine, (error) => log.fault(error, { event: 'portal_use_not_noted' })),
    async close() {
      await door?.close();
      await webhooks.close();
      await opened.close();
    },
  };
}

/** Commands and attached processes work through whoever owns a data folder, also where that is an application. */
async function openPrivateDoor(opened: OpenedEngine, log: EngineLog): Promise<{ close(): Promise<void> } | null> {
  if (opened.store.owned === null) return null;
  const { listenForOperator } = await import('./private-door.ts');
  return listenForOperator(opened, opened.store.owned, log);
}

type ReadOptions = Omit<KeyhouseOptions, 'apiDescription'> & { readonly apiDescription: ApiDescription | null };

async function composeKeyhouse(
  house: House,
  options: ReadOptions,
  log: EngineLog & Partial<DoorLog>,
): Promise<Keyhouse> {
  const { engine } = house;
  const secretsDir = secretsFolderOf(dataDirOf(options), options.secretsDir ?? null);
  const parts: DoorParts = {
    engine,
    trust: {
      trustedProxies: networksOf('trustedProxies', options.trustedProxies),
      header: (options.clientAddressHeader ?? 'x-forwarded-for').toLowerCase(),
    },
    log: { fault: (error, about) => log.fault(error, about), securityEvent: log.securityEvent ?? (() => {}) },
    metrics: null,
    identity: await identitiesOfHost(options, secretsDir, engine),
  };
  const door = {
    ...parts,
    readiness: () => house.readiness(),
    environments: options.environments ?? ['live'],
    version: VERSION,
    apiDescription: options.apiDescription,
    portal: house.portal,
  };
  const serves = (route: Route) => servesRoute(options, route);
  const { prefix = '' } = options;
  const handler = createHttpHandler({ ...door, prefix, serves });
  const circumstances = (): Circumstances => ({
    ip: null,
    requestId: generateId('req', engine.random),
    idempotencyKey: null,
  });
  const api = embeddedApi(engine, {
    caller: () => localCaller('host', circumstances()),
    issueSetupCode: () => house.issueSetupCode(),
  });
  return {
    ...api,
    ...ownersOfHost(api.owners.read),
    authenticate: createAuthenticate(parts),
    allowedOrigins: () => engine.authenticator.profile.profile.cors.origins,
    handler,
    nodeHandler: nodeDoor(handler.answer, { ...NO_CALLER, prefix }),
    dashboard: ({ apiUrl }) => {
      const { sessions } = house;
      if (sessions === null) throw new TypeError('The process that owns the data folder serves the dashboard.');
      const isSetUp = () => house.isSetUp();
      const pages = { ...door, prefix: '', serves: () => false, apiUrl: () => apiUrl, isSetUp, sessions };
      return nodeDoor(createDashboard(pages), NO_CALLER);
    },
    answerBrokenRequests: (server) => answerBrokenRequests(server, handler.explainBroken),
    close: () => house.close(),
  };
}

const NO_CALLER = { callerOf: null, isDraining: () => false } as const;

/** Routes that are about Keyhouse's own users. */
const PEOPLE_PATHS = ['/v1/setup', '/v1/users', '/v1/service-accounts', '/v1/invitations'];

function servesRoute({ people = 'on', serves }: Pick<KeyhouseOptions, 'people' | 'serves'>, route: Route): boolean {
  const [method, path, auth, answers] = route;
  if (auth === 'local') return false;
  if (people === 'off' && PEOPLE_PATHS.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return false;
  return serves?.({ method, path, id: 'page' in answers ? answers.page : answers.id }) ?? true;
}

function dataDirOf({ dataDir = './keyhouse-data' }: Pick<KeyhouseOptions, 'dataDir'>): string {
  return resolve(dataDir);
}

/** @throws {TypeError} an option about a store that another process owns. */
function attachOptions(options: KeyhouseOptions): { readonly dataDir: string; readonly dashboardUrl: string | null } {
  for (const name of OPTIONS_OF_OWNERS) {
    if (options[name] !== undefined)
      throw new TypeError(`${name} is for the process that owns the data folder, and with attach that is another one.`);
  }
  return { dataDir: dataDirOf(options), dashboardUrl: options.dashboardUrl ?? null };
}

const OPTIONS_OF_OWNERS = [
  'databaseUrl',
  'databaseSchema',
  'secretsDir',
  'profile',
  'applyNarrowing',
  'cachedTokensMax',
] as const satisfies readonly (keyof KeyhouseOptions)[];

/** The application that has Keyhouse in it is the API that is described. */
async function descriptionOf({ apiDescription }: KeyhouseOptions): Promise<ApiDescription | null> {
  if (apiDescription === undefined) return null;
  const { readApiDescription } = await import('./api-description.ts');
  return readApiDescription(apiDescription, { isHere: true });
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
