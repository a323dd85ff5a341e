/** What has become of a token; `active` and `superseded` (in grace) are accepted, the others are not. */
export type TokenState = 'active' | 'disabled' | 'superseded' | 'replaced' | 'expired' | 'revoked';

export interface TokenMoments {
  readonly revokedAt: number | null;
  readonly disabledAt: number | null;
  readonly supersededAt: number | null;
  /** End of the grace that began at `supersededAt`; null there means no grace. */
  readonly graceEndsAt: number | null;
  readonly expiresAt: number | null;
}

/** The one state of a token at `now`, in the order in which a request is refused for it. Every end is exclusive. */
export function tokenState(token: TokenMoments, now: number): TokenState {
  if (token.revokedAt !== null) return 'revoked';
  if (token.disabledAt !== null) return 'disabled';
  if (token.supersededAt !== null && !(token.graceEndsAt !== null && now < token.graceEndsAt)) return 'replaced';
  if (token.expiresAt !== null && !(now < token.expiresAt)) return 'expired';
  return token.supersededAt === null ? 'active' : 'superseded';
}
