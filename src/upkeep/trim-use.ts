import type { Job } from './job.ts';

const DAY_MS = 86_400_000;
/** What is told by the hour is told for a month, what is told by the day for as long as suggestions look back. */
const HOURS_KEPT_MS = 32 * DAY_MS;
const DAYS_KEPT_MS = 367 * DAY_MS;

/** Deletes samples of accepted requests, and details of uses, that were kept long enough. */
export const trimUse: Job = {
  name: 'trim_use',
  everyMs: 10 * 60_000,
  async run({ engine }, now) {
    await engine.accesses.trim(now);
    await engine.usage.trimDetails(now - HOURS_KEPT_MS, now - DAYS_KEPT_MS);
  },
};
