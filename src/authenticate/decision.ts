import type { AgentClass, DenialReason, RateLimitVerdict, RouteRule } from '../policy/index.ts';
import type { Credential, Environment } from '../token/index.ts';
import type { TokenFacts } from './facts.ts';

/** What a door wants to know. Doors differ in how they fill this in, never in how it is answered. */
export interface Question {
  readonly credential: Credential;
  /** Environments this door serves. */
  readonly environments: readonly Environment[];
  /** Canonical client address; null when it is not known, which restricted tokens are refused for. */
  readonly ip: string | null;
  /** Concrete permissions, all of them needed. */
  readonly allOf: readonly string[];
  /** Concrete permissions, one of them needed; [] asks nothing. */
  readonly anyOf: readonly string[];
  /** What the request costs in every window; 0 asks without spending and without counting a use. */
  readonly cost: number;
  /** Where permissions follow from method and path: why they could not be found. Refused once it is known who asks. */
  readonly routeProblem?: RouteProblem | null;
  /** Where permissions follow from method and path: those, so that other rules can be asked about it too. */
  readonly route?: { readonly method: string; readonly target: string } | null;
  /** The rule that asks, for explaining a refusal alone; null where rules ask and none fits. */
  readonly rule?: RouteRule | null;
  /** The rotate door alone: a replaced token may ask again for the successor it was given (design §7). */
  readonly allowReplaced?: boolean;
  /** The kind of client, where its own word is known. */
  readonly agent?: AgentClass;
  /** Of who only looks: what it asks is nothing that the token is used for. */
  readonly isLook?: true;
  /** Of the request, where it has one: what is noted about it is found again by it. */
  readonly requestId?: string;
  /** Who asks for others, where their addresses are not known: failures are charged to them then. */
  readonly asker?: string;
  /** Of who asks for one workspace: tokens of the others are unknown to them. */
  readonly reaches?: (workspaceId: string) => boolean;
}

export type RouteProblem = 'ambiguous_path' | 'no_matching_rule';

/**
 * Why exactly, for the audit trail and the operator. What the holder is told is the profile's choice and never more than
 * the reason, except that a replaced token may say so.
 */
export type DenialCause =
  | 'no_credential'
  | 'token_in_url'
  | 'malformed'
  | 'foreign'
  | 'mistyped'
  | 'unknown'
  | 'wrong_kind'
  | 'wrong_environment'
  | 'revoked'
  | 'disabled'
  | 'replaced'
  | 'expired'
  | 'owner_disabled'
  | 'membership_ended'
  | 'workspace_disabled'
  | 'address_not_allowed'
  | RouteProblem
  | 'permission_missing'
  | 'limit_reached'
  | 'too_many_failures'
  | 'authority_unavailable';

export interface Denial {
  readonly reason: DenialReason;
  readonly cause: DenialCause;
  /** Permissions needed and not held. */
  readonly missing?: readonly string[];
  /** Milliseconds until a retry can succeed; Infinity when it never can. */
  readonly retryAfterMs?: number;
  /** When a replaced token stopped working. */
  readonly since?: number;
  /** What a malformed credential suffers from. */
  readonly problem?: string;
}

/** `facts` of a refusal are present only after the digest matched. */
export type Decision =
  | { readonly allowed: true; readonly facts: TokenFacts; readonly limit: RateLimitVerdict | null }
  | {
      readonly allowed: false;
      readonly denial: Denial;
      readonly facts: TokenFacts | null;
      readonly limit: RateLimitVerdict | null;
    };
