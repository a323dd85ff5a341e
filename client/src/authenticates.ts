import type { IncomingMessage } from 'node:http';

/**
 * What a route needs: at least one of `permission`, `allOf` and `anyOf`, where `allOf: []` says aloud that any valid token
 * will do; or `byRoute`, and the rules of the profile in force say it.
 */
export interface AuthenticateOptions {
  /** Judges by method and path as the profile says in `routes`. A request that meets no rule is refused. */
  readonly byRoute?: true;
  /** One permission, `resource:action`. */
  readonly permission?: string;
  readonly allOf?: readonly string[];
  readonly anyOf?: readonly string[];
  /** Further headers that may carry the bare token, such as `X-API-Key`. */
  readonly headers?: readonly string[];
  /** Whose tokens this route serves; `live` unless told. */
  readonly environment?: 'live' | 'test';
  /** What the request costs in every window of the limit; 1 unless told, 0 asks without spending. */
  readonly cost?: number;
}

/** A request as applications have them. `ip` is the client's address where the application knows it better. */
export type AuthenticableRequest =
  | Request
  | IncomingMessage
  | {
      readonly rawHeaders: readonly string[];
      readonly url?: string | undefined;
      readonly method?: string | undefined;
      readonly ip: string | null;
    };

/** Where a token stands in its limits after a request: the longest window, and all of them. */
export interface RateLimit {
  limit: number;
  remaining: number;
  /** RFC 3339. */
  reset: string;
  windows: {
    name: string;
    limit: number;
    seconds: number;
    remaining: number;
    reset: string;
  }[];
}

/** Whose token it is and what it may do. */
export interface Identity {
  id: string;
  lineage_id: string;
  name: string;
  environment: string | null;
  owner: {
    id: string;
    kind: 'user' | 'service_account' | 'external';
    external_id: string | null;
    name: string | null;
    email: string | null;
    metadata: Record<string, unknown>;
  };
  workspace: { id: string; external_id: string | null; name: string };
  metadata: Record<string, unknown>;
  effective_permissions: string[];
  /** null where nothing is limited. */
  rate_limit: RateLimit | null;
  /** Whether the token may do this too, beyond what the route asked. */
  can(permission: string): boolean;
}

export type DenialReason =
  | 'authentication_required'
  | 'invalid_request'
  | 'invalid_token'
  | 'token_expired'
  | 'ip_restricted'
  | 'insufficient_permissions'
  | 'ambiguous_path'
  | 'no_matching_rule'
  | 'rate_limited'
  | 'authority_unavailable';

/** What to send: status, header fields, and a body to be written as JSON. */
export interface RefusalResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type AuthenticateResult =
  | {
      readonly allowed: true;
      readonly requestId: string;
      readonly identity: Identity;
      /** For the application's own answer: request id and limits. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly allowed: false;
      readonly requestId: string;
      readonly denial: { readonly reason: DenialReason; readonly missing: readonly string[] };
      readonly response: RefusalResponse;
      /** The request carries no credential of ours: an application with other ways to sign in may try those. */
      readonly foreign: boolean;
    };

/** Anything that takes decisions: `verifier` of this package, or what `createKeyhouse` gives. */
export interface Authenticates {
  authenticate(request: AuthenticableRequest, options: AuthenticateOptions): Promise<AuthenticateResult>;
}
