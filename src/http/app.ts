import {
  type Caller,
  type Circumstances,
  invalidInput,
  newRequestId,
  type Operation,
  Rejection,
} from '../manage/index.ts';
import type { PortalDoor } from '../people/index.ts';
import type { Eventually } from '../ports/index.ts';
import type { Profile, RenderedResponse } from '../profile/index.ts';
import { type Environment, FIELD_LINES_MAX } from '../token/index.ts';
import { answerOptions, corsHeaders, mergeHeaders } from './cors.ts';
import type { DoorParts } from './decide-request.ts';
import { type Answer, type DoorRequest, headerValues, jsonAnswer, pathOf } from './door.ts';
import { enter, renderMissingPermission } from './enter.ts';
import { explainBroken } from './explain-broken.ts';
import { isRejection, renderFailure } from './failure.ts';
import { answerFetch, type FetchContext } from './fetch-door.ts';
import { toCompanyNames } from './field-names.ts';
import { answerForwardAuth, type ForwardAuthHeaders, isForwardAuth } from './forward-auth.ts';
import type { Readiness } from './health.ts';
import { RouteMatcher, routeMethod } from './match-route.ts';
import { elementProfile, neutralProfile } from './neutral-profile.ts';
import { addressSource } from './note-denial.ts';
import { renderOauthFailure } from './oauth-answers.ts';
import type { ApiDescription } from './openapi/company-description.ts';
import { isPortal, portalCaller, portalScript, servesPortal } from './portal.ts';
import { addressOf } from './question-of.ts';
import { readInput } from './read-input.ts';
import { type Auth, isPageRoute, isTokenRoute, type OperationRoute, type Route, type Status } from './route.ts';
import { ROUTES } from './routes.ts';

export interface HttpParts extends DoorParts {
  readonly readiness: () => Promise<Readiness>;
  /** Environments whose tokens may manage Keyhouse through this door. */
  readonly environments: readonly Environment[];
  /** Path under which a host application mounts the handler, without trailing slash; '' is the root. */
  readonly prefix: string;
  /** Which routes this door has; a route that is left out answers 404. */
  readonly serves: (route: Route) => boolean;
  /** Of the product, for the API description. */
  readonly version: string;
  /** The company's own API, for `/reference`. Default none. */
  readonly apiDescription?: ApiDescription | null;
  /** Routes of operations that only this door has, such as those of the private socket. Default none. */
  readonly furtherRoutes?: readonly Route[];
  /** Of a door that proxies may ask; null, the default, has no such door. */
  readonly forwardAuth?: ForwardAuthHeaders | null;
  /** Of a door that speaks to our own pages: they know our paths, field names and error bodies, whoever the company is. */
  readonly isNeutral?: boolean;
  /** Who lets owners in to their own tokens, below `/portal`; null, the default, has no such door. */
  readonly portal?: PortalDoor | null;
  /** Whose pages may call below `/portal`: those of the company's origins, the default, or those of this one alone. */
  readonly portalPages?: 'registered' | 'own';
}

/** Makes the caller of one request that is already known: the operator on the private socket, a host application's owner. */
export type CallerOf = (circumstances: Circumstances, auth: Auth) => Caller | Promise<Caller>;

/** Answers the HTTP API, for fetch-style hosts as a function, for our own listeners without fetch objects between. */
export interface HttpHandler {
  (request: Request, context?: FetchContext): Promise<Response>;
  readonly answer: (request: DoorRequest, callerOf?: CallerOf | null) => Eventually<Answer>;
  /**
   * Answers the token operations alone, for a host that mounts them behind its own sign-in. The target is what follows the
   * path of the tokens: empty, `/{id}`, `/{id}/rotate`.
   */
  readonly answerTokens: (request: DoorRequest, callerOf: CallerOf) => Eventually<Answer>;
  /** What to say to bytes that are no well-formed request; null where a bare status has to do. */
  readonly explainBroken: (bytes: Uint8Array) => Answer | null;
}

/** The HTTP API over an engine. Never throws and never rejects: every failure is an answer with a request id. */
export function createHttpHandler(parts: HttpParts): HttpHandler {
  const door = new HttpDoor(parts);
  const portal = parts.portal == null ? null : new HttpDoor(portalParts(parts));
  const tokens = new HttpDoor({ ...parts, prefix: '', serves: isTokenRoute, furtherRoutes: [], forwardAuth: null });
  const answer: HttpHandler['answer'] = (request, callerOf = null) => {
    if (portal === null || callerOf !== null || !isPortal(request, parts.prefix)) return door.answer(request, callerOf);
    return portalScript(request, parts.prefix) ?? portal.answer(request, portalCaller(parts, request));
  };
  const answerTokens: HttpHandler['answerTokens'] = (request, callerOf) => {
    const { paths } = parts.engine.authenticator.profile.profile;
    return tokens.answer({ ...request, target: `${paths.tokens}${request.target}` }, callerOf);
  };
  const explain: HttpHandler['explainBroken'] = (bytes) => explainBroken(parts.engine, bytes);
  return Object.assign(answerFetch(answer), { answer, answerTokens, explainBroken: explain });
}

function portalParts(parts: HttpParts): HttpParts {
  const prefix = `${parts.prefix}/portal`;
  return { ...parts, prefix, serves: servesPortal, furtherRoutes: [], forwardAuth: null, isNeutral: true };
}

class HttpDoor {
  readonly #parts: HttpParts;
  readonly #routes: readonly Route[];
  #compiled: { readonly profile: Profile; readonly matcher: RouteMatcher } | null = null;

  constructor(parts: HttpParts) {
    this.#parts = parts;
    this.#routes = [...ROUTES.filter(parts.serves), ...(parts.furtherRoutes ?? [])];
  }

