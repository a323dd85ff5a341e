import type { ClaimedMail, Clock, MailQueue, WorkOutcome } from '../ports/index.ts';
import { openUnderPepper, type PepperRing } from '../token/index.ts';
import { composeMail, type Stationery } from './compose-mail.ts';
import { SendFailed, sendFailedOf } from './send-failed.ts';
import { type SmtpSettings, sendBySmtp } from './smtp.ts';

/** What is said about mails: never what is in them, nor to whom they go. */
export interface MailLog {
  warning(message: string, about: Readonly<Record<string, unknown>>): void;
  fault(error: unknown, about: Readonly<Record<string, unknown>>): void;
}

export interface MailWorkerParts {
  readonly queue: MailQueue;
  readonly clock: Clock;
  readonly smtp: SmtpSettings;
  readonly pepper: () => PepperRing;
  /** As it is at the moment: profiles change. */
  readonly stationery: () => Stationery;
  /** No other process takes mails from this outbox. */
  readonly isSole: boolean;
  readonly log: MailLog;
}

export interface MailWorker {
  /** Stops taking mails, gives those under way a moment, and leaves the rest for the next start. */
  close(): Promise<void>;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits between attempts; the last one repeats. */
export const RETRY_STEPS_MS = [
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
] as const;

export const GIVE_UP_AFTER_MS = 72 * HOUR_MS;

/** Three times what an attempt may take: who has not reported by then was killed. */
const CLAIM_MS = 3 * MINUTE_MS;
const LOOK_EVERY_MS = 500;
/** Mails of one process under way at the same time. */
const AT_ONCE = 4;
/** What mails under way are given at a stop. */
const PARTING_MS = 3 * SECOND_MS;
const WRITE_ATTEMPTS = 3;

/** Sends what is in the outbox until it is closed. */
export function startMailWorker(parts: MailWorkerParts): MailWorker {
  const { queue, clock, log } = parts;
  const stop = new AbortController();
  const underWay = new Set<Promise<void>>();
  let isClosing = false;
  let timer: NodeJS.Timeout | undefined;
  let isOutOfReach = false;

  const look = async (): Promise<void> => {
    const now = clock.now();
    const room = AT_ONCE - underWay.size;
    if (room <= 0) return;
    for (const mail of await queue.claim(now, now + CLAIM_MS, { count: room })) {
      const delivery = deliver(parts, mail, stop.signal)
        .catch((error: unknown) => log.fault(error, { event: 'mail_not_settled', mail_id: mail.id }))
        .finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    }
  };
  let looking: Promise<void> = Promise.resolve();
  const turn = (): void => {
    looking = look()
      .then(() => {
        isOutOfReach = false;
      })
      .catch((error: unknown) => {
        // Once per outage: the store says the same with every request.
        if (!isOutOfReach) log.fault(error, { event: 'outbox_out_of_reach' });
        isOutOfReach = true;
      })
      .finally(() => {
        if (isClosing) return;
        timer = setTimeout(turn, LOOK_EVERY_MS);
        timer.unref();
      });
  };
  const begun = parts.isSole
    ? queue.release().catch((error: unknown) => log.fault(error, { event: 'outbox_out_of_reach' }))
    : Promise.resolve();
  void begun.then(() => {
    if (!isClosing) turn();
  });

  return {
    async close() {
      isClosing = true;
      clearTimeout(timer);
      await begun;
      await looking;
      const parting = setTimeout(() => stop.abort(), PARTING_MS);
      await Promise.all(underWay);
      clearTimeout(parting);
    },
  };
}

async function deliver(parts: MailWorkerParts, mail: ClaimedMail, stop: AbortSignal): Promise<void> {
  const { queue, clock, log } = parts;
  const outcome = await attempt(parts, mail, stop);
  for (let time = 1; ; time++) {
    try {
      await queue.settle(mail, outcome);
      break;
    } catch (error) {
      // Not written, it is sent once more when the claim has run out.
      if (time === WRITE_ATTEMPTS) throw error;
    }
  }
  const about = { mail_id: mail.id, template: mail.template, attempts: mail.attempts };
  if (outcome.state === 'given_up') log.warning('a mail was given up', { ...about, reason: outcome.error });
  if (outcome.state === 'pending') {
    const inSeconds = Math.round((outcome.nextAt - clock.now()) / SECOND_MS);
    log.warning('a mail was not sent yet', { ...about, reason: outcome.error, again_in_seconds: inSeconds });
  }
}

async function attempt(parts: MailWorkerParts, mail: ClaimedMail, stop: AbortSignal): Promise<WorkOutcome> {
  const { clock, smtp, pepper, stationery } = parts;
  if (hasRunOut(mail, clock.now()))
    return { state: 'given_up', at: clock.now(), error: 'Its link ran out before it could be sent.' };
  const path = mail.sealed === null ? null : openUnderPepper(mail.sealed, 'mail', pepper());
  if (mail.sealed !== null && path === null) {
    return { state: 'given_up', at: clock.now(), error: 'The pepper that its link was sealed with is not here.' };
  }
  try {
    const composed = composeMail(mail, path, stationery());
    if (composed === null) throw new SendFailed('This version of Keyhouse does not know this kind of mail.');
    await sendBySmtp(smtp, composed, stop);
    return { state: 'sent', at: clock.now() };
  } catch (error) {
    const { message, isFinal } = sendFailedOf(error, path === null ? [] : [path]);
    const now = clock.now();
    // The stop was ours, not the server's.
    if (stop.aborted) return { state: 'pending', nextAt: now, error: message };
    if (isFinal) return { state: 'given_up', at: clock.now(), error: message };
    const nextAt = now + (RETRY_STEPS_MS[mail.attempts - 1] ?? (RETRY_STEPS_MS.at(-1) as number));
    if (nextAt > mail.createdAt + GIVE_UP_AFTER_MS) {
      return { state: 'given_up', at: clock.now(), error: `Not sent within three days. ${message}` };
    }
    return { state: 'pending', nextAt, error: message };
  }
}

function hasRunOut({ data }: ClaimedMail, now: number): boolean {
  return data.expires_at !== undefined && Date.parse(data.expires_at) <= now;
}
