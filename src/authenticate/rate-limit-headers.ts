import type { RateLimitVerdict, WindowState } from '../policy/index.ts';

/** Names of every field below, for browsers on other origins to read. */
export const RATE_LIMIT_HEADERS = [
  'RateLimit',
  'RateLimit-Policy',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
] as const;

/**
 * Adds where the token stands in its limits: all windows in the fields of the IETF draft
 * (draft-ietf-httpapi-ratelimit-headers-10), the longest one in the `X-RateLimit-…` fields that many clients know. Seconds
 * are rounded up, so that whoever waits that long has waited enough.
 * @param nowMs wall clock: `X-RateLimit-Reset` is an instant, in seconds since 1970.
 */
export function addRateLimitHeaders(headers: Record<string, string>, limit: RateLimitVerdict, nowMs: number): void {
  const windows = limit.describe();
  let longest = windows[0] as WindowState;
  let policy = '';
  let standing = '';
  for (const window of windows) {
    const comma = policy === '' ? '' : ',';
    policy += `${comma}"${window.name}";q=${window.limit};w=${window.seconds}`;
    standing += `${comma}"${window.name}";r=${window.remaining};t=${ceilSeconds(window.resetMs)}`;
    if (window.seconds > longest.seconds) longest = window;
  }
  headers['RateLimit-Policy'] = policy;
  headers.RateLimit = standing;
  headers['X-RateLimit-Limit'] = String(longest.limit);
  headers['X-RateLimit-Remaining'] = String(longest.remaining);
  headers['X-RateLimit-Reset'] = String(ceilSeconds(nowMs + longest.resetMs));
}

function ceilSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
