/**
 * @keyhouse/client/fastify: puts the check in front of routes of a Fastify application, as an `onRequest` hook: before the
 * body is read. Takes a `verifier` or an engine.
 */
import type { IncomingMessage } from 'node:http';
import type {} from 'fastify';
import type { Authenticates, Identity } from './authenticates.ts';
import { requireQuestion } from './options.ts';
import { type ProtectOptions, withAddress } from './protect-options.ts';
import { endsConnection } from './unread-body.ts';

export type { Authenticates, Identity } from './authenticates.ts';
export type { ProtectOptions } from './protect-options.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; set by `protect`, absent where credentials are optional and were not ours. */
    keyhouse?: Identity;
  }
}

/** What is used of Fastify's request. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  /** With `trustProxy` set as your proxies need it, the client's. */
  readonly ip: string;
}

/** What is used of Fastify's reply. */
export interface FastifyReplyLike {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  getHeader(name: string): number | string | readonly string[] | undefined;
  send(payload: string): unknown;
}

/**
 * A hook for one route (`{ onRequest: protect(…) }`) or for all (`app.addHook('onRequest', protect(…))`): lets a request on
 * when its token may do what is needed, with the identity on `request.keyhouse`; otherwise answers in the words of the
 * profile.
 * @throws {TypeError} options that ask nothing.
 */
export function protect(
  keyhouse: Authenticates,
  options: ProtectOptions<FastifyRequestLike>,
): (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown> {
  requireQuestion(options);
  return async (request, reply) => {
    const result = await keyhouse.authenticate(withAddress(request.raw, request, options), options);
    if (result.allowed) {
      (request as FastifyRequestLike & { keyhouse?: Identity }).keyhouse = result.identity;
      setHeaders(reply, result.headers);
      return undefined;
    }
    if (result.foreign && options.credentials === 'optional') return undefined;
    const { status, headers, body } = result.response;
    setHeaders(reply, headers);
    if (endsConnection(request.raw)) reply.header('Connection', 'close');
    reply.code(status);
    reply.send(JSON.stringify(body));
    return reply;
  };
}

/** What the application set before stays: the names in `Vary` add up. */
function setHeaders(reply: FastifyReplyLike, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) {
    const value = headers[name] as string;
    const before = name === 'Vary' ? reply.getHeader('Vary') : undefined;
    reply.header(name, before === undefined ? value : `${[before].flat().join(', ')}, ${value}`);
  }
}
