import {
  type ApiDescription,
  createDashboard,
  createHttpHandler,
  type DoorParts,
  doorEngine,
  type HttpHandler,
  type HttpParts,
  type Metrics,
} from '../http/index.ts';
import { hasAdmin, issueSetupCode } from '../people/index.ts';
import type { LocalCounters } from '../stores/counters/index.ts';
import { listenPrivately } from '../stores/data-folder/index.ts';
import { readApiDescription } from './api-description.ts';
import type { Config } from './config.ts';
import { type Greeting, printGreeting } from './greeting.ts';
import { type Listeners, startListeners } from './listeners.ts';
import { operatorCaller } from './local-door.ts';
import { localRoutes } from './local-operations.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';
import { isSetUp } from './readiness.ts';
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
  const { apiDescriptionFile } = config;
  const apiDescription =
    apiDescriptionFile === null ? null : await readApiDescription(apiDescriptionFile, { isHere: false });
  const opened = await openEngine({ ...config, log });
  try {
    let isDraining = false;
    let apiUrl = '';
    const metrics = await measure(opened);
    const doors = buildDoors(config, opened, {
      log,
      metrics,
      apiDescription,
      isDraining: () => isDraining,
      apiUrl: () => apiUrl,
    });
    const listeners = await startListeners({
      api: { ...config.api, tls: config.tls, answer: doors.api.answer, explainBroken: doors.api.explainBroken },
      dashboard: { ...config.dashboard, tls: config.tls, answer: doors.dashboard },
      operator: operatorListener(opened, doors.operator),
      trustedProxies: config.trustedProxies,
      onDraining: () => {
        isDraining = true;
      },
    });
    apiUrl = listeners.api?.url ?? '';
    try {
      const greeting = await greet(config, opened, listeners);
      if (surroundings.json) surroundings.stdout(`${JSON.stringify(greeting)}\n`);
      else printGreeting(greeting, surroundings.stdout);
      await surroundings.stopped;
    } finally {
      await listeners.close();
      metrics.close();
    }
  } finally {
    await opened.close();
  }
}

interface DoorSurroundings {
  readonly log: DoorParts['log'];
  readonly metrics: Metrics;
  readonly apiDescription: ApiDescription | null;
  readonly isDraining: () => boolean;
  readonly apiUrl: () => string;
}

function buildDoors(config: Config, opened: OpenedEngine, surroundings: DoorSurroundings) {
  const { log, metrics, apiDescription, isDraining, apiUrl } = surroundings;
  const parts: HttpParts = {
    engine: doorEngine(opened.engine),
    trust: { trustedProxies: config.trustedProxies, header: config.clientAddressHeader },
    log,
    metrics,
    readiness: async () => ({ ...(await opened.readiness()), draining: isDraining() }),
    environments: config.environments,
    prefix: '',
    version: VERSION,
    apiDescription,
    serves: ([, , auth]) => auth !== 'local',
  };
  return {
    api: createHttpHandler({ ...parts, forwardAuth: config.forwardAuth }),
    dashboard: createDashboard({ ...parts, apiUrl, isSetUp: () => isSetUp(opened.engine) }),
    operator: createHttpHandler({ ...parts, serves: () => true, furtherRoutes: localRoutes(opened) }),
  };
}

/** Loaded here alone: an application that embeds Keyhouse has metrics of its own. */
async function measure({ engine, counter }: OpenedEngine): Promise<Metrics> {
  const { openMetrics } = await import('../http/prometheus.ts');
  return openMetrics({
    cachedTokens: () => engine.authenticator.cachedTokens,
    usagePending: () => engine.usage.pending,
    usageDropped: () => engine.usage.dropped,
    limiterLineages: 'lineages' in counter ? () => (counter as LocalCounters).lineages : null,
  });
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
