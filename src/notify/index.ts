/**
 * notify: what leaves for people and machines outside: mails in the company's words and branding, and signed webhooks. Each is
 * taken from a queue in the store and sent at least once, by one worker that knows how to claim, to settle and to try again.
 * Refuses to know a use case, to decide what is told to whom, and to make anybody wait: a change is done when what tells of it
 * is in the queue.
 */

export { type Composed, composeMail, type Sender } from './compose-mail.ts';
export { type MailWorkerParts, startMailWorker } from './mail-worker.ts';
export type { OutboxLog, OutboxWorker } from './outbox-worker.ts';
export { type PostGuard, type Resolve, resolveBySystem } from './post-guarded.ts';
export { SendFailed } from './send-failed.ts';
export { webhookHeaders } from './sign-webhook.ts';
export { checkSmtp, type SmtpSettings, sendBySmtp } from './smtp.ts';
export { startWebhookWorker, type WebhookWorkerParts } from './webhook-worker.ts';
