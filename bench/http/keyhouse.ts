import { readFileSync } from 'node:fs';
import { createGateway } from '../../src/http/gateway/index.ts';
import { createHttpHandler, type DoorParts, doorEngine } from '../../src/http/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { type ListenersOptions, startListeners } from '../../src/server/listeners.ts';
import type { OpenedEngine } from '../../src/server/open-engine.ts';
import { VERSION } from '../../src/server/version.ts';
import { openSeeded, questionFor } from '../seeded-engine.ts';
import type { KeyhouseRole, Started } from './role.ts';

const TIMEOUTS = { connectMs: 5_000, answerMs: 10_000, silentMs: 30_000 };

/** A listener of `keyhouse serve`, with everything that guards it: of the API, or of the gateway where there is an upstream. */
export async function startKeyhouse({ dataDir, upstream, warmedBy, isBehindProxy }: KeyhouseRole): Promise<Started> {
  const opened = await openSeeded(dataDir);
  const storeReads = countReads(opened);
  if (warmedBy !== null) await warm(opened, warmedBy);
  const parts: DoorParts = {
    engine: doorEngine(opened.engine),
    trust: { trustedProxies: isBehindProxy ? loopback() : null, header: 'x-forwarded-for' },
    log: { fault: console.error, securityEvent: () => {} },
    metrics: await measured(opened),
  };
  const { answer, explainBroken } = createHttpHandler({
    ...parts,
    readiness: async () => ({ ...(await opened.readiness()), draining: false }),
    environments: ['live'],
    prefix: '',
    version: VERSION,
    serves: ([, , auth]) => auth !== 'local',
    forwardAuth: isBehindProxy ? { method: 'x-forwarded-method', uri: 'x-forwarded-uri' } : null,
  });
  const place = { host: '127.0.0.1', port: 0, tls: null, explainBroken };
  const none: ListenersOptions = { api: null, dashboard: null, operator: null, trustedProxies: null, onDraining() {} };
  if (upstream === null) {
    const { api } = await startListeners({ ...none, api: { ...place, answer } });
    return { port: api?.port ?? 0, storeReads };
  }
  const options = { upstream: new URL(upstream), keyHeaders: [], forwardsToken: false, keepsHost: false };
  const { door } = createGateway(parts, { ...options, patience: TIMEOUTS });
  const { gateway } = await startListeners({ ...none, gateway: { ...place, door } });
  return { port: gateway?.port ?? 0, storeReads };
}

/** From now on every question for a token is counted that reaches the store. */
function countReads({ engine }: OpenedEngine): () => number {
  const { facts } = engine.store;
  const find = facts.findByDigest;
  let reads = 0;
  facts.findByDigest = (...asked) => {
    reads += 1;
    return find.apply(facts, asked);
  };
  return () => reads;
}

/** Brings the facts of every token of a list, one in a line, into memory. */
async function warm({ engine }: OpenedEngine, file: string): Promise<void> {
  for (const text of readFileSync(file, 'utf8').trim().split('\n')) {
    await engine.authenticator.decide({ ...questionFor(text), cost: 0 });
  }
}

function loopback() {
  const parsed = parseIpAllowlist(['127.0.0.0/8']);
  if (!parsed.ok) throw new TypeError('the address list does not parse');
  return parsed.list;
}

async function measured({ engine, upkeep }: OpenedEngine) {
  const { openMetrics } = await import('../../src/http/prometheus.ts');
  const { usage, denials, authenticator } = engine;
  return openMetrics({
    cachedTokens: () => authenticator.cachedTokens,
    lookups: () => ({
      ...authenticator.pressure,
      underWay: authenticator.lookupsUnderWay,
      rememberedChanges: authenticator.rememberedChanges,
    }),
    usagePending: () => usage.pending,
    usageDropped: () => usage.dropped,
    usageDetailsPending: () => usage.pendingDetails,
    accessesPending: () => 0,
    accessesDropped: () => 0,
    denialsPending: () => denials.pending,
    denialsDropped: () => denials.dropped,
    alertsRaised: () => upkeep.alertsRaised,
    limiterLineages: null,
  });
}
