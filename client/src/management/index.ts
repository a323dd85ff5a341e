/**
 * @keyhouse/client/management: every operation of Keyhouse's HTTP API as a function with types, over `fetch`. It keeps nothing
 * but where the profile puts its tokens and what their fields are called; what may be done is the server's to say.
 */
export type { CallOptions, RepeatableOptions } from './call-options.ts';
export { KeyhouseError, type Problem } from './keyhouse-error.ts';
export { type Management, type ManagementOptions, management } from './management.ts';
export type * from './operations.ts';
