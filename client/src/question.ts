import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { AuthenticableRequest, AuthenticateOptions } from './authenticates.ts';

/** More field lines than this and the list may have been cut by the server that read it. */
const FIELD_LINES_MAX = 100;
/** Longer than any credential, so that what is cut off can make none. */
const VALUE_CHARACTERS_MAX = 4_096;
/** A longer target is sent as none, which no rule speaks of: a part of it might be the path of another rule. */
const TARGET_CHARACTERS_MAX = 16_384;

/** A question as `POST /v1/tokens/verify` takes it. */
export interface Question {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly further_headers?: readonly string[];
  readonly target?: string;
  readonly problem?: 'too_many';
  readonly route?: { readonly method: string; readonly target: string };
  readonly all_of?: readonly string[];
  readonly any_of?: readonly string[];
  readonly environment?: string;
  readonly cost?: number;
  readonly ip: string | null;
}

/**
 * What to ask about a request. The lines that may carry a credential go along as they came, and the server looks for it in
 * them: who reads them differently than the server refuses what it accepts, or worse, the other way round.
 */
export function questionOf(request: AuthenticableRequest, options: AuthenticateOptions): Question {
  const { method, target, rawHeaders, ip } = read(request);
  const { headers: further = [], permission, allOf, anyOf, environment, cost } = options;
  const sent = target.length > TARGET_CHARACTERS_MAX ? '' : target;
  return {
    headers: credentialLines(rawHeaders, further),
    ...(further.length > 0 && { further_headers: further }),
    ...(rawHeaders.length > FIELD_LINES_MAX * 2 && { problem: 'too_many' as const }),
    ...(options.byRoute === true
      ? { route: { method, target: sent } }
      : {
          ...(sent.includes('?') && { target: sent }),
          all_of: permission === undefined ? (allOf ?? []) : [permission, ...(allOf ?? [])],
          ...(anyOf !== undefined && { any_of: anyOf }),
          ...(environment !== undefined && { environment }),
          ...(cost !== undefined && { cost }),
        }),
    ip,
  };
}

/** Of each name two lines at most: that there are two is all there is to say of more. */
function credentialLines(rawHeaders: readonly string[], further: readonly string[]): [string, string][] {
  const left = new Map(['authorization', ...further.map((name) => name.toLowerCase())].map((name) => [name, 2]));
  const lines: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    const lowerCase = name.toLowerCase();
    const more = left.get(lowerCase) ?? 0;
    if (more === 0) continue;
    left.set(lowerCase, more - 1);
    lines.push([name, (rawHeaders[at + 1] ?? '').slice(0, VALUE_CHARACTERS_MAX)]);
  }
  return lines;
}

interface ReadRequest {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly ip: string | null;
}

function read(request: AuthenticableRequest): ReadRequest {
  if (request instanceof Request) {
    const rawHeaders = [...request.headers].flat();
    return { method: request.method, target: targetIn(request.url, []), rawHeaders, ip: null };
  }
  const { rawHeaders, method = 'GET' } = request;
  // Express cuts the mount path off `url` and keeps the whole in `originalUrl`.
  const { originalUrl = request.url } = request as { readonly originalUrl?: string };
  const target = targetIn(originalUrl ?? '/', rawHeaders);
  const ip = 'socket' in request ? ((request as IncomingMessage).socket?.remoteAddress ?? null) : request.ip;
  return { method, target, rawHeaders, ip: addressOf(ip) };
}

/** An address without its zone, which says nothing elsewhere; null for what is none. */
function addressOf(ip: string | null): string | null {
  const [address = ''] = ip?.split('%', 1) ?? [];
  return isIP(address) === 0 ? null : address;
}

/**
 * The path and query of a target. An absolute one must name the host that the only `Host` line names, where there is one;
 * any other stays as it is, and is the path of no rule.
 */
function targetIn(url: string, rawHeaders: readonly string[]): string {
  if (url.startsWith('/') || url === '*') return url;
  const [, authority = '', rest = ''] = /^https?:\/\/([a-z0-9.:[\]-]+)([^#]*)/i.exec(url) ?? [];
  const hosts = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host');
  const [host = authority, second] = hosts;
  if (authority === '' || second !== undefined || host.toLowerCase() !== authority.toLowerCase()) return url;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
