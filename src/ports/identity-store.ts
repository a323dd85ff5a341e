import type { Instant } from './records.ts';

/** Whom an OpenID provider means, and which user that is here. */
export interface LinkedIdentity {
  /** As the provider calls itself. */
  readonly issuer: string;
  /** The provider's own name for the person: never given to somebody else, whatever becomes of their address. */
  readonly subject: string;
  readonly ownerId: string;
  readonly linkedAt: Instant;
}

/**
 * Identities of other houses, inside one transaction. A user has one with each issuer; whoever holds the row of the user holds
 * what is linked to it.
 */
export interface IdentityWrites {
  find(by: IdentityKey): Promise<LinkedIdentity | null>;
  /** What was linked to this subject, or to this user at this issuer, is replaced. */
  put(identity: LinkedIdentity): Promise<void>;
  /** @returns whether there were any. */
  deleteOf(ownerId: string): Promise<boolean>;
}

export type IdentityKey =
  | { readonly issuer: string; readonly subject: string }
  | { readonly issuer: string; readonly ownerId: string };
