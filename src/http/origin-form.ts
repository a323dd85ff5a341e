import { namesHost } from './base-url.ts';

const ABSOLUTE = /^https?:\/\/([^/?#]+)(.*)$/i;

/**
 * A request target as path and query (RFC 9112 section 3.2). An absolute one must name a host, and the one that `Host`
 * names: readers disagree on where anything else ends and the path begins (threats row 42).
 * @param hosts values of the `Host` lines.
 * @returns null for a target of another form, and for a request that names two hosts.
 */
export function originForm(target: string, hosts: readonly string[]): string | null {
  if (hosts.length > 1) return null;
  if (target.startsWith('/') || target === '*') return target;
  const [, authority = '', rest = ''] = ABSOLUTE.exec(target) ?? [];
  if (!namesHost(authority) || authority.toLowerCase() !== hosts[0]?.toLowerCase()) return null;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
