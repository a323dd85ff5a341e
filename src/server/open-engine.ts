import {
  AccessRecorder,
  Authenticator,
  compileStoredProfile,
  DenialRecorder,
  UsageRecorder,
  watchedUsage,
} from '../authenticate/index.ts';
import { ChangePath } from '../changes/index.ts';
import type { Readiness } from '../http/index.ts';
import { type Engine, noteFirstUse, redigestToken } from '../manage/index.ts';
import type { IpAllowlist } from '../policy/index.ts';
import type { Clock, Random, RateLimitCounter } from '../ports/index.ts';
import type { Profile } from '../profile/index.ts';
import { localCounters } from '../stores/counters/index.ts';
import { auditKeysIn } from '../stores/data-folder/index.ts';
import { JOBS, type Job, type Upkeep } from '../upkeep/index.ts';
import type { AuditSinkConfig } from './audit-config.ts';
import { auditSinkOf } from './audit-sink.ts';
import type { EngineLog } from './engine-log.ts';
import { findTraces } from './find-traces.ts';
import { followProfile } from './follow-profile.ts';
import { followTrials } from './follow-trials.ts';
import { githubKeys } from './github-keys.ts';
import { startJobs } from './jobs.ts';
import { type OpenedStore, openStore } from './open-store.ts';
import { storeReadiness } from './readiness.ts';
import { settleProfile } from './settle-profile.ts';
import { settleBuiltInRoles } from './settle-roles.ts';
import { systemClock, systemRandom } from './system-clock.ts';

/** Lines of rotations that limits on trial are counted for at once. */
const TRIED_LINEAGES_MAX = 100_000;
const DAY_MS = 86_400_000;

export interface EngineOptions {
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly secretsDir: string | null;
  /** Schema of Keyhouse's tables on PostgreSQL; null is `keyhouse`. */
  readonly databaseSchema?: string | null;
  /** null goes on with the profile in force, or starts with the neutral one. */
  readonly profile: Profile | null;
  readonly applyNarrowing: boolean;
  readonly cachedTokensMax: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Whether somebody takes mail out of the outbox and sends it. Default false. */
  readonly sendsMail?: boolean;
  /** Whether people may sign in with a password. Default true. */
  readonly passwordSignIn?: boolean;
  /** Networks that are not public and webhooks may reach all the same. Default none. */
  readonly webhookNetworks?: IpAllowlist | null;
  /** Where the keys are published that GitHub signs reports of leaks with. Default it may report none. */
  readonly githubReports?: URL | null;
  /** Where people reach the dashboard, once that is known. Default nobody knows. */
  readonly dashboardAt?: () => string | null;
  /** Where signed checkpoints of the audit log go. Default nowhere but the store. */
  readonly auditSink?: AuditSinkConfig | null;
  /** Of accepted requests one in so many is kept in the access log, and for so many days. Default 100 and 30. */
  readonly accessLogOneIn?: number;
  readonly accessLogDays?: number;
  /** What it does by itself. Default everything; a test runs jobs at times of its own. */
  readonly jobs?: readonly Job[];
  readonly log: EngineLog;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** What its jobs work with. */
  readonly upkeep: Upkeep;
  readonly store: OpenedStore;
  readonly counter: RateLimitCounter;
  /** Whether decisions can be taken and changes written. */
  readiness(): Promise<Readiness>;
  /** Writes what is only in memory, then lets the store go. */
  close(): Promise<void>;
}

