import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../services/deadline.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How the receiver answers: with a status, or not at all. */
export type Reply = number | { readonly status: number; readonly headers: Record<string, string> } | 'silence' | 'cut';

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Decides on what comes in; 204 until a test says otherwise. */
  reply: (request: Received) => Reply;
  /** Waits for the so-manyth delivery. */
  untilReceived(count: number): Promise<Received>;
  close(): Promise<void>;
}

/** A real receiver of webhooks on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
    received.push(one);
    const reply = receiver.reply(one);
    if (reply === 'silence') return;
    if (reply === 'cut') return void request.socket.destroy();
    const { status, headers } = typeof reply === 'number' ? { status: reply, headers: {} } : reply;
    response.writeHead(status, headers).end(status === 204 ? undefined : 'an answer of the receiver');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hooks`,
    port,
    received,
    reply: () => 204,
    untilReceived: (count) => eventually(() => received[count - 1], 15_000, `delivery ${count} has come`),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

/** Checks a delivery as Standard Webhooks 1.0.0 says. @returns whether one of its signatures is of that secret. */
export function isSignedWith(secret: string, { headers, body }: Received): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(signed).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((signature) => {
      const [version, text = ''] = signature.split(',');
      const given = Buffer.from(text, 'base64');
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
    });
}
