/**
 * An upstream of bare sockets that keeps every byte that reached it. Prevents tests that ask a parser what it made of the
 * bytes: what a second reader could find hidden in them is what matters.
 */
import { createServer, type Socket } from 'node:net';
import { eventually } from '../services/deadline.ts';

export interface RecordingUpstream {
  readonly url: URL;
  readonly port: number;
  /** Everything that came, over all connections, as Latin-1. */
  readonly text: () => string;
  /** The first lines of requests that a careless reader would find anywhere in it. */
  readonly requestLines: () => string[];
  /** The newest connection. */
  readonly socket: () => Socket;
  readonly connections: () => number;
  readonly openConnections: () => number;
  /** Resolves once the text holds this. */
  readonly until: (part: string) => Promise<void>;
  readonly forget: () => void;
  /** Answers each request whose head has come with these bytes; null leaves them waiting. */
  answer: string | null;
  readonly close: () => Promise<void>;
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  const sockets = new Set<Socket>();
  let text = '';
  let connections = 0;
  let newest: Socket | null = null;
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    connections += 1;
    newest = socket;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    let pending = '';
    socket.on('data', (chunk) => {
      const came = chunk.toString('latin1');
      text += came;
      pending += came;
      if (upstream.answer === null) return;
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        const isHead = / HTTP\/1\.1\r\n/.test(pending.slice(0, end));
        pending = pending.slice(end + 4);
        if (isHead) socket.write(Buffer.from(upstream.answer, 'latin1'));
      }
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const upstream: RecordingUpstream = {
    url: new URL(`http://127.0.0.1:${port}`),
    port,
    text: () => text,
    requestLines: () => text.match(/[A-Z]{3,} \S+ HTTP\/\d\.\d/g) ?? [],
    socket: () => {
      if (newest === null) throw new Error('nobody has connected');
      return newest;
    },
    connections: () => connections,
    openConnections: () => sockets.size,
    until: async (part) => {
      await eventually(() => text.includes(part), 10_000, `${JSON.stringify(part)} reaches the upstream`);
    },
    forget: () => {
      text = '';
    },
    answer: OK,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return upstream;
}
