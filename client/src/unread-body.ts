import type { IncomingMessage } from 'node:http';

/** How long a client that is still sending can read its answer, in milliseconds. */
const LINGER_MS = 500;

/**
 * Whether a body is on its way that nobody will read: then the connection ends with the answer. Closing it at once would
 * reset it, and the client might never read its answer, so the socket is closed for writing and left for a moment.
 */
export function endsConnection(incoming: IncomingMessage): boolean {
  const { headers, socket } = incoming;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!hasBody || incoming.complete) return false;
  // A body that somebody has begun to read is not taken to its end and thrown away by Node.
  incoming.read();
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
  return true;
}
