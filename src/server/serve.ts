import {
  type ApiDescription,
  createDashboard,
  createHttpHandler,
  type DoorParts,
  doorEngine,
  type HttpHandler,
  type HttpParts,
  type Metrics,
  type SignedIdentities,
} from '../http/index.ts';
import { hasAdmin, issueSetupCode, portalDoor, type SingleSignOn, sessionDoor, singleSignOn } from '../people/index.ts';
import type { LocalCounters } from '../stores/counters/index.ts';
import { listenPrivately } from '../stores/data-folder/index.ts';
import { readApiDescription } from './api-description.ts';
import { type Config, isLoopback } from './config.ts';
import type { EngineLog } from './engine-log.ts';
import { type Greeting, printGreeting } from './greeting.ts';
import { type Listeners, startListeners } from './listeners.ts';
import { operatorCaller } from './local-door.ts';
import { localRoutes } from './local-operations.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';
import { openIdentities } from './open-identities.ts';
import { isSetUp } from './readiness.ts';
import { jsonLinesLog } from './standard-error-log.ts';
import { StartRefused } from './start-refused.ts';
import { VERSION } from './version.ts';
import { startWebhooks } from './webhooks.ts';

/** What a client of the gateway may keep to itself, neither sending what it announced nor reading what there is. */
const SILENT_MS = 30_000;

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
  let { dashboardUrl } = config;
  const opened = await openEngine({ ...config, dashboardAt: () => dashboardUrl, sendsMail: config.mail !== null, log });
  try {
    let isDraining = false;
    let apiUrl = '';
    const identity = await openIdentities(config.identity, opened.store.secretsDir, opened.engine);
    const metrics = await measure(opened);
    const doors = buildDoors(config, opened, {
      log,
      identity,
      metrics,
      apiDescription,
      isDraining: () => isDraining,
      apiUrl: () => apiUrl,
      singleSignOn: await openSingleSignOn(config, opened),
    });
    const gateway = await openGateway(config, opened, { log, metrics, identity });
    const listeners = await startListeners({
      api: { ...config.api, tls: config.tls, answer: doors.api.answer, explainBroken: doors.api.explainBroken },
      dashboard: { ...config.dashboard, tls: config.tls, answer: doors.dashboard },
      gateway: gateway && {
        ...gateway.place,
        tls: config.tls,
        door: gateway.door,
        explainBroken: doors.api.explainBroken,
      },
      operator: operatorListener(opened, doors.operator),
      trustedProxies: config.trustedProxies,
      onDraining: () => {
        isDraining = true;
      },
    });
    apiUrl = listeners.api?.url ?? '';
    dashboardUrl ??= isOfThisMachine(config) ? (listeners.dashboard?.url ?? null) : null;
    const webhooks = await startWebhooks(opened, log);
    const mails = await startMails(config, opened, log, listeners.dashboard?.url ?? '');
    try {
      const greeting = await greet(config, opened, listeners);
      if (surroundings.json) surroundings.stdout(`${JSON.stringify(greeting)}\n`);
      else printGreeting(greeting, surroundings.stdout);
      await surroundings.stopped;
    } finally {
      await listeners.close();
      await Promise.all([mails?.close(), webhooks.close()]);
      gateway?.close();
      metrics.close();
    }
  } finally {
    await opened.close();
  }
}

interface DoorSurroundings {
  readonly log: DoorParts['log'];
  readonly metrics: Metrics;
  readonly identity: SignedIdentities;
  readonly apiDescription: ApiDescription | null;
  readonly isDraining: () => boolean;
  readonly apiUrl: () => string;
  readonly singleSignOn: SingleSignOn | null;
}

function buildDoors(config: Config, opened: OpenedEngine, surroundings: DoorSurroundings) {
  const { log, metrics, identity, apiDescription, isDraining, apiUrl, singleSignOn } = surroundings;
  const parts: HttpParts = {
    engine: doorEngine(opened.engine),
    trust: trustOf(config),
    log,
    metrics,
    identity,
    readiness: async () => ({ ...(await opened.readiness()), draining: isDraining() }),
    environments: config.environments,
    prefix: '',
    version: VERSION,
    apiDescription,
    portal: portalDoor(opened.engine, (error) => log.fault(error, { requestId: '', operation: null })),
    serves: ([, , auth]) => auth !== 'local',
  };
  return {
    api: createHttpHandler({ ...parts, forwardAuth: config.forwardAuth }),
    dashboard: createDashboard({
      ...parts,
      apiUrl,
      isSetUp: () => isSetUp(opened.engine),
      sendsMail: opened.engine.sendsMail,
      singleSignOn,
      passwordSignIn: opened.engine.passwordSignIn,
      publicHost: config.dashboardUrl === null ? null : new URL(config.dashboardUrl).host,
      sessions: sessionDoor(opened.engine, (error) => log.fault(error, { requestId: '', operation: 'readSession' })),
    }),
    operator: createHttpHandler({ ...parts, serves: () => true, furtherRoutes: localRoutes(opened) }),
  };
}

