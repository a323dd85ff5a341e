import { allowsAddress, covers, isReserved } from '../policy/index.ts';
import type { Denial, Question } from './decision.ts';
import type { TokenFacts } from './facts.ts';

type Check = (facts: TokenFacts, question: Question, now: number) => Denial | null;

/** The fixed order of checks (threats, "Order of checks"). Syntax, checksum and digest come before, the limit after. */
const CHECKS = {
  kind_and_environment: checkKindAndEnvironment,
  not_ended: checkNotEnded,
  not_expired: checkNotExpired,
  owner: checkOwner,
  address: checkAddress,
  route: checkRoute,
  permission: checkPermissions,
} as const satisfies Readonly<Record<string, Check>>;

const IN_ORDER: readonly Check[] = Object.values(CHECKS);

export type JudgedCheck = keyof typeof CHECKS;
/** The judge's checks by name, in the order in which it makes them. */
export const JUDGED_CHECKS = Object.keys(CHECKS) as readonly JudgedCheck[];

/**
 * The only place where validity is decided: pure, from facts, the request and the wall clock.
 * @returns the first denial in the fixed order, or null when nothing speaks against the request.
 */
export function judge(facts: TokenFacts, question: Question, now: number): Denial | null {
  for (const check of IN_ORDER) {
    const denial = check(facts, question, now);
    if (denial !== null) return denial;
  }
  return null;
}

function checkKindAndEnvironment(facts: TokenFacts, question: Question): Denial | null {
  if (facts.kind !== 'token') return { reason: 'invalid_token', cause: 'wrong_kind' };
  if (facts.environment !== null && !question.environments.includes(facts.environment)) {
    return { reason: 'invalid_token', cause: 'wrong_environment' };
  }
  return null;
}

function checkNotEnded({ end }: TokenFacts, question: Question, now: number): Denial | null {
  if (end === null) return null;
  if (end.revokedAt !== null) return { reason: 'invalid_token', cause: 'revoked' };
  if (end.disabledAt !== null) return { reason: 'invalid_token', cause: 'disabled' };
  if (
    question.allowReplaced !== true &&
    end.supersededAt !== null &&
    !(end.graceEndsAt !== null && now < end.graceEndsAt)
  ) {
    return { reason: 'invalid_token', cause: 'replaced', since: end.graceEndsAt ?? end.supersededAt };
  }
  return null;
}

function checkNotExpired({ expiresAt }: TokenFacts, _question: Question, now: number): Denial | null {
  return expiresAt !== null && now >= expiresAt ? { reason: 'token_expired', cause: 'expired' } : null;
}

function checkOwner({ membership }: TokenFacts): Denial | null {
  if (membership.owner.isDisabled) return { reason: 'invalid_token', cause: 'owner_disabled' };
  if (membership.permissions === null) return { reason: 'invalid_token', cause: 'membership_ended' };
  if (membership.workspace.isDisabled) return { reason: 'invalid_token', cause: 'workspace_disabled' };
  return null;
}

function checkAddress({ ipAllowlist }: TokenFacts, question: Question): Denial | null {
  if (ipAllowlist === null || allowsAddress(ipAllowlist, question.ip)) return null;
  return { reason: 'ip_restricted', cause: 'address_not_allowed' };
}

/** Default deny: a request that no rule speaks of needs a permission that nobody has (threats row 28). */
function checkRoute(_facts: TokenFacts, { routeProblem = null }: Question): Denial | null {
  return routeProblem === null ? null : { reason: routeProblem, cause: routeProblem };
}

function checkPermissions(facts: TokenFacts, { allOf, anyOf }: Question): Denial | null {
  const isMissing = (permission: string): boolean => !mayDo(facts, permission);
  const hasOne = anyOf.length === 0 || !anyOf.every(isMissing);
  if (hasOne && !allOf.some(isMissing)) return null;
  const missing = [...allOf.filter(isMissing), ...(hasOne ? [] : anyOf)];
  return { reason: 'insufficient_permissions', cause: 'permission_missing', missing };
}

/** Effective permission = grant ∩ what the owner may do now ∩ what exists. `inherit` never reaches a reserved resource. */
export function mayDo(facts: TokenFacts, permission: string): boolean {
  const { permissions: ownerMay } = facts.membership;
  if (ownerMay === null || !covers(ownerMay, permission)) return false;
  const { permissions: granted, known } = facts.grant;
  if (granted === null ? isReserved(permission) : !covers(granted, permission)) return false;
  return known === null || known.has(permission) || isReserved(permission);
}
