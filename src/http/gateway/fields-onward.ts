import { claimsIdentity, type IdentityHeaders, plainName } from '../identity-headers.ts';
import { endsHere, flatFields, keepFields } from './field-rules.ts';
import type { Framing } from './framing.ts';

/** What is known about a request that has passed, and how much of it the upstream is told. */
export interface Onward {
  readonly method: string;
  readonly rawHeaders: readonly string[];
  readonly framing: Framing;
  /** What the client called us; null of an HTTP/1.0 client that did not say. */
  readonly host: string | null;
  /** What the upstream is called: its own name, or what the client called us. */
  readonly upstreamHost: string;
  readonly isEncrypted: boolean;
  /** The client's address as the decision saw it; null where it is not known. */
  readonly ip: string | null;
  readonly identity: IdentityHeaders;
  /** Fields that carry tokens and stay here, in lower case. */
  readonly tokenFields: readonly string[];
  /** The field in which trusted proxies tell us the client's address, in lower case. */
  readonly addressField: string;
}

/** Written anew for the upstream's connection. */
const FRAMING: ReadonlySet<string> = new Set(['host', 'content-length', 'expect', 'trailer']);

/** Whoever reads these believes that a proxy wrote them. Ours says who the client is in `X-Forwarded-…` alone. */
const SAID_BY_PROXIES: ReadonlySet<string> = new Set([
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  // Some frameworks take the path from these, and another path than this one was judged.
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
]);

/** The field lines that the upstream gets, flat. What a client says about itself in our name or a proxy's never gets through. */
export function fieldsOnward(onward: Onward): string[] {
  const { rawHeaders, method, framing, host, upstreamHost, isEncrypted, ip, identity } = onward;
  const ends = endsHere(rawHeaders);
  const tokenFields = onward.tokenFields.map(plainName);
  const addressField = plainName(onward.addressField);
  const passed = keepFields(
    rawHeaders,
    (plain) =>
      !ends(plain) &&
      !FRAMING.has(plain) &&
      !SAID_BY_PROXIES.has(plain) &&
      !plain.startsWith('x-forwarded-') &&
      plain !== addressField &&
      !tokenFields.includes(plain) &&
      !claimsIdentity(plain),
  );
  return [
    ...['Host', upstreamHost],
    ...passed,
    ...(ip === null ? [] : ['X-Forwarded-For', ip]),
    ...['X-Forwarded-Proto', isEncrypted ? 'https' : 'http'],
    ...(host === null ? [] : ['X-Forwarded-Host', host]),
    ...flatFields(identity),
    ...framingFields(method, framing),
  ];
}

/** Methods whose requests have a meaning without a body say nothing; others say that there is none (RFC 9110 section 8.6). */
function framingFields(method: string, framing: Framing): string[] {
  if (framing.kind === 'chunked') return ['Transfer-Encoding', 'chunked'];
  if (framing.kind === 'length') return ['Content-Length', framing.length];
  return ['POST', 'PUT', 'PATCH'].includes(method) ? ['Content-Length', '0'] : [];
}
