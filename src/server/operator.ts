import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, type CallerOf, createHttpHandler, type DoorRequest } from '../http/index.ts';
import { localCaller } from '../manage/index.ts';
import { DATABASE_FILE, findPrivateSocket, PEPPER_FILE, secretsFolderOf } from '../stores/data-folder/index.ts';
import type { Config } from './config.ts';
import { localRoutes } from './local-operations.ts';
import type { EngineLog } from './open-engine.ts';
import { StartRefused } from './start-refused.ts';

/** What the command line needs of a store: who owns it, and a door of its own where nobody does. */
export type { Config } from './config.ts';
export { loadConfig } from './config.ts';

/** Answers the operator's calls in this process. */
export interface LocalDoor {
  answer(request: DoorRequest): Promise<Answer>;
  /** Writes what is only in memory and gives the data folder up. */
  close(): Promise<void>;
}

type Place = Pick<Config, 'dataDir' | 'secretsDir' | 'databaseUrl'>;

/** The caller of everything that comes over the private socket or from a command. */
export const operatorCaller: CallerOf = (circumstances) => localCaller('operator', circumstances);

/** The socket of the process that owns the data folder; null on PostgreSQL, which no process owns. */
export function findOwnerSocket({ dataDir, databaseUrl }: Place): string | null {
  return databaseUrl === null ? findPrivateSocket(dataDir) : null;
}

/** Whether there is a store, or what is left of one. */
export function hasStore({ dataDir, secretsDir, databaseUrl }: Place): boolean {
  if (existsSync(join(secretsFolderOf(dataDir, secretsDir), PEPPER_FILE))) return true;
  return databaseUrl === null && existsSync(join(dataDir, DATABASE_FILE));
}

/**
 * A command that only works on a store must not make one in passing, in whatever folder it was called.
 * @throws {StartRefused} there is none.
 */
export function requireStore(place: Place): void {
  if (hasStore(place)) return;
  const message =
    place.databaseUrl === null
      ? `There is no Keyhouse store in ${place.dataDir}. Name its folder with --data-dir or KEYHOUSE_DATA_DIR, or make one: keyhouse init`
      : `There are no secrets in ${secretsFolderOf(place.dataDir, place.secretsDir)}. Copy the ones of this store there, or make a new store: keyhouse init`;
  throw new StartRefused(message);
}

/**
 * Opens the store and answers in this process. The profile in force stays; one that the configuration names is applied by
 * a start or by `profile apply`, never in passing.
 * @throws {FolderOwned} another process owns the data folder.
 * @throws {StartRefused} the store and its secrets do not fit each other.
 */
export async function openLocalDoor(
  config: Config,
  warn: (message: string) => void,
  {
    makes = false,
  }: { /** Makes the store where there is none, with the configured profile. */ readonly makes?: boolean } = {},
): Promise<LocalDoor> {
  const { openEngine } = await import('./open-engine.ts');
  const isNew = makes && !hasStore(config);
  const log: EngineLog = {
    warning: warn,
    fault: (error) => warn(`Fault: ${error instanceof Error ? error.message : String(error)}`),
  };
  const opened = await openEngine({ ...config, profile: isNew ? config.profile : null, log });
  const handler = createHttpHandler({
    engine: opened.engine,
    trust: { trustedProxies: null, header: config.clientAddressHeader },
    log: { fault: (error, { requestId }) => warn(faultLine(error, requestId)), securityEvent: () => {} },
    metrics: null,
    readiness: async () => ({ store: 'ok', draining: false }),
    environments: config.environments,
    prefix: '',
    serves: () => true,
    furtherRoutes: localRoutes(opened),
  });
  return {
    answer: (request) => handler.answer(request, operatorCaller),
    close: () => opened.close(),
  };
}

function faultLine(error: unknown, requestId: string): string {
  return `Fault in ${requestId}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