/**
 * Loaded where there is an upstream alone.
 * @throws {StartRefused} no rule would let a request through.
 */
async function openGateway(
  config: Config,
  { engine }: OpenedEngine,
  { log, metrics, identity }: Pick<DoorSurroundings, 'log' | 'metrics' | 'identity'>,
) {
  if (config.gateway === null) return null;
  const { name, routes } = engine.authenticator.profile.profile;
  if (routes.length === 0) {
    throw new StartRefused(
      `--upstream needs route rules, and the profile in force (${name}) has none: the gateway would refuse every request. Write them into \`routes\` of a profile, or draft them from the description of your API with \`keyhouse profile init FILE --openapi DESCRIPTION\`, and start with --profile FILE.`,
    );
  }
  const { createGateway } = await import('../http/gateway/index.ts');
  const { host, port, connectMs, answerMs, ...options } = config.gateway;
  const parts = { engine: doorEngine(engine), trust: trustOf(config), log, metrics, identity };
  const patience = { connectMs, answerMs, silentMs: SILENT_MS };
  return { place: { host, port }, ...createGateway(parts, { ...options, patience }) };
}

/** Loaded where mail is set up alone. */
async function startMails(
  { mail, dashboardUrl }: Config,
  { engine, store }: OpenedEngine,
  log: EngineLog,
  here: string,
) {
  if (mail === null) return null;
  const { startMailWorker } = await import('../notify/index.ts');
  return startMailWorker({
    queue: store.handle.mailQueue,
    clock: engine.clock,
    smtp: mail.smtp,
    pepper: engine.pepper,
    stationery: () => ({
      profile: engine.authenticator.profile.profile,
      from: mail.from,
      dashboardUrl: dashboardUrl ?? here,
    }),
    isSole: engine.store.capabilities.soleWriter,
    log,
  });
}

/** Loaded where it is configured alone. */
async function openSingleSignOn({ oidc }: Config, { engine }: OpenedEngine): Promise<SingleSignOn | null> {
  if (oidc === null) return null;
  const { openIdProvider } = await import('./openid-provider.ts');
  const { label, admission } = oidc;
  return singleSignOn(engine, { id: 'oidc', label, admission, provider: openIdProvider(oidc, engine.clock) });
}

function trustOf(config: Config): DoorParts['trust'] {
  return { trustedProxies: config.trustedProxies, header: config.clientAddressHeader };
}

/** Loaded here alone: an application that embeds Keyhouse has metrics of its own. */
async function measure({ engine, counter, upkeep }: OpenedEngine): Promise<Metrics> {
  const { authenticator } = engine;
  const { openMetrics } = await import('../http/prometheus.ts');
  return openMetrics({
    cachedTokens: () => authenticator.cachedTokens,
    lookups: () => ({
      ...authenticator.pressure,
      underWay: authenticator.lookupsUnderWay,
      rememberedChanges: authenticator.rememberedChanges,
    }),
    usagePending: () => engine.usage.pending,
    usageDropped: () => engine.usage.dropped,
    usageDetailsPending: () => engine.usage.pendingDetails,
    accessesPending: () => engine.accesses.pending,
    accessesDropped: () => engine.accesses.dropped,
    denialsPending: () => engine.denials.pending,
    denialsDropped: () => engine.denials.dropped,
    alertsRaised: () => upkeep.alertsRaised,
    limiterLineages: 'lineages' in counter ? () => (counter as LocalCounters).lineages : null,
  });
}

/** Whoever is refused there can open the dashboard at its own address. */
function isOfThisMachine({ api, dashboard, trustedProxies }: Config): boolean {
  return trustedProxies === null && isLoopback(api.host) && isLoopback(dashboard.host);
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
    gateway: listeners.gateway?.url ?? null,
    upstream: config.gateway?.upstream.origin ?? null,
    data: config.databaseUrl === null ? config.dataDir : 'PostgreSQL',
    secrets: opened.store.secretsDir,
    profile: opened.engine.authenticator.profile.profile.name,
    setup_code: isSetUp ? null : await issueSetupCode(opened.engine),
  };
}
