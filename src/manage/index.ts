/**
 * manage: what can be done to Keyhouse, one use case per file, each an `Operation` that every door performs the same way.
 * It decides who may do what to whom; it refuses to know HTTP, SQL or how a denial is worded.
 */
export * from './caller.ts';
export * from './identity-wire.ts';
export * from './management-permissions.ts';
export { noteFirstUse } from './note-first-use.ts';
export * from './operation.ts';
export { redigestToken } from './redigest-token.ts';
export * from './rejection.ts';
export * from './token-wire.ts';
export { createToken } from './create-token.ts';
export { listTokens } from './list-tokens.ts';
export { readToken } from './read-token.ts';
export { readTokenUsage } from './read-token-usage.ts';
export { revokeToken } from './revoke-token.ts';
export { rotateToken } from './rotate-token.ts';
export { testAuthentication } from './test-authentication.ts';
export { updateToken } from './update-token.ts';
export { verifyTokens } from './verify-tokens.ts';
