import { createDashboard, createHttpHandler, type DoorParts, type HttpHandler } from '../http/index.ts';
import { hasAdmin, issueSetupCode } from '../people/index.ts';
import { listenPrivately } from '../stores/data-folder/index.ts';
import type { Config } from './config.ts';
import { type Greeting, printGreeting } from './greeting.ts';
import { type Listeners, startListeners } from './listeners.ts';
import { localRoutes } from './local-operations.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';
import { operatorCaller } from './operator.ts';
import { jsonLinesLog } from './standard-error-log.ts';
import { VERSION } from './version.ts';

export interface ServeSurroundings {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Machine-readable start: one JSON line instead of the greeting. */
  readonly json: boolean;
  /** Resolves when the server is to stop. */
  readonly stopped: Promise<void>;
}

/**
 * Serves the API, the dashboard and the operator's private socket until told to stop, then drains.
 * @throws {StartRefused} {FolderOwned} what a start refuses; nothing is left open then.
 */
export async function serve(config: Config, surroundings: ServeSurroundings): Promise<void> {
  const log = jsonLinesLog(config.logLevel, surroundings.stderr);
  for (const line of config.unsafe) log.warning(line);
  const opened = await openEngine({ ...config, log });
  try {
    let isDraining = false;
    const doors = buildDoors(config, opened, log, () => isDraining);
    const listeners = await startListeners({
      api: { ...config.api, tls: config.tls, answer: doors.api.answer },
      dashboard: { ...config.dashboard, tls: config.tls, answer: doors.dashboard },
      operator: operatorListener(opened, doors.operator),
      trustedProxies: config.trustedProxies,
      onDraining: () => {
        isDraining = true;
      },
    });
    try {
      const greeting = await greet(config, opened, listeners);
      if (surroundings.json) surroundings.stdout(`${JSON.stringify(greeting)}\n`);
      else printGreeting(greeting, surroundings.stdout);
      await surroundings.stopped;
    } finally {
      await listeners.close();
    }
  } finally {
    await opened.close();
  }
}

function buildDoors(config: Config, opened: OpenedEngine, log: DoorParts['log'], isDraining: () => boolean) {
  const parts: DoorParts = {
    engine: opened.engine,
    trust: { trustedProxies: config.trustedProxies, header: config.clientAddressHeader },
    log,
    metrics: opened.metrics,
  };
  const common = {
    ...parts,
    readiness: async () => ({ ...(await opened.readiness()), draining: isDraining() }),
    environments: config.environments,
    prefix: '',
    version: VERSION,
  };
  return {
    api: createHttpHandler({ ...common, serves: ([, , auth]) => auth !== 'local' }),
    dashboard: createDashboard({ ...common, serves: () => false }),
    operator: createHttpHandler({ ...common, serves: () => true, furtherRoutes: localRoutes(opened) }),
  };
}

/** On PostgreSQL no process owns the store, so none is asked on behalf of others. */
function operatorListener({ store: { owned } }: OpenedEngine, handler: HttpHandler) {
  if (owned === null) return null;
  return {
    answer: handler.answer,
    callerOf: operatorCaller,
    listen: (server: Parameters<typeof listenPrivately>[1]) => listenPrivately(owned, server),
  };
}

async function greet(config: Config, opened: OpenedEngine, listeners: Listeners): Promise<Greeting> {
  const isSetUp = await hasAdmin(opened.engine);
  return {
    api: listeners.api?.url ?? '',
    dashboard: listeners.dashboard?.url ?? '',
    data: config.databaseUrl === null ? config.dataDir : 'PostgreSQL',
    secrets: opened.store.secretsDir,
    profile: opened.engine.authenticator.profile.profile.name,
    setup_code: isSetUp ? null : await issueSetupCode(opened.engine),
  };
}
