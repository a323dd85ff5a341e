import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const STATUS_BY_CODE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * Answers bytes that are no well-formed request, or not one in time, with a bare status, and closes the connection:
 * what follows on it could be anything. Nothing of the bytes is logged, since a token may stand in them.
 */
export function answerBrokenRequests(server: Server): void {
  const answering = new WeakSet<Socket>();
  for (const event of ['request', 'checkContinue'] as const) {
    server.on(event, ({ socket }, outgoing) => {
      answering.add(socket);
      outgoing.once('close', () => answering.delete(socket));
    });
  }
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    if (!socket.writable || answering.has(socket)) {
      socket.destroy();
      return;
    }
    const status = STATUS_BY_CODE[error.code ?? ''] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  });
}
