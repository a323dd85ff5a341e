/**
 * authenticate: the hot path. A question goes in, a decision comes out, the same way behind every door: credential, shape
 * and checksum, facts, `judge` (the only place where validity is decided), limit, use. It caches facts and never
 * decisions, writes nothing but counts, and knows neither HTTP nor SQL.
 */

export * from './access-recorder.ts';
export * from './answer-headers.ts';
export * from './asked-by-rules.ts';
export * from './authenticator.ts';
export * from './build-facts.ts';
export * from './decision.ts';
export * from './denial-queue.ts';
export * from './denial-record.ts';
export * from './denial-recorder.ts';
export {
  type CheckExplained,
  EXPLAINED_CHECKS,
  type Explanation,
  explain,
  failedCheck,
  isHiddenFromHolder,
} from './explain.ts';
export type { ExplainWords } from './explain-advice.ts';
export type * from './facts.ts';
export { FactsCache, type FactsCacheOptions, membershipKey } from './facts-cache.ts';
export { FailureBudget, failureSource } from './failure-budget.ts';
export { GuardedLookups, type LookupPressure, TURNED_AWAY } from './guarded-lookups.ts';
export { judge, mayDo } from './judge.ts';
export * from './profile-in-force.ts';
export { RATE_LIMIT_HEADERS } from './rate-limit-headers.ts';
export * from './refusal.ts';
export * from './trial-observer.ts';
export * from './trial-recorder.ts';
export * from './usage-recorder.ts';
export type { UseQuestion } from './use-details.ts';
export * from './watched-usage.ts';
export { UNTOLD_TOKEN } from './write-usage.ts';
