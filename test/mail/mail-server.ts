import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { eventually } from '../services/deadline.ts';

/** A mail as a server has taken it. */
export interface Received {
  readonly from: string;
  readonly to: string;
  readonly isEncrypted: boolean;
  readonly user: string | null;
  /** The whole text, its soft line breaks undone. */
  readonly text: string;
  readonly messageId: string;
}

export interface MailServer {
  readonly port: number;
  readonly received: Received[];
  /** The first mail to this address, taken or still to come. */
  mailTo(address: string): Promise<Received>;
  close(): Promise<void>;
}

/** What a server does instead of taking a mail: an answer with its code, or an end. */
export type Instead = { readonly code: number; readonly text: string } | 'cut';

export interface MailServerOptions extends SMTPServerOptions {
  readonly port?: number;
  /** Asked for each recipient. */
  readonly atRecipient?: (address: string) => Instead | null;
  /** Asked once the text is on its way. */
  readonly atText?: () => Instead | null;
}

/** A real mail server on this machine; without TLS unless told otherwise. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { port = 0, atRecipient, atText, ...rest } = options;
  const received: Received[] = [];
  const refusal = ({ code, text }: Exclude<Instead, 'cut'>) => Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 10,
    ...rest,
    onRcptTo({ address }, _session, done) {
      const instead = atRecipient?.(address) ?? null;
      if (instead === null || instead === 'cut') done();
      else done(refusal(instead));
    },
    onData(stream, session, done) {
      const instead = atText?.() ?? null;
      const chunks: Buffer[] = [];
      if (instead === 'cut') {
        for (const connection of server.connections) connection._socket.destroy();
        stream.resume();
        return;
      }
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (instead !== null) return done(refusal(instead));
        const raw = Buffer.concat(chunks).toString('utf8');
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address).join(),
          isEncrypted: session.secure === true,
          user: typeof session.user === 'string' ? session.user : null,
          text: raw.replace(/=\r\n/g, '').replaceAll('=3D', '='),
          messageId: /^Message-ID: (.+)$/im.exec(raw)?.[1]?.trim() ?? '',
        });
        done();
      });
    },
  });
  // A client that is killed or that hangs up is no fault of the server.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: at } = server.server.address() as AddressInfo;
  return {
    port: at,
    received,
    mailTo: (address) =>
      eventually(() => received.find(({ to }) => to === address), 20_000, `a mail to ${address} arrives`),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
