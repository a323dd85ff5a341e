/**
 * policy: the rules by which a request or a change is judged, one rule per file. Everything here is a pure function of
 * its arguments (or arithmetic over counters it was handed): it reads no clock, no store and no profile, and it words
 * nothing for anyone outside except the problems in what was asked for. What is unknown or malformed is never allowed.
 */
export * from './agent-class.ts';
export * from './automatic-rotation.ts';
export * from './checkpoint-statement.ts';
export * from './client-address.ts';
export * from './client-network.ts';
export * from './containment.ts';
export type { CountedBucket, CountedWindow } from './counted-window.ts';
export * from './csv.ts';
export * from './denial-reason.ts';
export * from './duration.ts';
export * from './grant.ts';
export * from './identity-key.ts';
export * from './instant.ts';
export { canonicalAddress } from './ip-address.ts';
export * from './ip-allowlist.ts';
export * from './json-line.ts';
export * from './least-privilege.ts';
export * from './permission.ts';
export { isPublicAddress } from './public-address.ts';
export { CountsMemory, type CountsSlot, type RateLimitVerdict, type WindowState } from './rate-limit.ts';
export * from './reminders.ts';
export { readPath, spelledSegments } from './request-path.ts';
export * from './rotation.ts';
export {
  checkRoutePath,
  findRouteConflicts,
  type RouteConflict,
  type RouteRule,
  RouteTable,
  routesMeet,
} from './route-rule.ts';
export * from './stored-counts.ts';
export * from './token-state.ts';
export * from './use-term.ts';
export { isOwn, mayReach, webhookUrlProblem } from './webhook-target.ts';
export * from './window.ts';
