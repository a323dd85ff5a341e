import { type Answer, type CallerOf, createHttpHandler, type DoorRequest, doorEngine } from '../http/index.ts';
import { localCaller } from '../manage/index.ts';
import type { Config } from './config.ts';
import type { EngineLog } from './engine-log.ts';
import { localRoutes } from './local-operations.ts';
import { openEngine } from './open-engine.ts';
import { VERSION } from './version.ts';

/** The caller of everything that comes over the private socket or from a command. */
export const operatorCaller: CallerOf = (circumstances) => localCaller('operator', circumstances);

/** Answers the operator's calls in this process. */
export interface LocalDoor {
  answer(request: DoorRequest): Promise<Answer>;
  /** Writes what is only in memory and gives the data folder up. */
  close(): Promise<void>;
}

/**
 * Opens the store and answers in this process. The profile in force stays: one that the configuration names is applied by
 * a start or by `profile apply`, never in passing.
 * @throws {FolderOwned} another process owns the data folder.
 * @throws {StartRefused} the store and its secrets do not fit each other.
 */
export async function openLocalDoor(
  config: Config,
  {
    isNew,
    warn,
  }: {
    /** There is no store yet: it is made with the configured profile. */ readonly isNew: boolean;
    readonly warn: (message: string) => void;
  },
): Promise<LocalDoor> {
  const fault: EngineLog['fault'] = (error, about) =>
    warn(
      `Fault (${Object.values(about).join(', ')}): ${error instanceof Error ? (error.stack ?? error.message) : error}`,
    );
  const opened = await openEngine({ ...config, profile: isNew ? config.profile : null, log: { warning: warn, fault } });
  const handler = createHttpHandler({
    engine: doorEngine(opened.engine),
    trust: { trustedProxies: null, header: config.clientAddressHeader },
    log: { fault: (error, { requestId }) => fault(error, { request_id: requestId }), securityEvent: () => {} },
    metrics: null,
    readiness: opened.readiness,
    environments: config.environments,
    prefix: '',
    serves: () => true,
    version: VERSION,
    furtherRoutes: localRoutes(opened),
  });
  return {
    answer: async (request) => handler.answer(request, operatorCaller),
    close: () => opened.close(),
  };
}
