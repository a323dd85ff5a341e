import { formatInstant } from '../policy/index.ts';
import type { ClaimedDelivery, Clock, DeliveryQueue, WorkOutcome } from '../ports/index.ts';
import { openUnderPepper, type PepperRing } from '../token/index.ts';
import { type OutboxLog, type OutboxWorker, startOutboxWorker } from './outbox-worker.ts';
import { PostFailed, type PostGuard, postGuarded } from './post-guarded.ts';
import { retryAt, WEBHOOK_RETRIES } from './retry.ts';
import { webhookHeaders } from './sign-webhook.ts';

export interface WebhookWorkerParts {
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly pepper: () => PepperRing;
  readonly guard: PostGuard;
  /** From 0 to 1, so that what failed at once is not tried again at once. */
  readonly jitter: () => number;
  /** No other process takes deliveries. */
  readonly isSole: boolean;
  /** An endpoint has failed once more, or says it is gone: it is to be told nothing any more where that is enough. */
  readonly onFailed: (webhookId: string, isGone: boolean) => Promise<void>;
  readonly log: OutboxLog;
}

/** Deliveries of one process under way at the same time, so that slow endpoints do not hold up the others. */
const AT_ONCE = 16;
const PER_ENDPOINT = 4;
const GONE = 410;
/** Answers that may say when to come back. */
const BUSY = [429, 503];
const RETRY_AFTER_MAX_MS = 24 * 60 * 60_000;
/** The part of a wait that chance adds. */
const JITTER = 0.1;

/** Delivers events to endpoints until it is closed. */
export function startWebhookWorker(parts: WebhookWorkerParts): OutboxWorker {
  const { queue, clock, isSole, log } = parts;
  return startOutboxWorker<ClaimedDelivery>({
    queue,
    clock,
    isSole,
    log,
    about: aboutDelivery,
    atOnce: AT_ONCE,
    perReceiver: PER_ENDPOINT,
    receiverOf: ({ webhook }) => webhook.id,
    attempt: (delivery, stop) => attempt(parts, delivery, stop),
    async settled(delivery, outcome) {
      const { webhook } = delivery;
      if (outcome.state === 'given_up') {
        log.warning('a webhook delivery was given up', { ...aboutDelivery(delivery), reason: outcome.error });
      }
      const isOurs = webhook.disabledAt !== null || (outcome.state === 'pending' && outcome.error === STOPPED);
      if (isOurs) return;
      const isTaken = outcome.state === 'sent';
      await queue.noteHealth(webhook.id, clock.now(), isTaken);
      if (!isTaken) await parts.onFailed(webhook.id, outcome.status === GONE);
    },
  });
}

async function attempt(parts: WebhookWorkerParts, delivery: ClaimedDelivery, stop: AbortSignal): Promise<WorkOutcome> {
  const { clock, guard, log } = parts;
  const { webhook, event } = delivery;
  if (webhook.disabledAt !== null) return { state: 'given_up', error: 'The endpoint was disabled.' };
  const secrets = secretsOf(parts, delivery);
  if (secrets === null) return { state: 'given_up', error: 'The pepper that its secret was sealed with is not here.' };
  const timestamp = formatInstant(event.at);
  const body = `{"type":${JSON.stringify(event.type)},"timestamp":"${timestamp}","data":${event.dataText}}`;
  const headers = { 'content-type': 'application/json', 'user-agent': 'Keyhouse-Webhooks' };
  const signed = { ...headers, ...webhookHeaders(event.id, clock.now(), body, secrets) };
  try {
    const { status, retryAfterMs } = await postGuarded(webhook.url, signed, body, guard, stop);
    if (status >= 200 && status < 300) return { state: 'sent', at: clock.now(), status };
    if (status === GONE) return { state: 'given_up', error: 'It answered 410: the endpoint is gone.', status };
    const isRedirect = status >= 300 && status < 400;
    const error = `It answered ${status}${isRedirect ? ': redirects are not followed.' : '.'}`;
    return later(parts, delivery, { error, status, notBeforeMs: BUSY.includes(status) ? (retryAfterMs ?? 0) : 0 });
  } catch (error) {
    if (!(error instanceof PostFailed)) throw error;
    if (stop.aborted) return { state: 'pending', nextAt: clock.now(), error: STOPPED };
    if (error.isBlocked) log.warning('a webhook was not sent: its address is out of bounds', aboutDelivery(delivery));
    return later(parts, delivery, { error: error.message, notBeforeMs: 0 });
  }
}

const STOPPED = 'Keyhouse was stopped meanwhile.';

function later(
  { clock, jitter }: WebhookWorkerParts,
  { attemptsOfSeries, begunAt }: ClaimedDelivery,
  failed: { readonly error: string; readonly status?: number; readonly notBeforeMs: number },
): WorkOutcome {
  const { error, notBeforeMs } = failed;
  const status = failed.status === undefined ? {} : { status: failed.status };
  const now = clock.now();
  const at = retryAt(WEBHOOK_RETRIES, attemptsOfSeries, begunAt, now);
  if (at === null)
    return { state: 'given_up', error: `Not taken after ${attemptsOfSeries} attempts. ${error}`, ...status };
  const wait = Math.max((at - now) * (1 + JITTER * jitter()), Math.min(notBeforeMs, RETRY_AFTER_MAX_MS));
  return { state: 'pending', nextAt: now + Math.round(wait), error, ...status };
}

/** The newest first; null when one that is needed cannot be opened. */
function secretsOf({ clock, pepper }: WebhookWorkerParts, { webhook }: ClaimedDelivery): readonly string[] | null {
  const { sealedSecret, previousSealed, previousEndsAt } = webhook;
  const newest = openUnderPepper(sealedSecret, 'webhook', pepper());
  if (newest === null) return null;
  if (previousSealed === null || previousEndsAt === null || previousEndsAt <= clock.now()) return [newest];
  const previous = openUnderPepper(previousSealed, 'webhook', pepper());
  return previous === null ? [newest] : [newest, previous];
}

function aboutDelivery({ id, webhook, event, attempts }: ClaimedDelivery) {
  return { delivery_id: id, webhook_id: webhook.id, event_id: event.id, type: event.type, attempts };
}
