import type { TokenState } from './token-state.ts';

/** What a rotation needs to know of the token it is asked for. */
export interface Rotatable {
  readonly id: string;
  readonly state: TokenState;
  readonly expiresAt: number | null;
  /** Whether the expiry was asked for; otherwise it is the profile's lifetime. */
  readonly expiryExplicit: boolean;
  /** The token's own grace period; null follows the profile. */
  readonly gracePeriodMs: number | null;
  readonly graceEndsAt: number | null;
  readonly supersededBy: string | null;
  /** Whether the successor was ever used or has been rotated itself. */
  readonly successorUsed: boolean;
}

export interface RotationRequest {
  readonly gracePeriodMs?: number;
  readonly replaceUnusedSuccessor?: boolean;
}

export interface RotationDefaults {
  readonly gracePeriodMs: number;
  /** Life the profile gives a token that asked for no expiry; null is for ever. */
  readonly lifetimeMs: number | null;
  readonly onePerOwner: boolean;
}

export type RotationPlan =
  | {
      readonly plan: 'rotate';
      readonly oldEndsAt: number;
      readonly successorExpiresAt: number | null;
      /** Every earlier token of the lineage ends now: never more than two values work. */
      readonly endPredecessors: true;
      /** The unused successor to revoke, or null. */
      readonly replaceSuccessor: string | null;
    }
  | { readonly plan: 'refuse'; readonly because: 'already_rotated' | 'not_rotatable' };

/** Plans a rotation at `now`; nothing is done. Grace: the request's, else the token's, else the profile's. */
export function planRotation(
  token: Rotatable,
  request: RotationRequest,
  defaults: RotationDefaults,
  now: number,
): RotationPlan {
  const rotatedBefore = token.state === 'superseded' || token.state === 'replaced';
  if (!rotatedBefore && token.state !== 'active') return { plan: 'refuse', because: 'not_rotatable' };
  const replace = rotatedBefore && request.replaceUnusedSuccessor === true && !token.successorUsed;
  if (rotatedBefore && !replace) return { plan: 'refuse', because: 'already_rotated' };

  return {
    plan: 'rotate',
    oldEndsAt: Math.min(
      now + graceMs(token, request, defaults),
      token.expiresAt ?? Infinity,
      endOfRunningGrace(token, now),
    ),
    successorExpiresAt: successorExpiry(token, defaults, now),
    endPredecessors: true,
    replaceSuccessor: replace ? token.supersededBy : null,
  };
}

function graceMs(token: Rotatable, request: RotationRequest, defaults: RotationDefaults): number {
  const ms = defaults.onePerOwner ? 0 : (request.gracePeriodMs ?? token.gracePeriodMs ?? defaults.gracePeriodMs);
  if (!(ms >= 0)) throw new TypeError(`a grace period cannot be ${ms} ms`);
  return ms;
}

function successorExpiry(token: Rotatable, defaults: RotationDefaults, now: number): number | null {
  if (token.expiryExplicit) return token.expiresAt;
  return defaults.lifetimeMs === null ? null : now + defaults.lifetimeMs;
}

/** A grace that has begun is never prolonged, and one that is over never begins again. */
function endOfRunningGrace(token: Rotatable, now: number): number {
  return token.state === 'active' ? Infinity : (token.graceEndsAt ?? now);
}
