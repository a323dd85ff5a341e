import type { Decision, TokenFacts } from '../authenticate/index.ts';
import { grantedEntries } from '../manage/index.ts';
import { type DoorRequest, headerValue } from './door.ts';
import type { DoorEngine } from './door-engine.ts';

/** Names of the fields below, for browsers on other origins to read. */
export const DEBUG_HEADERS = ['X-Auth-Key-ID', 'X-Auth-Permissions', 'X-Auth-IP-Check', 'X-Auth-Rate-Limit'] as const;

/** A field longer than this pushes an answer past what clients accept. */
const PERMISSIONS_CHARACTERS_MAX = 4_000;

/** Whether the client asked to be shown what was checked. */
export function wantsDebug(request: Pick<DoorRequest, 'rawHeaders'>): boolean {
  return headerValue(request.rawHeaders, 'x-debug-auth')?.toLowerCase() === 'true';
}

/**
 * What was checked, for `X-Debug-Auth: true`. Nothing for a token that is not valid, matched digest or not: whoever guesses
 * learns nothing, and a revoked token looks like one that never was. The rate limit is absent where the request was
 * refused before it was asked.
 */
export function debugHeaders(engine: DoorEngine, decision: Decision): Record<string, string> {
  const { facts } = decision;
  if (facts === null || (!decision.allowed && decision.denial.reason === 'invalid_token')) return {};
  const headers: Record<string, string> = {
    'X-Auth-Key-ID': facts.id,
    'X-Auth-Permissions': permissionsText(grantedEntries(engine, facts)),
    'X-Auth-IP-Check': addressCheck(facts, decision),
  };
  if (facts.limits.windows === 'unlimited') headers['X-Auth-Rate-Limit'] = 'unlimited';
  else if (decision.limit !== null) {
    headers['X-Auth-Rate-Limit'] = `${decision.limit.remaining}/${decision.limit.limit}`;
  }
  return headers;
}

function addressCheck(facts: TokenFacts, decision: Decision): string {
  if (facts.ipAllowlist === null) return 'not-restricted';
  return !decision.allowed && decision.denial.reason === 'ip_restricted' ? 'failed' : 'passed';
}

/** Comma-separated, and cut before a name where it would get too long: the last entry is then `...`. */
export function permissionsText(permissions: readonly string[]): string {
  const text = permissions.join(',');
  if (text.length <= PERMISSIONS_CHARACTERS_MAX) return text;
  return `${text.slice(0, text.lastIndexOf(',', PERMISSIONS_CHARACTERS_MAX))},...`;
}
