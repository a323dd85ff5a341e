/**
 * keyhouse: API tokens inside an application. `createKeyhouse` opens a store and gives the check in front of requests,
 * the endpoints of the token page, and every operation as a function. Loading this loads no listener, no mail and no
 * database driver that is not used.
 */
export type {
  AllowsOrigins,
  AuthenticableRequest,
  AuthenticateOptions,
  AuthenticateResult,
  Authenticates,
  Identity,
} from './http/index.ts';
export { Rejection, type RejectionCode } from './manage/index.ts';
export {
  collections,
  coolset,
  deployerp,
  hosting,
  installer,
  keyhouse,
  type Profile,
  parseProfile,
} from './profile/index.ts';
export { createKeyhouse, type HostedOwner, type Keyhouse, type KeyhouseOptions, StartRefused } from './server/index.ts';
