/**
 * @keyhouse/client/fetch: puts the check in front of handlers that take a `Request` and give a `Response`, such as route
 * handlers of Next.js. Takes a `verifier` or an engine.
 */
import type { AuthenticateOptions, Authenticates, Identity } from './authenticates.ts';
import { requireQuestion } from './options.ts';

export type { Authenticates, Identity } from './authenticates.ts';

export interface ProtectOptions<Rest extends readonly unknown[] = readonly unknown[]> extends AuthenticateOptions {
  /** `optional` lets requests without a credential of ours reach the handler, with `null` for the identity. */
  readonly credentials?: 'required' | 'optional';
  /** The client's address; a `Request` has none, and without it tokens restricted to addresses are refused. */
  readonly ip?: (request: Request, ...rest: Rest) => string | null;
}

/** Handles a request whose token was accepted; further arguments are the host's own. */
export type Protected<Who, Rest extends readonly unknown[]> = (
  request: Request,
  identity: Who,
  ...rest: Rest
) => Response | Promise<Response>;

/**
 * Wraps a handler: requests whose token may do what it needs reach it with their identity, all others are answered in the
 * words of the profile.
 * @throws {TypeError} options that ask nothing.
 */
export function protect<Rest extends readonly unknown[]>(
  keyhouse: Authenticates,
  options: ProtectOptions<Rest> & { readonly credentials: 'optional' },
  handler: Protected<Identity | null, Rest>,
): (request: Request, ...rest: Rest) => Promise<Response>;
export function protect<Rest extends readonly unknown[]>(
  keyhouse: Authenticates,
  options: ProtectOptions<Rest>,
  handler: Protected<Identity, Rest>,
): (request: Request, ...rest: Rest) => Promise<Response>;
export function protect<Rest extends readonly unknown[]>(
  keyhouse: Authenticates,
  options: ProtectOptions<Rest>,
  handler: Protected<Identity, Rest> | Protected<Identity | null, Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  requireQuestion(options);
  const handle = handler as Protected<Identity | null, Rest>;
  return async (request, ...rest) => {
    const { method, url } = request;
    const ip = options.ip?.(request, ...rest) ?? null;
    const rawHeaders = [...request.headers].flat();
    const result = await keyhouse.authenticate({ method, url, rawHeaders, ip }, options);
    if (result.allowed) return withHeaders(await handle(request, result.identity, ...rest), result.headers);
    if (result.foreign && options.credentials === 'optional') return handle(request, null, ...rest);
    const { status, headers, body } = result.response;
    return new Response(JSON.stringify(body), { status, headers });
  };
}

/** The answer with these header fields; `Vary` adds up. */
function withHeaders(response: Response, added: Readonly<Record<string, string>>): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(added)) {
    if (name === 'Vary') headers.append(name, value);
    else headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
