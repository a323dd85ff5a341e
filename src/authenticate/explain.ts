import type { DenialRecord } from '../ports/index.ts';
import type { DenialCause } from './decision.ts';
import { adviceFor, type ExplainWords } from './explain-advice.ts';
import { compared } from './explain-compared.ts';
import { JUDGED_CHECKS, type JudgedCheck } from './judge.ts';

/** What comes before the judge, the judge's own checks, and what comes after. */
export const EXPLAINED_CHECKS = ['syntax', 'checksum', 'digest', ...JUDGED_CHECKS, 'rate_limit'] as const;
export type ExplainedCheck = 'syntax' | 'checksum' | 'digest' | JudgedCheck | 'rate_limit';

export type CheckOutcome = 'passed' | 'failed' | 'not_reached';

export interface CheckExplained {
  readonly check: ExplainedCheck;
  readonly outcome: CheckOutcome;
  /** What was compared with what; null where the check was not reached. */
  readonly compared: string | null;
}

export interface Explanation {
  readonly checks: readonly CheckExplained[];
  /** What to do now, in one sentence. */
  readonly advice: string;
}

/** Which check each cause failed at. */
const FAILED_AT: Readonly<Record<Exclude<DenialCause, 'mistyped'>, ExplainedCheck>> = {
  no_credential: 'syntax',
  token_in_url: 'syntax',
  malformed: 'syntax',
  foreign: 'syntax',
  too_many_failures: 'digest',
  authority_unavailable: 'digest',
  unknown: 'digest',
  wrong_kind: 'kind_and_environment',
  wrong_environment: 'kind_and_environment',
  revoked: 'not_ended',
  disabled: 'not_ended',
  replaced: 'not_ended',
  expired: 'not_expired',
  owner_disabled: 'owner',
  membership_ended: 'owner',
  workspace_disabled: 'owner',
  address_not_allowed: 'address',
  ambiguous_path: 'route',
  no_matching_rule: 'route',
  permission_missing: 'permission',
  limit_reached: 'rate_limit',
};

/** Causes that nobody outside may tell from a token that never was (threats row 18). */
const HIDDEN: ReadonlySet<string> = new Set([
  'unknown',
  'revoked',
  'disabled',
  'owner_disabled',
  'membership_ended',
  'workspace_disabled',
] satisfies DenialCause[]);

/** Whether the holder is told no more than of a token that never was. */
export function isHiddenFromHolder(cause: string): boolean {
  return HIDDEN.has(cause);
}

/** Explains a decision: every check in the fixed order, what it compared, and what to do about the one that failed. */
export function explain(record: DenialRecord, words: ExplainWords): Explanation {
  const failed = failedCheck(record);
  const failedAt = failed === null ? EXPLAINED_CHECKS.length : EXPLAINED_CHECKS.indexOf(failed);
  const checks = EXPLAINED_CHECKS.map((check, at): CheckExplained => {
    const outcome = at > failedAt || isSkipped(record, check) ? 'not_reached' : at === failedAt ? 'failed' : 'passed';
    return { check, outcome, compared: outcome === 'not_reached' ? null : compared(record, check, outcome, words) };
  });
  return { checks, advice: record.details.help ?? adviceFor(record, words) };
}

/** The check a request failed at; null where all were passed. */
export function failedCheck({ cause, details }: Pick<DenialRecord, 'cause' | 'details'>): ExplainedCheck | null {
  if (cause === 'mistyped') return details.problem === 'checksum' ? 'checksum' : 'syntax';
  return FAILED_AT[cause as keyof typeof FAILED_AT] ?? null;
}

/** The text alone says that a value is of another kind: it is looked up nowhere. */
function isSkipped({ cause, lineageId }: DenialRecord, check: ExplainedCheck): boolean {
  return check === 'digest' && cause === 'wrong_kind' && lineageId === null;
}
