import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './door.ts';

/** An answer with the request that waits for it. */
export interface ReadyAnswer {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly answer: Answer;
}

/**
 * Gathers the answers that become ready in one turn of the event loop, and sends them one after the other at its end. The
 * system wakes a client that waits, and that is the dearest part of an answer: sent together, the first of them wakes a
 * client of many connections (a proxy, an application) for all. A single answer does not wait for another.
 * @param send what it throws ends that connection and no other.
 */
export function sendingTogether(send: (ready: ReadyAnswer) => void): (ready: ReadyAnswer) => void {
  let gathered: ReadyAnswer[] = [];
  const sendAll = (): void => {
    const together = gathered;
    gathered = [];
    for (const ready of together) {
      try {
        send(ready);
      } catch {
        ready.incoming.socket.destroy();
      }
    }
  };
  return (ready) => {
    if (gathered.push(ready) === 1) setImmediate(sendAll);
  };
}
