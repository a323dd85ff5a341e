import type { Grant, IpAllowlist, LimitSetting, PermissionSet, Window } from '../policy/index.ts';
import type { Metadata, OwnerKind } from '../ports/index.ts';
import type { Environment, Kind } from '../token/index.ts';

/** Facts that several others point to. */
interface Shared {
  stale: boolean;
  /** How many cached facts point here; at zero the cache lets go of it. */
  holders: number;
}

/**
 * Facts are what is stored, prepared for judging; a decision is never stored. Owner, workspace and membership facts are
 * shared by all their tokens, so that one change of an owner reaches every token at once: it marks the shared object
 * `stale`, and whoever points to it is read again.
 */
export interface OwnerFacts extends Shared {
  readonly id: string;
  readonly kind: OwnerKind;
  readonly externalId: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly isDisabled: boolean;
  readonly metadata: Metadata;
}

export interface WorkspaceFacts extends Shared {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly isHome: boolean;
  readonly isDisabled: boolean;
}

export interface MembershipFacts extends Shared {
  owner: OwnerFacts;
  workspace: WorkspaceFacts;
  /** null when the owner is no longer a member. */
  readonly permissions: PermissionSet | null;
  readonly roleIds: readonly string[];
  /** Of the permissions, those that come from no role. */
  readonly directly: PermissionSet;
}

/** A token's grant, compiled once and shared by all tokens with the same grant. */
export interface GrantFacts {
  readonly grant: Grant;
  /** null for `inherit`: everything the owner may do outside `keyhouse-`. */
  readonly permissions: PermissionSet | null;
  /** The closed catalogue: a permission cut from it stops granting at once. null where the catalogue is open. */
  readonly known: ReadonlySet<string> | null;
}

/** A token's limit as it was written and what it means under the profile in force, shared like a grant. */
export interface LimitFacts {
  readonly setting: LimitSetting;
  readonly windows: readonly Window[] | 'unlimited';
}

/** How a token was ended or paused; absent (null on the token) for the ordinary active one. */
export interface EndFacts {
  readonly revokedAt: number | null;
  readonly disabledAt: number | null;
  readonly supersededAt: number | null;
  readonly supersededBy: string | null;
  readonly graceEndsAt: number | null;
}

export interface TokenFacts {
  stale: boolean;
  /** Second-chance bit of the cache. */
  touched: boolean;
  /** A successor never used so far: its value can still be repeated to the bearer of its predecessor. */
  awaitsFirstUse: boolean;
  readonly id: string;
  readonly lineageId: string;
  /** Where the counter counts the lineage (`CountsMemo`). */
  countsAt: object | null;
  /** Another cached token of the same lineage. */
  sibling: TokenFacts | null;
  readonly name: string;
  readonly kind: Kind;
  readonly environment: Environment | null;
  membership: MembershipFacts;
  readonly grant: GrantFacts;
  readonly ipAllowlist: IpAllowlist | null;
  readonly expiresAt: number | null;
  readonly end: EndFacts | null;
  readonly limits: LimitFacts;
  readonly metadata: Metadata;
}
