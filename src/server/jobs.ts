import type { Clock } from '../ports/index.ts';
import type { Job, Upkeep } from '../upkeep/index.ts';

/** After a start, before the first run: also a process that is started anew every day gets to its jobs. */
const FIRST_MS = 3_000;

export interface Jobs {
  /** Starts no further run, and waits for those under way. */
  close(): Promise<void>;
}

/** Runs each job on its period until it is closed: one run of a job at a time, and another one after a run that failed. */
export function startJobs(
  jobs: readonly Job[],
  upkeep: Upkeep,
  clock: Clock,
  onFailed: (error: unknown, job: string) => void,
): Jobs {
  const timers = new Map<Job, NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();

  const runIn = (job: Job, ms: number): void => {
    const timer = setTimeout(() => {
      const run = job
        .run(upkeep, clock.now())
        .catch((error: unknown) => onFailed(error, job.name))
        .finally(() => {
          underWay.delete(run);
          if (!upkeep.stopped.aborted) runIn(job, job.everyMs);
        });
      underWay.add(run);
    }, ms);
    timer.unref();
    timers.set(job, timer);
  };
  for (const job of jobs) runIn(job, Math.min(job.everyMs, FIRST_MS));

  return {
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}