/** Composes the engine over its store: the only place where adapters are chosen. */
export async function openEngine(options: EngineOptions): Promise<OpenedEngine> {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const opened = await openStore({ ...options, clock, random });
  try {
    return await compose(options, opened, clock, random);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function compose(
  options: EngineOptions,
  opened: OpenedStore,
  clock: Clock,
  random: Random,
): Promise<OpenedEngine> {
  const { log } = options;
  const { store, usage: usageLog, sightings, reservations } = opened.handle;
  const pepper = () => opened.secrets.pepper;
  const isSole = store.capabilities.soleWriter;
  let authenticator: Authenticator | null = null;
  const changes = new ChangePath({
    store,
    clock,
    invalidate: (subjects, seq) => authenticator?.invalidate(subjects, seq),
    witness: async (seq, auditHash) => opened.witness?.record(seq, auditHash),
    // One process, or none that decides from memory: once committed, nobody can still say yes.
    acknowledged: async () => ({
      class: isSole ? 'process' : 'cluster',
      durability: 'single-copy',
      nodesAcknowledged: 0,
      nodesWaitedOut: 0,
    }),
    profile: isSole
      ? null
      : {
          version: () => authenticator?.profile.version ?? null,
          adopt: (stored) => authenticator?.adopt(compileStoredProfile(stored)),
        },
  });
  const inForce = await settleProfile(store, changes, clock, {
    wanted: options.profile,
    applyNarrowing: options.applyNarrowing,
    onWarning: (message) => log.warning(message),
  });
  await settleBuiltInRoles(store, changes, clock);
  const counter =
    opened.handle.counters ??
    (await localCounters({
      clock,
      reservations,
      onDegraded: (cause) => log.fault(cause, { event: 'rate_limit_reservations_unwritable' }),
      onRecovered: () => log.warning('rate-limit reservations can be written again'),
      onDamagedRow: (lineageId) => log.warning('a stored rate-limit row was damaged', { lineage_id: lineageId }),
    }));
  const usage = new UsageRecorder({
    log: watchedUsage(usageLog, sightings.networks, clock),
    onFlushFailed: (error) => log.fault(error, { event: 'usage_flush_failed' }),
  });
  await usage.begin(clock.now());
  const denials = new DenialRecorder({
    log: opened.handle.denials,
    failures: sightings.failures,
    clock,
    onFlushFailed: (error) => log.fault(error, { event: 'denials_flush_failed' }),
  });
  const accesses = new AccessRecorder({
    log: opened.handle.accesses,
    clock,
    random,
    keepOneIn: options.accessLogOneIn ?? 100,
    keptMs: (options.accessLogDays ?? 30) * DAY_MS,
    onFlushFailed: (error) => log.fault(error, { event: 'access_log_flush_failed' }),
  });
  const inBackground = new Set<Promise<void>>();
  const alongside = (work: Promise<void>, event: string): Promise<void> => {
    const settled = work
      .catch((error: unknown) => log.fault(error, { event }))
      .finally(() => inBackground.delete(settled));
    inBackground.add(settled);
    return settled;
  };
  authenticator = new Authenticator({
    store,
    clock,
    counter,
    usage,
    pepper,
    profile: compileStoredProfile(inForce),
    cachedTokensMax: options.cachedTokensMax,
    onFirstUse: (facts) => {
      const noted = noteFirstUse({ store, changes, random }, facts.id, clock.now()).catch((error: unknown) => {
        facts.awaitsFirstUse = true;
        throw error;
      });
      return alongside(noted, 'first_use_not_noted');
    },
    onOldPepper: (tokenId, texts) => void alongside(redigestToken(store, pepper(), tokenId, texts), 'redigest_failed'),
  });
  const stopFollowing = isSole ? () => {} : followProfile(store, authenticator, log);
  const trials = await followTrials({
    store,
    trialLog: opened.handle.trials,
    authenticator,
    // Apart from the real counts where those are in memory: trials can neither fill their room nor spend a quota.
    counter:
      opened.handle.trialCounters ??
      (await localCounters({ clock, reservations: null, lineagesMax: TRIED_LINEAGES_MAX })),
    clock,
    log,
  });
  const engine: Engine = {
    clock,
    random,
    store,
    changes,
    authenticator,
    usage,
    denials,
    accesses,
    traces: await findTraces(),
    trials,
    pepper,
    auditSeal: {
      storeId: opened.storeId,
      keys: auditKeysIn(opened.secretsDir, random),
      sink: options.auditSink == null ? null : auditSinkOf(options.auditSink),
    },
    sendsMail: options.sendsMail ?? false,
    passwordSignIn: options.passwordSignIn ?? true,
    webhookNetworks: options.webhookNetworks ?? null,
    reporterKeys: options.githubReports == null ? null : githubKeys(options.githubReports, clock),
    dashboardUrl: options.dashboardAt ?? (() => null),
  };
  const stop = new AbortController();
  const upkeep: Upkeep = {
    engine,
    mailQueue: opened.handle.mailQueue,
    deliveryQueue: opened.handle.deliveryQueue,
    sightings,
    alertsRaised: new Map(),
    stopped: stop.signal,
    warn: (message, about) => log.warning(message, about),
  };
  const jobs = startJobs(options.jobs ?? JOBS, upkeep, clock, (error, job) =>
    log.fault(error, { event: 'job_failed', job }),
  );
  return {
    readiness: storeReadiness(store, clock),
    engine,
    upkeep,
    store: opened,
    counter,
    async close() {
      stop.abort();
      await jobs.close();
      stopFollowing();
      await Promise.allSettled(inBackground);
      // Each is closed whatever becomes of the others: the folder must be given up in the end.
      const failures: unknown[] = [];
      for (const close of [
        () => trials.close(),
        () => usage.close(),
        () => denials.close(),
        () => accesses.close(),
        () => counter.close(),
        () => opened.close(),
      ]) {
        await close().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
