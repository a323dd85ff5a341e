import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Eventually } from '../ports/index.ts';
import type { CallerOf } from './app.ts';
import { type Answer, type DoorRequest, hasHeader, headerValues } from './door.ts';
import { originForm } from './origin-form.ts';
import { sendingTogether } from './send-together.ts';

/** How long a client that is still sending may take to read its refusal before the connection is cut. */
const LINGER_MS = 500;

export interface NodeDoorOptions {
  /** The caller of every request that comes in here; null asks for tokens. */
  readonly callerOf: CallerOf | null;
  /** While true every answer closes its connection. */
  readonly isDraining: () => boolean;
  /** For the `checkContinue` event: clients wait to be asked for their bodies. Otherwise Node has asked already. */
  readonly asksForBodies?: boolean;
  /** What every target begins with here. Express cuts the path it mounts a handler under off: then it is put back. */
  readonly prefix?: string;
}

/**
 * Answers `node:http` requests without fetch objects between. The body is not read before somebody asks for it: a refusal
 * reaches the client while it is still sending, and what it sends on is not taken.
 */
export function nodeDoor(
  answer: (request: DoorRequest, callerOf: CallerOf | null) => Eventually<Answer>,
  { callerOf, isDraining, asksForBodies = false, prefix = '' }: NodeDoorOptions,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const send = sendingTogether(({ incoming, outgoing, answer: ready }) =>
    sendAnswer(incoming, outgoing, ready, isDraining()),
  );
  return (incoming, outgoing) => {
    const target = originForm(wholeUrl(incoming, prefix), headerValues(incoming.rawHeaders, 'host'));
    if (target === null) {
      sendAnswer(incoming, outgoing, BAD_REQUEST, true);
      return;
    }
    const answered = answer(doorRequestOf(incoming, target, asksForBodies ? outgoing : null), callerOf);
    if (!(answered instanceof Promise)) {
      send({ incoming, outgoing, answer: answered });
      return;
    }
    answered.then(
      (late) => send({ incoming, outgoing, answer: late }),
      // The door answers everything; what still fails must not leave a connection hanging.
      () => incoming.socket.destroy(),
    );
  };
}

const BAD_REQUEST: Answer = { status: 400, headers: {}, body: null };

/** `waiting` is the answer of a client that waits to be asked for its body. */
export function doorRequestOf(
  incoming: IncomingMessage,
  target: string,
  waiting: ServerResponse | null = null,
): DoorRequest {
  const { rawHeaders, method = 'GET', socket } = incoming;
  return {
    method,
    target,
    rawHeaders,
    peer: socket.remoteAddress ?? null,
    isEncrypted: 'encrypted' in socket,
    body: hasBody(rawHeaders) ? () => bodyOf(incoming, waiting) : null,
  };
}

function bodyOf(incoming: IncomingMessage, waiting: ServerResponse | null): AsyncIterable<Uint8Array> {
  if (incoming.readableEnded) return parsedBody(incoming);
  waiting?.writeContinue();
  return arrivingBody(incoming);
}

/** A short body stands behind its header lines, and all of it is there once those have been dealt with. */
async function* arrivingBody(incoming: IncomingMessage): AsyncGenerator<Uint8Array> {
  await null;
  if (incoming.complete && !incoming.readableFlowing) {
    const whole: Uint8Array | null = incoming.read();
    if (whole !== null) yield whole;
    return;
  }
  // Whoever stops reading half-way still has an answer to send on this connection.
  yield* incoming.iterator({ destroyOnReturn: false });
}

/** A host application may have read the body before us: then what its parser made of it counts. */
async function* parsedBody({ body = {} }: IncomingMessage & { readonly body?: unknown }): AsyncGenerator<Uint8Array> {
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  yield Buffer.from(isText ? body : JSON.stringify(body));
}

/** Sends an answer. A body that is still on its way is not waited for: the connection ends with the answer. */
export function sendAnswer(incoming: IncomingMessage, outgoing: ServerResponse, answer: Answer, closes: boolean): void {
  if (isStillSending(incoming)) {
    // The rest of a short body often stands behind the header lines already: look once more when that has been read.
    setImmediate(() => {
      try {
        writeAnswer(incoming, outgoing, answer, closes);
      } catch {
        incoming.socket.destroy();
      }
    });
  } else {
    writeAnswer(incoming, outgoing, answer, closes);
  }
}

function writeAnswer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body, cookies = [] }: Answer,
  closes: boolean,
): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  const isCut = isStillSending(incoming);
  const lines: string[] = [];
  for (const name in headers) lines.push(name, headers[name] as string);
  for (const cookie of cookies) lines.push('Set-Cookie', cookie);
  const length = body === null ? 0 : Buffer.byteLength(body);
  if (status !== 204) lines.push('Content-Length', String(length));
  if (closes || isCut) lines.push('Connection', 'close');
  outgoing.writeHead(status, lines);
  if (isCut) lingerBeforeClose(incoming);
  // A text without a character beyond ASCII is the same bytes in latin1, which is quicker to write.
  const encoding = length === body?.length ? 'latin1' : 'utf8';
  outgoing.end(incoming.method === 'HEAD' || body === null ? undefined : body, encoding);
}

/** Whether a body is on its way that has not come to its end. */
export function isStillSending(incoming: IncomingMessage): boolean {
  return hasBody(incoming.rawHeaders) && !incoming.complete;
}

/**
 * Closing a connection whose client is still sending would reset it, and the client might never read its answer: the
 * socket is closed for writing, left unread for a moment and only then destroyed.
 */
export function lingerBeforeClose(incoming: IncomingMessage): void {
  const { socket } = incoming;
  // A body that somebody has begun to read is not taken to its end and thrown away by Node.
  incoming.read();
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}

function wholeUrl(incoming: IncomingMessage & Mounted, prefix: string): string {
  const { url = '', baseUrl = '', originalUrl = '' } = incoming;
  if (prefix === '' || baseUrl === '') return url;
  return originalUrl.startsWith(`${prefix}/`) ? originalUrl : `${prefix}${url}`;
}

/** What Express adds to a request that it hands to something mounted under a path. */
interface Mounted {
  readonly baseUrl?: string;
  readonly originalUrl?: string;
}

function hasBody(rawHeaders: readonly string[]): boolean {
  if (hasHeader(rawHeaders, 'transfer-encoding')) return true;
  const [length] = headerValues(rawHeaders, 'content-length');
  return length !== undefined && Number(length) > 0;
}
