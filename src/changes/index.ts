/**
 * changes: the one path of everything that alters what a request may do, and the waiting of tightenings. It refuses to
 * know what a change means: use cases draft it inside the transaction, this folder commits, invalidates, and answers only
 * when no node can still say yes.
 */
export * from './change-path.ts';
export { eventOwnerData, eventTokenData, publishEvent } from './event-of.ts';
