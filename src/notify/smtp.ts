import type { Composed } from './compose-mail.ts';
import { SendFailed, sendFailedOf } from './send-failed.ts';

/** The mail server, as it is configured. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** `implicit` from the first byte, `starttls` before anything is said, or refused; `none` in the clear. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  /** null without signing in. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** PEM of the authorities that vouch for the server; null those that Node.js trusts. */
  readonly ca: string | null;
}

const CONNECT_MS = 10_000;
const SILENT_MS = 20_000;
/** From the first look-up to the last answer, however slowly the server drips. */
const WHOLE_MS = 60_000;

/**
 * Hands one mail over. Resolves when the server has taken it.
 * @throws {SendFailed} it was not taken, or nobody knows: a lost answer looks like a mail not taken.
 */
export async function sendBySmtp(settings: SmtpSettings, mail: Composed, stop: AbortSignal): Promise<void> {
  await converse(settings, stop, [mail.link ?? ''], async (connection) => {
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
    const message = new MailComposer({
      from: mail.from,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      attachments: mail.attachments.map(({ cid, type, content }) => ({
        cid,
        content,
        contentType: type,
        contentDisposition: 'inline' as const,
      })),
      messageId: mail.messageId,
      date: new Date(mail.date),
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    }).compile();
    const envelope = { from: mail.from.address, to: [mail.to] };
    const bytes = await message.build();
    await new Promise<void>((resolve, reject) => {
      connection.send(envelope, bytes, (error) => (error ? reject(error) : resolve()));
    });
  });
}

/**
 * Connects and signs in, and sends nothing.
 * @throws {SendFailed} saying what the server would not have.
 */
export async function checkSmtp(settings: SmtpSettings, stop: AbortSignal): Promise<void> {
  await converse(settings, stop, [], async () => {});
}

type Connection = import('nodemailer/lib/smtp-connection').default;

async function converse(
  settings: SmtpSettings,
  stop: AbortSignal,
  secrets: readonly string[],
  talk: (connection: Connection) => Promise<void>,
): Promise<void> {
  const { host, port, tls, login, ca } = settings;
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection');
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENT_MS,
    socketCloseTimeout: 0,
    logger: false,
    tls: { minVersion: 'TLSv1.2', ...(ca !== null && { ca }) },
  });
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(WHOLE_MS)]);
  let onAbort = () => {};
  const failed = new Promise<never>((_, reject) => {
    connection.on('error', reject);
    connection.on('end', () => reject(new SendFailed('The mail server closed the connection.')));
    onAbort = () =>
      reject(new SendFailed(stop.aborted ? 'Keyhouse was stopped meanwhile.' : 'The mail server took too long.'));
    deadline.addEventListener('abort', onAbort);
    if (deadline.aborted) onAbort();
  });
  failed.catch(() => {});
  const conversation = (async () => {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
    if (login !== null) {
      const credentials = { user: login.user, pass: login.password };
      await new Promise<void>((resolve, reject) =>
        connection.login(credentials, (error) => (error ? reject(error) : resolve())),
      );
    }
    await talk(connection);
  })();
  conversation.catch(() => {});
  try {
    await Promise.race([conversation, failed]);
    connection.quit();
  } catch (error) {
    connection.close();
    throw sendFailedOf(error, [...secrets, login?.password ?? '', login?.user ?? '']);
  } finally {
    deadline.removeEventListener('abort', onAbort);
  }
}
