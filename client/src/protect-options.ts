import type { AuthenticableRequest, AuthenticateOptions } from './authenticates.ts';

export interface ProtectOptions<Incoming> extends AuthenticateOptions {
  /** `optional` lets requests without a credential of ours pass, for the application's own sign-in to judge. */
  readonly credentials?: 'required' | 'optional';
  /**
   * The client's address, where something stands in front that knows it: your framework's, with its trusted proxies set.
   * Without it, it is the address of the connection.
   */
  readonly ip?: (request: Incoming) => string | null | undefined;
}

/** The request to ask about, with the address that the application knows better. */
export function withAddress<Incoming>(
  request: AuthenticableRequest,
  incoming: Incoming,
  { ip }: ProtectOptions<Incoming>,
): AuthenticableRequest {
  if (ip === undefined) return request;
  const address = ip(incoming) ?? null;
  if (request instanceof Request) {
    return { method: request.method, url: request.url, rawHeaders: [...request.headers].flat(), ip: address };
  }
  const { method, rawHeaders } = request;
  const { originalUrl: url = request.url } = request as { readonly originalUrl?: string };
  return { method, url, rawHeaders, ip: address };
}
