/**
 * @keyhouse/client: asks Keyhouse over the network whether a request may pass. `verifier` decides nothing and remembers no
 * decision: it sends what the client sent, and where no server answers in time it refuses. The middlewares beside this file
 * take it, or an engine in the same process. Nothing here imports a package.
 */
export type {
  AuthenticableRequest,
  AuthenticateOptions,
  AuthenticateResult,
  Authenticates,
  DenialReason,
  Identity,
  RateLimit,
  RefusalResponse,
} from './authenticates.ts';
export type { ServerProblem } from './servers.ts';
export { type Verifier, type VerifierOptions, verifier } from './verifier.ts';
