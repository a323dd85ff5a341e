/**
 * @keyhouse/client/hono: puts the check in front of routes of a Hono application. Takes a `verifier` or an engine. On
 * `@hono/node-server` it reads the header lines as they came and knows the address of the connection; elsewhere say `ip`.
 */
import type { IncomingMessage } from 'node:http';
import type {} from 'hono';
import type { Authenticates, Identity } from './authenticates.ts';
import { requireQuestion } from './options.ts';
import { type ProtectOptions, withAddress } from './protect-options.ts';

export type { Authenticates, Identity } from './authenticates.ts';
export type { ProtectOptions } from './protect-options.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** Who calls; set by `protect`, undefined where credentials are optional and were not ours. */
    keyhouse: Identity | undefined;
  }
}

/** What is used of Hono's context. */
export interface HonoContextLike {
  readonly req: { readonly raw: Request; header(name: string): string | undefined };
  readonly env: unknown;
  readonly res: Response;
  set(key: 'keyhouse', value: Identity): void;
  header(name: string, value: string, options?: { readonly append?: boolean }): void;
}

/**
 * Lets a request on when its token may do what the route needs, with the identity in `c.get('keyhouse')`; otherwise answers
 * in the words of the profile.
 * @throws {TypeError} options that ask nothing.
 */
export function protect(
  keyhouse: Authenticates,
  options: ProtectOptions<HonoContextLike>,
): (context: HonoContextLike, next: () => Promise<void>) => Promise<Response | undefined> {
  requireQuestion(options);
  return async (context, next) => {
    const request = incomingOf(context) ?? context.req.raw;
    const result = await keyhouse.authenticate(withAddress(request, context, options), options);
    if (result.allowed) {
      context.set('keyhouse', result.identity);
      setHeaders(context, result.headers);
      await next();
      completeHeaders(context, result.headers);
      return undefined;
    }
    if (result.foreign && options.credentials === 'optional') {
      await next();
      return undefined;
    }
    const { status, headers, body } = result.response;
    return new Response(JSON.stringify(body), { status, headers });
  };
}

/** For the answers that the application makes with its context: they come into being with these fields. */
function setHeaders(context: HonoContextLike, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) context.header(name, headers[name] as string, { append: name === 'Vary' });
}

/** What the application answered otherwise, or set itself meanwhile, gets them now; the names in `Vary` add up. */
function completeHeaders(context: HonoContextLike, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) {
    const value = headers[name] as string;
    const told = context.res.headers.get(name);
    const isTold = name === 'Vary' ? told?.split(/, */).includes(value) : told === value;
    if (isTold !== true) context.header(name, value, { append: name === 'Vary' });
  }
}

/** Node's own request, which `@hono/node-server` hands on; it alone has every header line. */
function incomingOf({ env }: HonoContextLike): IncomingMessage | null {
  const { incoming } = (env ?? {}) as { readonly incoming?: IncomingMessage };
  return Array.isArray(incoming?.rawHeaders) ? incoming : null;
}
