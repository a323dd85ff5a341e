/**
 * manage: what can be done to Keyhouse, one use case per file, each an `Operation` that every door performs the same way.
 * It decides who may do what to whom; it refuses to know HTTP, SQL or how a denial is worded.
 */
export * from './caller.ts';
export * from './management-permissions.ts';
export * from './operation.ts';
export * from './rejection.ts';
export * from './token-wire.ts';
