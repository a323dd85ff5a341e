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
 * Where the token stands in its limits: all windows in the fields of the IETF draft (draft-ietf-httpapi-ratelimit-headers-10),
 * the longest one in the `X-RateLimit-…` fields that many clients know. Seconds are rounded up, so that whoever waits that
 * long has waited enough. A token without limits gets none of them.
 * @param nowMs wall clock: `X-RateLimit-Reset` is an instant, in seconds since 1970.
 */
export function rateLimitHeaders(limit: RateLimitVerdict | null, nowMs: number): Record<string, string> {
  if (limit === null) return {};
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
  return {
    'RateLimit-Policy': policy,
    RateLimit: standing,
    'X-RateLimit-Limit': String(longest.limit),
    'X-RateLimit-Remaining': String(longest.remaining),
    'X-RateLimit-Reset': String(ceilSeconds(nowMs + longest.resetMs)),
  };
}

function ceilSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
