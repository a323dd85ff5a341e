import type { Profile } from '../profile/index.ts';
import { DEBUG_HEADERS } from './debug-headers.ts';
import { type Answer, type DoorRequest, headerValue } from './door.ts';
import { RATE_LIMIT_HEADERS } from './rate-limit-headers.ts';

const READABLE = [
  'X-Request-Id',
  'Retry-After',
  'WWW-Authenticate',
  'Deprecation',
  'Sunset',
  ...RATE_LIMIT_HEADERS,
  ...DEBUG_HEADERS,
].join(', ');
const SENDABLE = 'Authorization, Content-Type, Idempotency-Key, X-Debug-Auth';
const PREFLIGHT_SECONDS = '600';

/**
 * What a browser is told about calls from another origin, on every answer: a page must be able to read why it was
 * refused. Cookies never count here, so credentials are never allowed.
 */
export function corsHeaders({ cors }: Profile, request: Pick<DoorRequest, 'rawHeaders'>): Record<string, string> {
  if (cors.origins === '*') {
    return { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': READABLE };
  }
  if (cors.origins.length === 0) return {};
  const origin = headerValue(request.rawHeaders, 'origin');
  if (origin === null || !cors.origins.includes(origin)) return { Vary: 'Origin' };
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': READABLE, Vary: 'Origin' };
}

/** The answer to `OPTIONS`, before any authentication: which methods there are, and to a browser what it may send. */
export function answerOptions(request: Pick<DoorRequest, 'rawHeaders'>, allow: string): Answer {
  const isPreflight = headerValue(request.rawHeaders, 'access-control-request-method') !== null;
  const headers: Record<string, string> = { Allow: allow };
  if (isPreflight) {
    headers['Access-Control-Allow-Methods'] = allow;
    headers['Access-Control-Allow-Headers'] = SENDABLE;
    headers['Access-Control-Max-Age'] = PREFLIGHT_SECONDS;
  }
  return { status: 204, headers, body: null };
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
