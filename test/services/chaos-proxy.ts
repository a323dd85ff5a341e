/**
 * A TCP relay that can misbehave between a client and a server. Prevents fault tests that only know "up" and "down":
 * connections can be cut mid-answer, a network can go silent in one direction, answers can come late.
 */
import { createConnection, createServer, type Socket } from 'node:net';

export type Direction = 'requests' | 'answers' | 'both';

export interface ChaosProxy {
  readonly host: string;
  readonly port: number;
  /** The same URL with the relay in place of the server. */
  readonly through: (url: string) => string;
  readonly openConnections: () => number;
  /** Connections that clients have made so far. */
  readonly connectionsMade: () => number;
  /** Bytes the client has sent so far, over all connections. */
  readonly requestBytes: () => number;
  /** Resets every connection; new ones are still relayed. */
  readonly cut: () => void;
  /** Resets every connection and refuses new ones until `heal`. */
  readonly refuse: () => void;
  /** Keeps connections open, accepts new ones and passes nothing on in that direction until `heal`. */
  readonly stall: (direction?: Direction) => void;
  /** Holds every piece of data back for so long before it is passed on. */
  readonly delay: (delayMs: number) => void;
  /** Passes the next `bytes` of answers on, over all connections, then resets the connection in the middle of the rest. */
  readonly cutAnswerAfter: (bytes: number) => void;
  /** Back to a plain relay; what was held back in a stall is passed on. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/** Starts a relay on a free loopback port. */
export async function startChaosProxy(target: { readonly host: string; readonly port: number }): Promise<ChaosProxy> {
  const links = new Set<Link>();
  const state = { refusing: false, stalled: null as Direction | null, delayMs: 0, answerBytesLeft: Infinity };
  let requestBytes = 0;
  let connectionsMade = 0;
  let release: (() => void)[] = [];

  const untilHealed = (): Promise<void> => new Promise((resolve) => release.push(resolve));
  const isStalled = (direction: Direction): boolean => state.stalled === 'both' || state.stalled === direction;
  const reset = (link: Link): void => {
    link.client.resetAndDestroy();
    link.server.resetAndDestroy();
    links.delete(link);
  };
  const relay = async (link: Link, from: Socket, to: Socket, direction: Direction): Promise<void> => {
    for await (const data of from as AsyncIterable<Buffer>) {
      if (direction === 'requests') requestBytes += data.length;
      if (state.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, state.delayMs));
      while (isStalled(direction)) await untilHealed();
      if (direction === 'answers' && data.length > state.answerBytesLeft) {
        const part = data.subarray(0, state.answerBytesLeft);
        state.answerBytesLeft = Infinity;
        to.write(part, () => reset(link));
        return;
      }
      if (direction === 'answers') state.answerBytesLeft -= data.length;
      if (!to.write(data)) await new Promise<void>((resolve) => to.once('drain', resolve).once('close', resolve));
    }
    while (isStalled(direction)) await untilHealed();
    to.end();
  };

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    connectionsMade += 1;
    if (state.refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = createConnection({ ...target, allowHalfOpen: true });
    const link: Link = { client, server };
    links.add(link);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => reset(link));
      socket.once('close', () => {
        if (client.closed && server.closed) links.delete(link);
      });
    }
    relay(link, client, server, 'requests').catch(() => reset(link));
    relay(link, server, client, 'answers').catch(() => reset(link));
  });
  await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no TCP port');
  const { port } = address;

  const cut = (): void => {
    for (const link of [...links]) reset(link);
  };
  const heal = (): void => {
    Object.assign(state, { refusing: false, stalled: null, delayMs: 0, answerBytesLeft: Infinity });
    for (const go of release.splice(0)) go();
  };
  return {
    host: '127.0.0.1',
    port,
    through: (url) => {
      const relayed = new URL(url);
      relayed.hostname = '127.0.0.1';
      relayed.port = `${port}`;
      return relayed.href;
    },
    openConnections: () => links.size,
    connectionsMade: () => connectionsMade,
    requestBytes: () => requestBytes,
    cut,
    refuse: () => {
      state.refusing = true;
      cut();
    },
    stall: (direction = 'both') => {
      state.stalled = direction;
    },
    delay: (delayMs) => {
      state.delayMs = delayMs;
    },
    cutAnswerAfter: (bytes) => {
      state.answerBytesLeft = bytes;
    },
    heal,
    close: async () => {
      cut();
      heal();
      release = [];
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
