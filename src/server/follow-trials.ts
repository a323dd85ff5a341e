import { type Authenticator, TrialObserver, TrialRecorder } from '../authenticate/index.ts';
import type { Trials } from '../manage/index.ts';
import type { Clock, RateLimitCounter, Store, TrialLog } from '../ports/index.ts';
import type { EngineLog } from './engine-log.ts';

const LOOK_MS = 1_000;
const HOUSEKEEPING_MS = 10 * 60_000;
/** What a trial has seen is kept so long after its end. */
const KEPT_MS = 90 * 86_400_000;

export interface FollowTrialsOptions {
  readonly store: Store;
  readonly trialLog: TrialLog;
  readonly authenticator: Authenticator;
  readonly counter: RateLimitCounter;
  readonly clock: Clock;
  readonly log: EngineLog;
}

export interface FollowedTrials extends Trials {
  /** Stops following and writes what is only in memory. */
  close(): Promise<void>;
}

/**
 * Holds decisions against what is on trial, and writes what was seen. Trials that other processes began are taken up within
 * a second; where this process is the only one, nothing is looked for while there is none.
 */
export async function followTrials(options: FollowTrialsOptions): Promise<FollowedTrials> {
  const { store, trialLog, authenticator, counter, clock, log } = options;
  const recorder = new TrialRecorder(trialLog);
  const observer = new TrialObserver({
    recorder,
    counter,
    onFailed: (error) => log.fault(error, { event: 'trial_failed' }),
  });
  let areAny = false;
  let following: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    const trials = await store.trials.inForce(clock.now());
    const needsRoles = trials.some(({ subject: { kind } }) => kind === 'role' || kind === 'owner');
    const roles = needsRoles ? await store.owners.listRoles() : [];
    await recorder.follow(trials.map(({ id }) => id));
    observer.follow(trials, roles);
    areAny = trials.length > 0;
    authenticator.observeWith(areAny ? observer : null);
  };
  /** One after the other: an older reading must not come after a newer one. */
  const follow = (): Promise<void> => {
    const next = following.then(look);
    following = next.catch(() => {});
    return next;
  };
  const tick = failingOnce(log, async () => {
    if (areAny || !store.capabilities.soleWriter) await follow();
    await recorder.flush();
  });
  await follow();
  /** What they have seen goes after them: cut off in between, it is rows that nobody asks for any more. */
  const forget = failingOnce(log, async () => {
    await trialLog.remove(await store.transact(({ trials }) => trials.purge(clock.now() - KEPT_MS)));
  });
  const timers = [setInterval(tick, LOOK_MS), setInterval(forget, HOUSEKEEPING_MS)];
  for (const timer of timers) timer.unref();
  return {
    log: trialLog,
    follow,
    async flush() {
      await observer.settled();
      await recorder.flush();
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await following;
      await observer.settled();
      await recorder.flush();
    },
  };
}

/** An outage is told once, not every second; what is under way is not begun again. */
function failingOnce(log: EngineLog, work: () => Promise<void>): () => void {
  let isUnderWay = false;
  let hasFailed = false;
  return () => {
    if (isUnderWay) return;
    isUnderWay = true;
    work()
      .then(
        () => {
          hasFailed = false;
        },
        (error: unknown) => {
          if (!hasFailed) log.fault(error, { event: 'trials_not_followed' });
          hasFailed = true;
        },
      )
      .finally(() => {
        isUnderWay = false;
      });
  };
}
