import { PORTAL_IDLE_MS, SESSION_IDLE_MS } from '../people/index.ts';
import type { Job } from './job.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Also where nobody sends mail any more. */
const MAIL_STALE_MS = 4 * DAY_MS;
const MAIL_KEPT_MS = 30 * DAY_MS;
const MAILS_MAX = 10_000;

/**
 * Clears away what has run out: idempotency keys and sealed values, sessions, links and mails. Nothing depends on it running
 * in time, since whatever has run out is not used any more.
 */
export const clearAway: Job = {
  name: 'clear_away',
  everyMs: 10 * 60_000,
  async run({ engine, mailQueue }, now) {
    await engine.store.transact(async ({ replays, sessions, links, portal, staff }) => {
      await replays.purgeExpired(now);
      await sessions.purge(now, now - SESSION_IDLE_MS);
      await links.purge(now);
      await portal.purge(now, now - PORTAL_IDLE_MS);
      await staff.purge(now, now - SESSION_IDLE_MS);
    });
    await mailQueue.trim(now - MAIL_STALE_MS, now - MAIL_KEPT_MS, MAILS_MAX);
  },
};
