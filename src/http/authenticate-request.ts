import type { IncomingMessage } from 'node:http';
import { mayDo, type ProfileInForce, type TokenFacts } from '../authenticate/index.ts';
import { type IdentityWire, identityWire, newRequestId, type RateLimitWire, rateLimitWire } from '../manage/index.ts';
import { canonicalAddress, type DenialReason, isPermission, type RateLimitVerdict } from '../policy/index.ts';
import type { RenderedResponse } from '../profile/index.ts';
import type { Environment } from '../token/index.ts';
import { askedByRoute } from './asked-by-route.ts';
import { type Decided, type DoorParts, decideRequest, decisionHeaders, renderDecided } from './decide-request.ts';
import { type DoorRequest, headerValues } from './door.ts';
import type { DoorEngine } from './door-engine.ts';
import { targetOf } from './fetch-door.ts';
import { originForm } from './origin-form.ts';
import type { AddressTrust, Asked } from './question-of.ts';

/**
 * What a route of the application needs: at least one of `permission`, `allOf` and `anyOf`, where `allOf: []` says aloud that
 * any valid token will do; or `byRoute`, and the rules of the profile say it.
 */
export interface AuthenticateOptions {
  /**
   * Judges by the request's method and path, as the profile in force says in `routes`; environment and cost come from there
   * too. A request that meets no rule is refused.
   */
  readonly byRoute?: true;
  /** One permission, `resource:action`. */
  readonly permission?: string;
  readonly allOf?: readonly string[];
  readonly anyOf?: readonly string[];
  /** Further headers that may carry the bare token, such as `X-API-Key`. */
  readonly headers?: readonly string[];
  /** Whose tokens this route serves; `live` unless told. */
  readonly environment?: Environment;
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

/** Whose token it is and what it may do: the shape that `POST /v1/tokens/verify` answers with, and one question. */
export interface Identity extends IdentityWire {
  /** Where the token stands in its limits after this request; null where nothing is limited. */
  readonly rate_limit: RateLimitWire | null;
  /** Whether the token may do this too, beyond what the route asked. */
  can(permission: string): boolean;
}

export type AuthenticateResult =
  | {
      readonly allowed: true;
      readonly requestId: string;
      readonly identity: Identity;
      /** For the application's own answer: limits, request id, and the debugging fields where asked for. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly allowed: false;
      readonly requestId: string;
      readonly denial: { readonly reason: DenialReason; readonly missing: readonly string[] };
      /** What to send, in the words of the profile. */
      readonly response: RenderedResponse;
      /** The request carries no credential of ours: an application with other ways to sign in may try those. */
      readonly foreign: boolean;
    };

/** Anything that takes decisions like `createKeyhouse` does. */
export interface Authenticates {
  authenticate(request: AuthenticableRequest, options: AuthenticateOptions): Promise<AuthenticateResult>;
}

const OWN_WORD: AddressTrust = { trustedProxies: null, header: '' };

/** Builds `authenticate` over an engine. It never rejects on account of a request or an outage: those are denials. */
export function createAuthenticate(parts: DoorParts): Authenticates['authenticate'] {
  const askers = new WeakMap<AuthenticateOptions, Asker>();
  const believing = { ...parts, trust: OWN_WORD };
  return async (request, options) => {
    let asker = askers.get(options);
    if (asker === undefined) {
      asker = askerOf(options);
      askers.set(options, asker);
    }
    const { engine } = parts;
    const read = readRequest(request);
    const trusting = read.isFinal ? believing : parts;
    const requestId = newRequestId(engine);
    let inForce: ProfileInForce;
    let decided: Decided;
    // Taking the decision may tell of a newer profile, whose rules may ask for more. That is rare, and costs another count.
    do {
      inForce = engine.authenticator.profile;
      const taken = decideRequest(trusting, read, asker(inForce, read), requestId);
      decided = taken instanceof Promise ? await taken : taken;
    } while (options.byRoute === true && engine.authenticator.profile !== inForce);
    return resultOf(engine, decided);
  };
}

type Asker = (profile: ProfileInForce, request: Pick<DoorRequest, 'method' | 'target'>) => Asked;

/** @throws {TypeError} options that ask nothing, that ask in two ways, or that ask for what is no permission. */
export function askerOf(options: AuthenticateOptions): Asker {
  const headerNames = (options.headers ?? []).map((name) => name.toLowerCase());
  if (options.byRoute !== true) {
    const asked = askedOf(options, headerNames);
    return () => asked;
  }
  const besides = (['permission', 'allOf', 'anyOf', 'environment', 'cost'] as const).find((key) => key in options);
  if (besides !== undefined) throw new TypeError(`With byRoute the rules of the profile say what ${besides} would.`);
  return (profile, request) => askedByRoute(profile, request, headerNames, 'middleware');
}

function askedOf(options: AuthenticateOptions, headerNames: readonly string[]): Asked {
  const { permission, allOf = [], anyOf = [], environment = 'live', cost = 1 } = options;
  if (permission === undefined && options.allOf === undefined && options.anyOf === undefined) {
    throw new TypeError(
      'Say what the token must be allowed to do: permission, allOf or anyOf. allOf: [] takes any valid token, and byRoute leaves it to the rules of the profile.',
    );
  }
  const needed = permission === undefined ? allOf : [permission, ...allOf];
  for (const one of [...needed, ...anyOf]) {
    if (!isPermission(one))
      throw new TypeError(`${JSON.stringify(one)} is not a permission of the form resource:action.`);
  }
  if (!Number.isSafeInteger(cost) || cost < 0) throw new TypeError(`cost must be a whole number from 0, not ${cost}.`);
  return { environments: [environment], allOf: needed, anyOf, cost, headerNames, door: 'middleware' };
}

function readRequest(request: AuthenticableRequest): Decided['request'] & { readonly isFinal: boolean } {
  if (request instanceof Request) {
    const rawHeaders = [...request.headers].flat();
    return { method: request.method, target: targetOf(request.url), rawHeaders, peer: null, isFinal: false };
  }
  const { rawHeaders, method = 'GET' } = request;
  // Express cuts the mount path off `url` and keeps the whole in `originalUrl`.
  const { originalUrl = request.url } = request as { readonly originalUrl?: string };
  const target = targetIn(originalUrl ?? '/', rawHeaders);
  if ('socket' in request) {
    return { method, target, rawHeaders, peer: request.socket?.remoteAddress ?? null, isFinal: false };
  }
  const peer = request.ip === null ? null : canonicalAddress(request.ip);
  return { method, target, rawHeaders, peer, isFinal: true };
}

/**
 * A target that is neither a path nor an absolute URL of the host that was asked stays as it is: it begins with no slash,
 * so no rule is found for it. Handlers of fetch objects have no `Host` line; there the URL alone names it.
 */
function targetIn(url: string, rawHeaders: readonly string[]): string {
  const hosts = headerValues(rawHeaders, 'host');
  if (hosts.length > 0) return originForm(url, hosts) ?? url;
  const named = /^https?:\/\/([^/?#]+)/i.exec(url)?.slice(1) ?? [];
  return originForm(url, named) ?? url;
}

function resultOf(engine: DoorEngine, decided: Decided): AuthenticateResult {
  const { decision, requestId } = decided;
  if (decision.allowed) {
    const headers = decisionHeaders(engine, decided);
    headers['X-Request-Id'] = requestId;
    return { allowed: true, requestId, identity: identityOf(engine, decision.facts, decision.limit), headers };
  }
  const { reason, cause, missing = [] } = decision.denial;
  return {
    allowed: false,
    requestId,
    denial: { reason, missing },
    response: renderDecided(engine, decided),
    foreign: cause === 'no_credential' || cause === 'foreign',
  };
}

/** The costly parts are computed when they are looked at: most handlers want the owner alone. */
function identityOf(engine: DoorEngine, facts: TokenFacts, limit: RateLimitVerdict | null): Identity {
  let wire: IdentityWire | null = null;
  const whole = (): IdentityWire => {
    wire ??= identityWire(engine, facts);
    return wire;
  };
  return {
    id: facts.id,
    lineage_id: facts.lineageId,
    name: facts.name,
    environment: facts.environment,
    metadata: facts.metadata,
    get owner() {
      return whole().owner;
    },
    get workspace() {
      return whole().workspace;
    },
    get effective_permissions() {
      return whole().effective_permissions;
    },
    get rate_limit() {
      return rateLimitWire(limit, engine.clock.now());
    },
    can: (permission) => mayDo(facts, permission),
  };
}
