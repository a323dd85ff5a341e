import type { ProfileInForce } from '../authenticate/index.ts';
import { Rejection } from '../manage/index.ts';
import { isPermission, readPath } from '../policy/index.ts';
import type { RenderedResponse } from '../profile/index.ts';
import type { HttpParts } from './app.ts';
import { askedByRoute } from './asked-by-route.ts';
import { isPreflight, preflightHeaders } from './cors.ts';
import { type Decided, decideRequest, decisionHeaders, renderDecided } from './decide-request.ts';
import { type Answer, type DoorRequest, headerValue, headerValues, pathOf, queryOf } from './door.ts';
import { type Asked, comesFromProxy } from './question-of.ts';
import { passedIdentity } from './signed-identity.ts';

/** The one pair of headers, in lower case, in which proxies tell the request that they ask about. */
export interface ForwardAuthHeaders {
  readonly method: string;
  readonly uri: string;
}

const DOOR = 'forward_auth';
const PATH = '/forward-auth';
/** Envoy puts this before the path of the request itself, and asks with its method. */
const ENVOY = `${PATH}/envoy`;
/** Before permissions that the proxy names. They stand in the path, as some proxies append the query of a client. */
const NEEDS = `${PATH}/needs/`;
const PREFLIGHT = `${PATH}/preflight`;

/** What a proxy asks about; null where it does not say. */
interface Forwarded {
  readonly method: string | null;
  readonly target: string | null;
  readonly permissions: readonly string[] | null;
}

/** Whether this is the door of proxies, which has no row among the routes: Envoy's form takes any method and any path. */
export function isForwardAuth(target: string): boolean {
  return target.startsWith(PATH) && /^[/?]?$/.test(target.charAt(PATH.length));
}

/**
 * Answers a proxy that asks whether a request may pass: 200 with who is asking, or the refusal to send on. Whoever is no
 * trusted proxy finds nothing here. Method and target come from one pair of headers; where one is missing or stands
 * twice, the request is refused (threats rows 40 and 43).
 * @throws {Rejection} `not_found`.
 */
export async function answerForwardAuth(
  parts: HttpParts,
  headers: ForwardAuthHeaders,
  request: DoorRequest,
  requestId: string,
): Promise<Answer> {
  const { engine, trust } = parts;
  const forwarded = comesFromProxy(request, trust) ? readForwarded(request, headers) : null;
  if (forwarded === null) throw new Rejection('not_found', 'There is nothing at this path.');
  if (forwarded === 'preflight') {
    const { origins } = engine.authenticator.profile.profile.cors;
    return { status: 204, headers: { ...FRESH, ...preflightHeaders(origins, request) }, body: null };
  }
  const asking = {
    method: forwarded.method ?? '',
    target: forwarded.target ?? '/',
    rawHeaders: request.rawHeaders,
    // A proxy that does not say whom it serves is not taken for the client.
    peer: headerValues(request.rawHeaders, trust.header).length === 0 ? null : request.peer,
  };
  let inForce: ProfileInForce;
  let decided: Decided;
  // Taking the decision may tell of a newer profile, whose rules may ask for more.
  do {
    inForce = engine.authenticator.profile;
    const taken = decideRequest(parts, asking, askedOf(parts, inForce, forwarded), requestId);
    decided = taken instanceof Promise ? await taken : taken;
  } while (engine.authenticator.profile !== inForce);
  if (decided.decision.allowed) {
    const passed = passedIdentity(parts, decided);
    const identity = passed instanceof Promise ? await passed : passed;
    const told = decisionHeaders(engine, decided);
    return { status: 200, headers: Object.assign(told, FRESH, identity), body: null };
  }
  const refusal = renderDecided(engine, decided);
  const body = JSON.stringify(refusal.body);
  const answer = { status: refusal.status, headers: { ...refusal.headers, ...FRESH }, body };
  return queryOf(request.target).get('mode') === 'nginx' ? forNginx(answer) : answer;
}

const FRESH = { 'Cache-Control': 'no-store' };

/**
 * null where this is none of the ways to ask. A preflight comes with its own method: at a path for it, to which proxies
 * hand it over, and from Envoy, for which 200 alone is a yes.
 */
function readForwarded(request: DoorRequest, names: ForwardAuthHeaders): Forwarded | 'preflight' | null {
  const { method, target, rawHeaders } = request;
  const path = pathOf(target);
  if ((path === PREFLIGHT || target.startsWith(`${ENVOY}/`)) && isPreflight(request)) return 'preflight';
  if (target.startsWith(`${ENVOY}/`)) return { method, target: target.slice(ENVOY.length), permissions: null };
  const told = { method: headerValue(rawHeaders, names.method) || null, target: targetIn(rawHeaders, names.uri) };
  if (path === PATH) return { ...told, permissions: null };
  if (!path.startsWith(NEEDS)) return null;
  const permissions = path.slice(NEEDS.length).split(',');
  return permissions.every(isPermission) ? { ...told, permissions } : null;
}

function targetIn(rawHeaders: readonly string[], name: string): string | null {
  const target = headerValue(rawHeaders, name);
  return target?.startsWith('/') ? target : null;
}

function askedOf({ environments }: HttpParts, profile: ProfileInForce, forwarded: Forwarded): Asked {
  const { method, target, permissions } = forwarded;
  const named = { environments, allOf: permissions ?? [], anyOf: [], cost: 1, headerNames: [], door: DOOR } as const;
  if (method === null || target === null) return { ...named, routeProblem: 'ambiguous_path' };
  if (permissions === null) return askedByRoute(profile, { method, target }, [], DOOR);
  return readPath(target) === null ? { ...named, routeProblem: 'ambiguous_path' } : named;
}

/**
 * nginx knows 200, 401 and 403, takes everything else for a fault of ours, and throws bodies away: the status that is meant
 * and the body, in ASCII on one line, come as headers.
 */
function forNginx({ status, headers, body }: Omit<RenderedResponse, 'body'> & { readonly body: string }): Answer {
  const line = body.replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return {
    status: status === 401 ? 401 : 403,
    headers: { ...headers, 'X-Auth-Status': String(status), 'X-Auth-Body': line },
    body,
  };
}
