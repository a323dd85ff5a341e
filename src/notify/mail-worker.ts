import type { ClaimedMail, Clock, MailQueue, WorkOutcome } from '../ports/index.ts';
import { openUnderPepper, type PepperRing } from '../token/index.ts';
import { composeMail, type Stationery } from './compose-mail.ts';
import { type OutboxLog, type OutboxWorker, startOutboxWorker } from './outbox-worker.ts';
import { MAIL_RETRIES, retryAt } from './retry.ts';
import { SendFailed, sendFailedOf } from './send-failed.ts';
import { type SmtpSettings, sendBySmtp } from './smtp.ts';

export interface MailWorkerParts {
  readonly queue: MailQueue;
  readonly clock: Clock;
  readonly smtp: SmtpSettings;
  readonly pepper: () => PepperRing;
  /** As it is at the moment: profiles change. */
  readonly stationery: () => Stationery;
  /** No other process takes mails from this outbox. */
  readonly isSole: boolean;
  readonly log: OutboxLog;
}

/** Mails of one process under way at the same time. */
const AT_ONCE = 4;

/** Sends the mails in the outbox until it is closed. */
export function startMailWorker(parts: MailWorkerParts): OutboxWorker {
  const { queue, clock, isSole, log } = parts;
  const about = ({ id, template, attempts }: ClaimedMail) => ({ mail_id: id, template, attempts });
  return startOutboxWorker<ClaimedMail>({
    queue,
    clock,
    isSole,
    log,
    about,
    atOnce: AT_ONCE,
    receiverOf: ({ to }) => to,
    attempt: (mail, stop) => attempt(parts, mail, stop),
    settled(mail, outcome) {
      if (outcome.state === 'given_up') log.warning('a mail was given up', { ...about(mail), reason: outcome.error });
      if (outcome.state !== 'pending') return;
      const inSeconds = Math.round((outcome.nextAt - clock.now()) / 1_000);
      log.warning('a mail was not sent yet', { ...about(mail), reason: outcome.error, again_in_seconds: inSeconds });
    },
  });
}

async function attempt(parts: MailWorkerParts, mail: ClaimedMail, stop: AbortSignal): Promise<WorkOutcome> {
  const { clock, smtp, pepper, stationery } = parts;
  if (hasRunOut(mail, clock.now())) return { state: 'given_up', error: 'Its link ran out before it could be sent.' };
  const path = mail.sealed === null ? null : openUnderPepper(mail.sealed, 'mail', pepper());
  if (mail.sealed !== null && path === null) {
    return { state: 'given_up', error: 'The pepper that its link was sealed with is not here.' };
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
    if (isFinal) return { state: 'given_up', error: message };
    const nextAt = retryAt(MAIL_RETRIES, mail.attempts, mail.createdAt, now);
    if (nextAt === null) return { state: 'given_up', error: `Not sent within three days. ${message}` };
    return { state: 'pending', nextAt, error: message };
  }
}

function hasRunOut({ data }: ClaimedMail, now: number): boolean {
  return data.expires_at !== undefined && Date.parse(data.expires_at) <= now;
}
