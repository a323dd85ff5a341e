/**
 * @keyhouse/client/express: puts the check in front of routes of an Express application, or of anything with its kind of
 * middleware. Takes a `verifier` or an engine.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type {} from 'express-serve-static-core';
import type { Authenticates, Identity } from './authenticates.ts';
import { requireQuestion } from './options.ts';
import { type ProtectOptions, withAddress } from './protect-options.ts';
import { endsConnection } from './unread-body.ts';

export type { Authenticates, Identity } from './authenticates.ts';
export type { ProtectOptions } from './protect-options.ts';

declare module 'express-serve-static-core' {
  interface Request {
    /** Who calls; set by `protect`, absent where credentials are optional and were not ours. */
    keyhouse?: Identity;
  }
}

/** What is used of Express's request; `ip` is there with `trust proxy` set as your proxies need it. */
export type ExpressRequestLike = IncomingMessage & { readonly ip?: string | undefined };

export type Handler = (request: ExpressRequestLike, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Lets a request on when its token may do what the route needs, with the identity on `req.keyhouse`; otherwise answers in
 * the words of the profile.
 * @throws {TypeError} options that ask nothing.
 */
export function protect(keyhouse: Authenticates, options: ProtectOptions<ExpressRequestLike>): Handler {
  requireQuestion(options);
  const decide = async (request: ExpressRequestLike, response: ServerResponse): Promise<boolean> => {
    const result = await keyhouse.authenticate(withAddress(request, request, options), options);
    if (result.allowed) {
      (request as IncomingMessage & { keyhouse?: Identity }).keyhouse = result.identity;
      setHeaders(response, result.headers);
      return true;
    }
    if (result.foreign && options.credentials === 'optional') return true;
    const { status, headers, body } = result.response;
    if (response.headersSent) return false;
    setHeaders(response, headers);
    if (endsConnection(request)) response.setHeader('Connection', 'close');
    const text = JSON.stringify(body);
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(text) });
    response.end(request.method === 'HEAD' ? undefined : text);
    return false;
  };
  return (request, response, next) => {
    decide(request, response).then((passes) => {
      if (passes) next();
    }, next);
  };
}

/** What the application set before stays: the names in `Vary` add up. */
function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) {
    const value = headers[name] as string;
    const before = name === 'Vary' ? response.getHeader('Vary') : undefined;
    response.setHeader(name, before === undefined ? value : `${[before].flat().join(', ')}, ${value}`);
  }
}
