import { Rejection } from '../manage/index.ts';
import { type DoorRequest, headerValue } from './door.ts';
import { type AddressTrust, comesFromProxy } from './question-of.ts';

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9.])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Where this request reached us, without trailing slash: `https://api.example.com:8443`. The scheme is the connection's own,
 * or what a trusted proxy says in `X-Forwarded-Proto`.
 * @throws {Rejection} `invalid_input` without a `Host` that names a host (RFC 9112 section 3.2).
 */
export function baseUrl(request: DoorRequest, trust: AddressTrust): string {
  const host = headerValue(request.rawHeaders, 'host') ?? '';
  if (!namesHost(host)) {
    throw new Rejection('invalid_input', 'The Host header names no host.');
  }
  return `${isEncrypted(request, trust) ? 'https' : 'http'}://${host.toLowerCase()}`;
}

/** Whether the client's own connection is TLS: ours, or what a trusted proxy says of its. */
export function isEncrypted(
  request: Pick<DoorRequest, 'peer' | 'rawHeaders' | 'isEncrypted'>,
  trust: AddressTrust,
): boolean {
  if (comesFromProxy(request, trust)) {
    const said = headerValue(request.rawHeaders, 'x-forwarded-proto')?.toLowerCase();
    if (said === 'https' || said === 'http') return said === 'https';
  }
  return request.isEncrypted ?? false;
}

/** Whether this is a host name or address that every reader takes for one, with a port or without. */
export function namesHost(text: string): boolean {
  return HOST.test(text) && URL.canParse(`http://${text}`);
}
