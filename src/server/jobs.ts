import { PORTAL_IDLE_MS, SESSION_IDLE_MS } from '../people/index.ts';
import type { Clock, MailQueue, Store } from '../ports/index.ts';

const HOUSEKEEPING_MS = 10 * 60_000;

/**
 * Clears away what has run out: idempotency keys and sealed values, sessions and links. Nothing depends on it running in time, since whatever
 * has run out is not used any more.
 * @returns stops it.
 */
export function startJobs(store: Store, clock: Clock, onFailed: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    const now = clock.now();
    store
      .transact(async ({ replays, sessions, links, portal }) => {
        await replays.purgeExpired(now);
        await sessions.purge(now, now - SESSION_IDLE_MS);
        await links.purge(now);
        await portal.purge(now, now - PORTAL_IDLE_MS);
      })
      .catch(onFailed);
  }, HOUSEKEEPING_MS);
  timer.unref();
  return () => clearInterval(timer);
}
