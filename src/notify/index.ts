/**
 * notify: what leaves for people outside: mails are taken from the outbox, written in the company's words and branding, and
 * handed to a mail server, at least once. Refuses to know a use case, to decide what is mailed to whom, and to make anybody
 * wait: a change is done when its mail is in the outbox.
 */

export { type Composed, composeMail, type Sender } from './compose-mail.ts';
export { type MailLog, type MailWorker, type MailWorkerParts, startMailWorker } from './mail-worker.ts';
export { SendFailed } from './send-failed.ts';
export { checkSmtp, type SmtpSettings, sendBySmtp } from './smtp.ts';
