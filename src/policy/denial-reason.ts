/** Why a request is refused. Closed: every profile words each of these, and nothing else is ever a denial. */
export const DENIAL_REASONS = [
  'authentication_required',
  'invalid_request',
  'invalid_token',
  'token_expired',
  'ip_restricted',
  'insufficient_permissions',
  'ambiguous_path',
  'no_matching_rule',
  'rate_limited',
  'authority_unavailable',
] as const;

export type DenialReason = (typeof DENIAL_REASONS)[number];
