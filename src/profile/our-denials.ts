import type { DenialReason } from '../policy/index.ts';
import type { DenialWords } from './profile.ts';

/**
 * Our own words for every reason: the rows of the neutral profile, of any profile whose document is silent, and what
 * `error_description` says in every profile. Plain ASCII, because that header carries nothing else.
 */
export const OUR_DENIALS: Readonly<Record<DenialReason, DenialWords>> = {
  authentication_required: {
    status: 401,
    code: 'authentication_required',
    title: 'Authentication required',
    message: 'This request carries no {token_word}. Send one as Authorization: Bearer <value>.[ {help}]',
    source: 'ours',
  },
  invalid_request: {
    status: 400,
    code: 'invalid_request',
    title: 'Malformed credentials',
    message: 'The credentials of this request cannot be read.[ {help}]',
    source: 'ours',
  },
  invalid_token: {
    status: 401,
    code: 'invalid_token',
    title: 'Invalid {token_word}',
    message: 'This {token_word} is not valid.[ {help}]',
    source: 'ours',
  },
  token_expired: {
    status: 401,
    code: 'token_expired',
    title: 'Expired {token_word}',
    message: 'This {token_word} has expired.[ {help}]',
    source: 'ours',
  },
  ip_restricted: {
    status: 403,
    code: 'ip_restricted',
    title: 'Address not allowed',
    message: 'This {token_word} cannot be used from this address.[ {help}]',
    source: 'ours',
  },
  insufficient_permissions: {
    status: 403,
    code: 'insufficient_permissions',
    title: 'Insufficient permissions',
    message: 'This {token_word} lacks {missing}.[ {help}]',
    source: 'ours',
  },
  ambiguous_path: {
    status: 403,
    code: 'ambiguous_path',
    title: 'Ambiguous path',
    message: 'The path of this request can be read in more than one way, so it is refused.[ {help}]',
    source: 'ours',
  },
  no_matching_rule: {
    status: 403,
    code: 'no_matching_rule',
    title: 'No rule for this route',
    message: 'No rule says which permission this route needs, so it is refused.[ {help}]',
    source: 'ours',
  },
  rate_limited: {
    status: 429,
    code: 'rate_limited',
    title: 'Too many requests',
    message: 'This {token_word} has used up its rate limit.[ Retry after {retry_after} s.][ {help}]',
    source: 'ours',
  },
  authority_unavailable: {
    status: 503,
    code: 'authority_unavailable',
    title: 'Authentication unavailable',
    message: 'This {token_word} cannot be checked at the moment.[ Retry after {retry_after} s.][ {help}]',
    source: 'ours',
  },
};
