import { formatInstant } from '../policy/index.ts';
import { type Profile, type RenderedDenial, renderDenial } from '../profile/index.ts';
import { diagnose, type Environment } from '../token/index.ts';
import { createLink } from './create-link.ts';
import type { Denial } from './decision.ts';
import type { TokenFacts } from './facts.ts';

/** What a refusal is worded from besides the denial itself. */
export interface RefusalContext {
  /** The field lines the credential came in; only what is wrong with them is told, never any part of a value. */
  readonly rawHeaders: readonly string[];
  /** Further headers that may carry the bare token, in lower case. */
  readonly headerNames: readonly string[];
  readonly environments: readonly Environment[];
  /** Every permission the request needs. */
  readonly needed: readonly string[];
  readonly requestId: string;
  /** Of the token that was refused; null where it is not known. */
  readonly facts: Pick<TokenFacts, 'id' | 'environment'> | null;
  /** Where people reach the dashboard, without trailing slash; null where nobody knows. */
  readonly dashboardUrl: string | null;
}

/** The refusal in the words of the profile, the same whichever door it goes out of. */
export function renderRefusal(profile: Profile, denial: Denial, context: RefusalContext): RenderedDenial {
  const { reason, missing, retryAfterMs } = denial;
  return renderDenial(profile, {
    reason,
    ...(missing !== undefined && { missing, needed: context.needed }),
    retryAfterSeconds: retryAfterMs === undefined ? null : retryAfterMs / 1000,
    help: helpFor(profile, denial, context),
    createUrl:
      missing === undefined || context.dashboardUrl === null
        ? null
        : createLink(context.dashboardUrl, missing, context.facts),
    requestId: context.requestId,
  });
}

/**
 * One sentence about this very request that says what to do next, or null. An unknown token gets the same as a revoked
 * one: what the field lines alone tell.
 */
export function helpFor(
  profile: Profile,
  denial: Denial,
  context: Pick<RefusalContext, 'rawHeaders' | 'headerNames' | 'environments'>,
): string | null {
  const { token: tokenWord } = profile.words;
  switch (denial.cause) {
    case 'token_in_url':
      return `The ${tokenWord} stands in the URL, where logs and histories keep it: send it in the Authorization header, and replace this one.`;
    case 'replaced':
      return denial.since === undefined
        ? null
        : `It was replaced and stopped working at ${formatInstant(denial.since)}.`;
    case 'too_many_failures':
      return `Too many values that are no ${tokenWord} came from where this one comes from, so it was not looked up.`;
    case 'address_not_allowed':
    case 'ambiguous_path':
    case 'no_matching_rule':
    case 'permission_missing':
    case 'limit_reached':
    case 'authority_unavailable':
      return null;
    default: {
      const [environment, second] = context.environments;
      return diagnose(context.rawHeaders, profile.token, {
        sampleTokens: profile.token.samples,
        tokenWord,
        headerNames: context.headerNames,
        ...(environment !== undefined && second === undefined && { environment }),
      });
    }
  }
}
