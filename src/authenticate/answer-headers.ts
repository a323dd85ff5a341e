import type { Decision } from './decision.ts';
import { graceHeaders } from './grace-headers.ts';
import { addRateLimitHeaders } from './rate-limit-headers.ts';

/**
 * What every answer says about the decision behind it, whichever way it went: limits, the end of a superseded token, and
 * that it is nobody else's.
 * @param nowMs wall clock.
 */
export function answerHeaders(decision: Decision, nowMs: number): Record<string, string> {
  const headers: Record<string, string> = { Vary: 'Authorization' };
  if (decision.limit !== null) addRateLimitHeaders(headers, decision.limit, nowMs);
  if (decision.allowed && decision.facts.end !== null) Object.assign(headers, graceHeaders(decision.facts));
  return headers;
}
