import { PORTAL_IDLE_MS, SESSION_IDLE_MS } from '../people/index.ts';
import type { Clock, MailQueue, Store } from '../ports/index.ts';

const HOUSEKEEPING_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Also where nobody sends mail any more. */
const MAIL_STALE_MS = 4 * DAY_MS;
const MAIL_KEPT_MS = 30 * DAY_MS;
const MAILS_MAX = 10_000;

/**
 * Clears away what has run out: idempotency keys and sealed values, sessions, links and mails. Nothing depends on it running
 * in time, since whatever has run out is not used any more.
 * @returns stops it.
 */
export function startJobs(
  { store, mailQueue }: { readonly store: Store; readonly mailQueue: MailQueue },
  clock: Clock,
  onFailed: (error: unknown) => void,
): () => void {
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
    mailQueue.trim(now - MAIL_STALE_MS, now - MAIL_KEPT_MS, MAILS_MAX).catch(onFailed);
  }, HOUSEKEEPING_MS);
  timer.unref();
  return () => clearInterval(timer);
}
