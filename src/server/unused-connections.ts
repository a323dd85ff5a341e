import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Watches for connections that never said anything, which browsers open in advance. Node.js takes them for busy, so that
 * closing would wait for them.
 * @returns cuts them. Over TLS a connection has said something once it shook hands, and is left alone.
 */
export function watchUnused(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}
