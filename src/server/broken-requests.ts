import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer } from '../http/index.ts';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** As Node tells it: with the bytes that it could not read. */
type BrokenRequest = NodeJS.ErrnoException & { readonly rawPacket?: Uint8Array };

/**
 * Answers bytes that are no well-formed request, or not one in time, with what `explain` makes of them or a bare status, and
 * closes the connection: what follows on it could be anything. Nothing of the bytes is logged, since a token may stand in
 * them.
 */
export function answerBrokenRequests(server: Server, explain: (bytes: Uint8Array) => Answer | null): void {
  /** The newest answer on each connection. */
  const answers = new WeakMap<Socket, ServerResponse>();
  for (const event of ['request', 'checkContinue'] as const) {
    server.on(event, ({ socket }, outgoing) => void answers.set(socket, outgoing));
  }
  server.on('clientError', (error: BrokenRequest, duplex) => {
    const socket = duplex as Socket;
    const isAnswering = answers.get(socket)?.closed === false;
    if (!socket.writable || isAnswering) {
      socket.destroy();
      return;
    }
    const { code = '', rawPacket } = error;
    const known = STATUS_BY_CODE[code];
    const explained = known === undefined && rawPacket !== undefined ? explain(rawPacket) : null;
    socket.end(textOf(explained ?? { status: known ?? 400, headers: {}, body: null }), () => socket.destroy());
  });
}

/** The parser has given up on this connection, so the answer is written by hand. */
function textOf({ status, headers, body }: Answer): string {
  const text = String(body ?? '');
  const fields = { ...headers, Connection: 'close', 'Content-Length': Buffer.byteLength(text) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n');
}
