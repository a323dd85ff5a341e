/** Where to go after signing in: a page of ours, whatever the address says. */
export function readNext(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/')) return '/';
  const url = new URL(next, location.origin);
  const isOurs =
    url.origin === location.origin &&
    !/^\/(?:sign-in|set-up|invitation|reset-password|forgot-password|v1)(?:\/|$)/.test(url.pathname);
  return isOurs ? `${url.pathname}${url.search}` : '/';
}
