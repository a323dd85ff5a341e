import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from './metrics.ts';

/** What is asked of the engine when somebody reads the metrics. */
export interface MetricSources {
  readonly cachedTokens: () => number;
  /** What looking tokens up holds and has refused. */
  readonly lookups: () => LookupMeasures;
  /** Uses counted in memory and not written yet, in token-hours. */
  readonly usagePending: () => number;
  /** Uses that were counted nowhere, since the start. */
  readonly usageDropped: () => number;
  /** Details of uses in memory and not written yet. */
  readonly usageDetailsPending: () => number;
  /** Samples of accepted requests in memory and not written yet, and those kept nowhere since the start. */
  readonly accessesPending: () => number;
  readonly accessesDropped: () => number;
  /** Denials in memory and not written yet. */
  readonly denialsPending: () => number;
  /** Denials that were kept nowhere, since the start. */
  readonly denialsDropped: () => number;
  /** Alerts that were raised here since the start, by kind. */
  readonly alertsRaised: () => ReadonlyMap<string, number>;
  /** Lineages whose limits are counted in memory; null where counters live elsewhere. */
  readonly limiterLineages: (() => number) | null;
}

/** Every number but `turnedAway` is the size of something that is bounded. */
export interface LookupMeasures {
  readonly underWay: number;
  readonly waiting: number;
  readonly failureSources: number;
  readonly unknownTexts: number;
  readonly recognisedTexts: number;
  readonly rememberedChanges: number;
  /** Since the start. */
  readonly turnedAway: number;
}

const LOOKUP_GAUGES = [
  ['underWay', 'lookups_under_way', 'Texts that are being looked up in the store.'],
  ['waiting', 'lookups_waiting', 'Lookups that wait because their source has failed too often.'],
  ['failureSources', 'failure_sources', 'Client networks whose failures are remembered.'],
  ['unknownTexts', 'unknown_texts', 'Texts remembered for not being a token.'],
  ['recognisedTexts', 'recognised_texts', 'Texts remembered for having been a token, where no facts are cached.'],
  ['rememberedChanges', 'remembered_changes', 'Changes remembered against facts read before them.'],
  ['turnedAway', 'lookups_turned_away', 'Lookups refused since the start: their source had failed too often.'],
] as const satisfies readonly (readonly [keyof LookupMeasures, string, string])[];

/** From ten microseconds, a cached decision, to a second, a database in trouble. */
const BUCKETS = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1];
const NANOSECONDS = 1e9;

/** Measurements of one process. No label ever holds an id, an address or anything of a token. */
export function openMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const decisions = new Counter({
    name: 'keyhouse_decisions_total',
    help: 'Decisions on requests, by outcome (ok or the reason of the denial) and door.',
    labelNames: ['outcome', 'door'] as const,
    registers,
  });
  const seconds = new Histogram({
    name: 'keyhouse_decision_seconds',
    help: 'Time from reading the credential to the decision.',
    buckets: BUCKETS,
    registers,
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `keyhouse_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('cached_tokens', 'Tokens whose facts are in memory.', sources.cachedTokens);
  for (const [measure, name, help] of LOOKUP_GAUGES) gauge(name, help, () => sources.lookups()[measure]);
  gauge('usage_pending', 'Token-hours of usage that wait to be written.', sources.usagePending);
  gauge('usage_dropped', 'Uses that were counted nowhere since the start.', sources.usageDropped);
  gauge('usage_details_pending', 'Details of usage that wait to be written.', sources.usageDetailsPending);
  gauge('accesses_pending', 'Samples of accepted requests that wait to be written.', sources.accessesPending);
  gauge('accesses_dropped', 'Samples that were kept nowhere since the start.', sources.accessesDropped);
  gauge('denials_pending', 'Denials that wait to be written.', sources.denialsPending);
  gauge('denials_dropped', 'Denials that were kept nowhere since the start.', sources.denialsDropped);
  new Counter({
    name: 'keyhouse_alerts_raised_total',
    help: 'Alerts that this process has raised, by kind.',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      this.reset();
      for (const [kind, count] of sources.alertsRaised()) this.inc({ kind }, count);
    },
  });
  if (sources.limiterLineages !== null) {
    gauge('limiter_lineages', 'Lineages whose rate limits are counted in memory.', sources.limiterLineages);
  }
  gauge('resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  gauge('event_loop_lag_p99_seconds', 'Event-loop delay since the last reading, 99th percentile.', () => {
    return delay.count === 0 ? 0 : delay.percentile(99) / NANOSECONDS;
  });
  gauge('event_loop_lag_max_seconds', 'Event-loop delay since the last reading, longest.', () => {
    return delay.count === 0 ? 0 : delay.max / NANOSECONDS;
  });
  /** One per outcome and door: finding it by its label costs more than counting. */
  const counters = new Map<string, Counter.Internal>();
  return {
    decided(outcome, door, milliseconds) {
      const key = `${outcome} ${door}`;
      let counter = counters.get(key);
      if (counter === undefined) {
        counter = decisions.labels({ outcome, door });
        counters.set(key, counter);
      }
      counter.inc();
      seconds.observe(milliseconds / 1000);
    },
    async read() {
      const text = await registry.metrics();
      delay.reset();
      return text;
    },
    contentType: registry.contentType,
    close: () => delay.disable(),
  };
}
