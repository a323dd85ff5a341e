import type { ClientRequest, IncomingMessage, OutgoingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isStillSending, lingerBeforeClose } from '../node-door.ts';
import { trailersBack } from './fields-back.ts';

/** Written, it sends the head. `flushHeaders` would write its bytes as UTF-8. */
const NOTHING = Buffer.alloc(0);

/** How long each side may take, in milliseconds. */
export interface Patience {
  /** For the connection to the upstream. */
  readonly connectMs: number;
  /** For the upstream to begin its answer, since it was last given something to read. */
  readonly answerMs: number;
  /** For a client that neither sends what it announced nor reads what there is. */
  readonly silentMs: number;
}

export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** The client waits to be asked for its body. */
  readonly isWaiting: boolean;
  readonly onward: ClientRequest;
  readonly hasBody: boolean;
  readonly patience: Patience;
  /** The field lines of the client's answer, flat. */
  fieldsFor(answer: IncomingMessage): string[];
  /** No answer has begun, and none will: somebody has to write one. */
  failed(code: 'upstream_unreachable' | 'upstream_timeout', cause: unknown): void;
}

/**
 * Passes one request on and its answer back, piece by piece as they come. Whichever side goes ends the other: an answer that
 * broke off breaks off for the client too, and is never made to look whole. Nothing is tried twice.
 */
export function forward(exchange: Exchange): void {
  const { incoming, outgoing, onward, hasBody, patience } = exchange;
  const { socket } = incoming;
  let hasAnswer = false;
  let isSending = false;

  const fail = (code: 'upstream_unreachable' | 'upstream_timeout', cause: unknown): void => {
    if (hasAnswer) return;
    hasAnswer = true;
    clearTimeout(timer);
    onward.destroy();
    if (outgoing.destroyed) return;
    incoming.unpipe(onward);
    exchange.failed(code, cause);
  };
  let timer = setTimeout(() => fail('upstream_timeout', new Error('no connection in time')), patience.connectMs);

  onward.once('socket', (upstreamSocket) => {
    const isTls = 'encrypted' in upstreamSocket;
    if (upstreamSocket.connecting) upstreamSocket.once(isTls ? 'secureConnect' : 'connect', send);
    else send();
  });
  onward.once('response', answerWith);
  // A protocol that nobody asked for.
  onward.once('upgrade', (_answer, upstreamSocket) => {
    upstreamSocket.destroy();
    fail('upstream_unreachable', new Error('the upstream switched protocols'));
  });
  onward.on('error', (error) => fail('upstream_unreachable', error));
  onward.once('close', () => fail('upstream_unreachable', new Error('the upstream closed the connection')));
  incoming.on('error', () => onward.destroy());
  const forget = whenGone(socket, gone);
  outgoing.once('close', gone);
  watchClient();

  function gone(): void {
    forget();
    clearTimeout(timer);
    if (!outgoing.writableFinished) hasAnswer = true;
    onward.destroy();
  }

  function send(): void {
    clearTimeout(timer);
    if (hasAnswer) return;
    timer = setTimeout(() => fail('upstream_timeout', new Error('no answer in time')), patience.answerMs);
    if (!hasBody) {
      onward.end();
      return;
    }
    isSending = true;
    if (exchange.isWaiting) outgoing.writeContinue();
    incoming.on('data', () => timer.refresh());
    incoming.once('end', () => {
      isSending = false;
    });
    flushUnless(incoming, onward);
    incoming.pipe(onward);
  }

  function answerWith(answer: IncomingMessage): void {
    clearTimeout(timer);
    if (hasAnswer) return;
    hasAnswer = true;
    const cut = (): void => {
      // To a client of HTTP/1.0 the end of the connection may be the end of the body: only a reset says otherwise, or TLS
      // that ends without its farewell.
      if (incoming.httpVersion === '1.0' && !('encrypted' in socket)) socket.resetAndDestroy();
      else socket.destroy();
    };
    try {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, exchange.fieldsFor(answer));
    } catch (error) {
      answer.on('error', () => {});
      hasAnswer = outgoing.headersSent;
      fail('upstream_unreachable', error);
      return;
    }
    answer.on('error', cut);
    answer.once('close', () => {
      if (!answer.complete) cut();
    });
    answer.once('end', () => {
      if (isStillSending(incoming)) {
        incoming.unpipe(onward);
        lingerBeforeClose(incoming);
      }
      try {
        if (outgoing.chunkedEncoding) outgoing.addTrailers(trailersBack(answer.rawTrailers));
        outgoing.end();
      } catch {
        cut();
      }
    });
    flushUnless(answer, outgoing);
    answer.pipe(outgoing, { end: false });
  }

  /** Silence of the upstream's is its own affair, as in a stream of events; a client that holds things up is cut. */
  function watchClient(): void {
    socket.setTimeout(patience.silentMs);
    outgoing.on('timeout', () => {
      const isReading = socket.writableLength === 0;
      const isSent = !isSending || onward.writableNeedDrain;
      if (isReading && isSent) socket.setTimeout(patience.silentMs);
      else socket.destroy();
    });
  }
}

const underWay = new WeakMap<Socket, Set<() => void>>();

/** Of several requests on one connection only the one whose turn it is would be told that it ended. */
function whenGone(socket: Socket, gone: () => void): () => void {
  let told = underWay.get(socket);
  if (told === undefined) {
    const all = new Set<() => void>();
    socket.once('close', () => {
      for (const tell of all) tell();
    });
    underWay.set(socket, all);
    told = all;
  }
  const waiting = told.add(gone);
  return () => void waiting.delete(gone);
}

/** Sends the head of a message on whose body is late; with a body that is there already it goes in one piece. */
function flushUnless(body: Readable, message: OutgoingMessage): void {
  const late = setImmediate(() => {
    if (!message.destroyed && !message.writableEnded) message.write(NOTHING);
  });
  for (const event of ['data', 'end', 'close']) body.once(event, () => clearImmediate(late));
}
