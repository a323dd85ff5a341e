import type { TokenFacts } from './facts.ts';

/**
 * Tells whoever still uses a superseded token that it has a successor and when it stops working (threats row 62):
 * `Deprecation` (RFC 9745) is when it was superseded, `Sunset` (RFC 8594) the end of its grace. Nothing for other tokens.
 */
export function graceHeaders({ end }: Pick<TokenFacts, 'end'>): Record<string, string> {
  if (end === null || end.supersededAt === null || end.graceEndsAt === null) return {};
  return {
    Deprecation: `@${Math.floor(end.supersededAt / 1000)}`,
    Sunset: new Date(end.graceEndsAt).toUTCString(),
  };
}