  answer(request: DoorRequest, callerOf: CallerOf | null): Eventually<Answer> {
    const requestId = newRequestId(this.#parts.engine);
    let answer: Eventually<Answer>;
    try {
      answer = this.#route(request, callerOf, requestId);
    } catch (error) {
      answer = this.#failure(error, requestId);
    }
    if (!(answer instanceof Promise)) return this.#withOurs(answer, request, requestId);
    return answer
      .catch((error) => this.#failure(error, requestId))
      .then((late) => this.#withOurs(late, request, requestId));
  }

  /** What every answer carries, whatever it is about. */
  #withOurs({ status, headers, body }: Answer, request: DoorRequest, requestId: string): Answer {
    const { origins } = this.#profile.cors;
    const told = origins.length === 0 ? { ...headers } : mergeHeaders(headers, corsHeaders(origins, request));
    told['X-Request-Id'] = requestId;
    return { status, headers: told, body };
  }

  get #profile(): Profile {
    const { profile } = this.#parts.engine.authenticator.profile;
    const { isNeutral = false, portal = null, portalPages = 'registered' } = this.#parts;
    if (!isNeutral) return profile;
    return portal !== null && portalPages === 'registered' ? elementProfile(profile) : neutralProfile(profile);
  }

  #route(request: DoorRequest, callerOf: CallerOf | null, requestId: string): Answer | Promise<Answer> {
    const { forwardAuth = null } = this.#parts;
    if (forwardAuth !== null && isForwardAuth(request.target)) {
      return answerForwardAuth(this.#parts, forwardAuth, request, requestId);
    }
    if (request.rawHeaders.length > FIELD_LINES_MAX * 2) throw new Rejection('too_many_headers');
    const inside = withoutPrefix(request, this.#parts.prefix);
    const path = inside === null ? '' : pathOf(inside.target);
    const routes = this.#routesInForce();
    const found = routes.find(path, routeMethod(request.method));
    if (inside !== null && found !== null) {
      return isPageRoute(found.route)
        ? found.route[3].answer(this.#parts, inside, this.#routes)
        : this.#perform(inside, found.route, found.params, callerOf, requestId);
    }
    const allow = routes.allowed(path);
    if (allow === null) throw new Rejection('not_found', 'There is nothing at this path.');
    if (request.method === 'OPTIONS') return answerOptions(request, allow, this.#profile.cors.origins);
    return withHeaders(this.#failure(new Rejection('method_not_allowed'), requestId), { Allow: allow });
  }

  async #perform(
    request: DoorRequest,
    route: OperationRoute,
    params: Readonly<Record<string, string>>,
    callerOf: CallerOf | null,
    requestId: string,
  ): Promise<Answer> {
    const [, , auth, operation, status, bodyType = 'application/json'] = route;
    const circumstances: Circumstances = {
      ip: addressOf(request, this.#parts.trust),
      ...(auth === 'one-time-secret' && { addressFrom: addressSource(request, this.#parts.trust) }),
      requestId,
      idempotencyKey: idempotencyKeyOf(request),
    };
    const entering = enter(this.#parts, request, auth, operation, circumstances, callerOf);
    const entry = entering instanceof Promise ? await entering : entering;
    if (!('caller' in entry)) return rendered(entry);
    const isToken = isTokenRoute(route);
    try {
      const input = await readInput(request, params, isToken ? this.#profile : null, bodyType);
      const output = await this.#parts.engine.perform(operation as Operation<unknown>, entry.caller, input);
      return jsonAnswer(
        statusOf(status, output),
        toCompanyNames(output, this.#profile, isToken),
        Object.assign({ 'Cache-Control': 'no-store' }, entry.headers),
      );
    } catch (error) {
      const failure = auth === 'client' ? null : renderMissingPermission(this.#parts, entry, error);
      return withHeaders(failure === null ? this.#failure(error, requestId, route) : rendered(failure), entry.headers);
    }
  }

  #failure(error: unknown, requestId: string, route: OperationRoute | null = null): Answer {
    if (!isRejection(error)) this.#parts.log.fault(error, { requestId, operation: route?.[3].id ?? null });
    if (route?.[2] === 'client') return rendered(renderOauthFailure(this.#profile, error));
    return rendered(renderFailure(this.#profile, error, requestId, route !== null && isTokenRoute(route)));
  }

  /** Routes move with the profile's paths, so they are compiled once per profile. */
  #routesInForce(): RouteMatcher {
    if (this.#compiled?.profile !== this.#profile) {
      this.#compiled = { profile: this.#profile, matcher: new RouteMatcher(this.#routes, this.#profile.paths.tokens) };
    }
    return this.#compiled.matcher;
  }
}

/** @throws {Rejection} several keys: taking none of them would make a second token where one was wanted. */
function idempotencyKeyOf({ rawHeaders }: DoorRequest): string | null {
  const [key = null, second] = headerValues(rawHeaders, 'idempotency-key');
  if (second !== undefined) throw invalidInput('Idempotency-Key', 'Send this header once.');
  return key;
}

function statusOf(status: Status, output: unknown): number {
  if (status !== '200/201') return status;
  return (output as { readonly created?: boolean }).created === true ? 201 : 200;
}

function withoutPrefix(request: DoorRequest, prefix: string): DoorRequest | null {
  if (prefix === '') return request;
  if (!request.target.startsWith(`${prefix}/`)) return null;
  return { ...request, target: request.target.slice(prefix.length) };
}

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: mergeHeaders(answer.headers, headers) };
}

function rendered({ status, headers, body }: RenderedResponse): Answer {
  return { status, headers, body: JSON.stringify(body) };
}
