/**
 * keyhouse/fetch: puts Keyhouse in front of handlers that take a `Request` and give a `Response`. Works with whatever has
 * `authenticate`, in this process or over the network.
 */
import { type AuthenticateOptions, type Authenticates, askerOf, type Identity } from '../authenticate-request.ts';
import { withHeaders } from './cross-origin-fetch.ts';

export type { AuthenticateOptions, Authenticates, Identity } from '../authenticate-request.ts';
export type { AllowsOrigins, CrossOriginOptions } from '../cors.ts';
export { crossOrigin } from './cross-origin-fetch.ts';

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
  askerOf(options);
  const handle = handler as Protected<Identity | null, Rest>;
  return async (request, ...rest) => {
    const asked = options.ip === undefined ? request : withAddress(request, options.ip(request, ...rest));
    const result = await keyhouse.authenticate(asked, options);
    if (result.allowed) return withHeaders(await handle(request, result.identity, ...rest), result.headers);
    if (result.foreign && options.credentials === 'optional') return handle(request, null, ...rest);
    const { status, headers, body } = result.response;
    return new Response(JSON.stringify(body), { status, headers });
  };
}

function withAddress(request: Request, ip: string | null) {
  return { method: request.method, url: request.url, rawHeaders: [...request.headers].flat(), ip };
}
