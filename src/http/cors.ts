import { RATE_LIMIT_HEADERS } from '../authenticate/index.ts';
import type { Profile } from '../profile/index.ts';
import { DEBUG_HEADERS } from './debug-headers.ts';
import { type Answer, type DoorRequest, headerValue, headerValues } from './door.ts';

/** Origins whose pages may call; `*` is any. */
export type Origins = Profile['cors']['origins'];

/** Anything that knows whose pages may call: `createKeyhouse`, and whatever has learnt it from there. */
export interface AllowsOrigins {
  /** As the profile in force says at this moment. */
  allowedOrigins(): Origins | Promise<Origins>;
}

export interface CrossOriginOptions {
  /** Methods that pages may ask for; GET, HEAD, POST, PUT, PATCH and DELETE unless told. */
  readonly methods?: readonly string[];
  /** Further header fields that pages may send, such as `X-API-Key`. */
  readonly headers?: readonly string[];
  /** Further header fields of answers that pages may read. */
  readonly exposes?: readonly string[];
}

type Sent = Pick<DoorRequest, 'method' | 'rawHeaders'>;

const READABLE = [
  'X-Request-Id',
  'Retry-After',
  'WWW-Authenticate',
  'Link',
  'Deprecation',
  'Sunset',
  ...RATE_LIMIT_HEADERS,
  ...DEBUG_HEADERS,
];
const READABLE_TEXT = READABLE.join(', ');
const SENDABLE = ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Debug-Auth'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const PREFLIGHT_SECONDS = '600';

/**
 * What a browser is told about calls from another origin, on every answer: a page must be able to read why it was
 * refused. Cookies never count here, so credentials are never allowed.
 */
export function corsHeaders(
  origins: Origins,
  request: Pick<Sent, 'rawHeaders'>,
  exposes: readonly string[] = [],
): Record<string, string> {
  if (origins !== '*' && origins.length === 0) return {};
  const headers: Record<string, string> = origins === '*' ? {} : { Vary: 'Origin' };
  if (!mayCall(origins, request)) return headers;
  headers['Access-Control-Allow-Origin'] = origins === '*' ? '*' : (originOf(request) as string);
  headers['Access-Control-Expose-Headers'] = [READABLE_TEXT, ...exposes].join(', ');
  return headers;
}

/**
 * A question that a browser asks on behalf of a page before the request itself (Fetch, section 3.2.2). The method on the
 * wire alone counts: no header and no parameter makes a preflight of another request.
 */
export function isPreflight({ method, rawHeaders }: Sent): boolean {
  return (
    method === 'OPTIONS' &&
    headerValues(rawHeaders, 'origin').length > 0 &&
    headerValues(rawHeaders, 'access-control-request-method').length > 0
  );
}

/** What a page may send. Nothing for one that may not call. */
export function preflightHeaders(
  origins: Origins,
  request: Pick<Sent, 'rawHeaders'>,
  { methods = METHODS, headers = [] }: CrossOriginOptions = {},
): Record<string, string> {
  if (!mayCall(origins, request)) return {};
  return {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': [...SENDABLE, ...headers].join(', '),
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  };
}

/** The answer to `OPTIONS` on a route of ours, before any authentication: which methods there are. */
export function answerOptions(request: Sent, allow: string, origins: Origins): Answer {
  const told = isPreflight(request) ? preflightHeaders(origins, request, { methods: [allow] }) : {};
  return { status: 204, headers: { Allow: allow, ...told }, body: null };
}

/** The same for a route of the application: what every answer carries, and whether this one is complete with that. */
export function tellBrowser(
  origins: Origins,
  request: Sent,
  options: CrossOriginOptions,
): { readonly headers: Readonly<Record<string, string>>; readonly isPreflight: boolean } {
  const headers = corsHeaders(origins, request, options.exposes);
  if (!isPreflight(request)) return { headers, isPreflight: false };
  return { headers: { ...headers, ...preflightHeaders(origins, request, options) }, isPreflight: true };
}

/** Both sets of headers in one; `Vary` names add up. */
export function mergeHeaders(
  first: Readonly<Record<string, string>>,
  second: Readonly<Record<string, string>>,
): Record<string, string> {
  const merged = { ...first, ...second };
  if (first.Vary !== undefined && second.Vary !== undefined) merged.Vary = `${first.Vary}, ${second.Vary}`;
  return merged;
}

function mayCall(origins: Origins, request: Pick<Sent, 'rawHeaders'>): boolean {
  if (origins === '*') return true;
  const origin = originOf(request);
  return origin !== null && origins.includes(origin);
}

/** The only `Origin` there is: of two none is to be trusted. */
function originOf({ rawHeaders }: Pick<Sent, 'rawHeaders'>): string | null {
  return headerValue(rawHeaders, 'origin');
}
