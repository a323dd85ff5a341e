import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallerOf } from './app.ts';
import { type Answer, type DoorRequest, headerValues } from './door.ts';

/** How long a client that is still sending may take to read its refusal before the connection is cut. */
const LINGER_MS = 500;

export interface NodeDoorOptions {
  /** The caller of every request that comes in here; null asks for tokens. */
  readonly callerOf: CallerOf | null;
  /** While true every answer closes its connection. */
  readonly isDraining: () => boolean;
}

/**
 * Answers `node:http` requests without fetch objects between. The body is not read before somebody asks for it: a refusal
 * reaches the client while it is still sending, and what it sends on is not taken.
 */
export function nodeDoor(
  answer: (request: DoorRequest, callerOf: CallerOf | null) => Promise<Answer>,
  { callerOf, isDraining }: NodeDoorOptions,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    const target = originForm(incoming);
    if (target === null) {
      sendAnswer(incoming, outgoing, BAD_REQUEST, true);
      return;
    }
    answer(doorRequestOf(incoming, outgoing, target), callerOf).then(
      (answered) => sendAnswer(incoming, outgoing, answered, isDraining()),
      // The door answers everything; what still fails must not leave a connection hanging.
      () => incoming.socket.destroy(),
    );
  };
}

const BAD_REQUEST: Answer = { status: 400, headers: {}, body: null };

/** `outgoing` is told to ask for the body of a client that waits for permission; null where there is nobody to tell. */
export function doorRequestOf(incoming: IncomingMessage, outgoing: ServerResponse | null, target: string): DoorRequest {
  const { rawHeaders, method = 'GET', socket } = incoming;
  const isWaiting = headerValues(rawHeaders, 'expect').some((value) => value.toLowerCase() === '100-continue');
  return {
    method,
    target,
    rawHeaders,
    peer: socket.remoteAddress ?? null,
    body: hasBody(rawHeaders)
      ? () => {
          if (isWaiting) outgoing?.writeContinue();
          return incoming;
        }
      : null,
  };
}

export function sendAnswer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body }: Answer,
  closes: boolean,
): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  const isUnread = hasBody(incoming.rawHeaders) && !incoming.complete;
  const length = body === null ? 0 : Buffer.byteLength(body);
  outgoing.writeHead(status, {
    ...headers,
    ...(status !== 204 && { 'Content-Length': length }),
    ...((closes || isUnread) && { Connection: 'close' }),
  });
  if (isUnread) lingerBeforeClose(incoming);
  outgoing.end(incoming.method === 'HEAD' || body === null ? undefined : body);
}

/**
 * Closing a connection whose client is still sending would reset it, and the client might never read its answer: the
 * socket is closed for writing, left unread for a moment and only then destroyed.
 */
function lingerBeforeClose({ socket }: IncomingMessage): void {
  socket.destroySoon = () => {
    socket.end();
    socket.pause();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}

/**
 * The request target as path and query. An absolute one must name the host that `Host` names.
 * @returns null for a request that names two hosts, or a target of another form.
 */
function originForm({ url = '', rawHeaders }: IncomingMessage): string | null {
  const hosts = headerValues(rawHeaders, 'host');
  if (hosts.length > 1) return null;
  if (url.startsWith('/') || url === '*') return url;
  const absolute = /^https?:\/\/([^/?#]+)(.*)$/i.exec(url);
  if (absolute === null) return null;
  const [, authority = '', rest = ''] = absolute;
  if (authority.toLowerCase() !== hosts[0]?.toLowerCase()) return null;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function hasBody(rawHeaders: readonly string[]): boolean {
  if (headerValues(rawHeaders, 'transfer-encoding').length > 0) return true;
  const [length] = headerValues(rawHeaders, 'content-length');
  return length !== undefined && Number(length) > 0;
}
