import { PORTAL_IDLE_MS, SESSION_IDLE_MS } from '../people/index.ts';
import { ALERTS_KEPT_MS, ALERTS_MAX } from '../ports/index.ts';
import type { Job } from './job.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Also where nobody sends mail any more. */
const MAIL_STALE_MS = 4 * DAY_MS;
const MAIL_KEPT_MS = 30 * DAY_MS;
const MAILS_MAX = 10_000;
const EVENTS_KEPT_MS = 30 * DAY_MS;
const EVENTS_MAX = 100_000;
const NETWORKS_KEPT_MS = 90 * DAY_MS;
const FAILURES_KEPT_MS = 3 * DAY_MS;

/**
 * Clears away what has run out: idempotency keys, sealed values, sessions, links, mails, events, alerts
 * and what was seen for them. Nothing depends on it running in time, since whatever has run out is not used any more.
 */
export const clearAway: Job = {
  name: 'clear_away',
  everyMs: 10 * 60_000,
  async run({ engine, mailQueue, deliveryQueue, sightings }, now) {
    await engine.store.transact(async ({ replays, rotations, sessions, links, portal, staff, alerts }) => {
      await replays.purgeExpired(now);
      await rotations.purgeLinks(now);
      await sessions.purge(now, now - SESSION_IDLE_MS);
      await links.purge(now);
      await portal.purge(now, now - PORTAL_IDLE_MS);
      await staff.purge(now, now - SESSION_IDLE_MS);
      await alerts.trim(now - ALERTS_KEPT_MS, ALERTS_MAX);
    });
    await mailQueue.trim(now - MAIL_STALE_MS, now - MAIL_KEPT_MS, MAILS_MAX);
    await deliveryQueue.trim(now - EVENTS_KEPT_MS, EVENTS_MAX);
    await sightings.networks.forgetUnused(now - NETWORKS_KEPT_MS);
    await sightings.failures.forget(now - FAILURES_KEPT_MS);
  },
};
