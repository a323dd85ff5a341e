import { anonymousCaller, Rejection } from '../../manage/index.ts';
import { type Cookies, SESSION_LIFETIME_MS, type SessionDoor } from '../../people/index.ts';
import { type CallerOf, createHttpHandler, type HttpHandler, type HttpParts } from '../app.ts';
import { type Answer, type DoorRequest, headerValue, pathOf } from '../door.ts';
import { addressOf } from '../question-of.ts';
import { isPageRoute, type Route } from '../route.ts';
import { DASHBOARD_ROUTES } from '../routes.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { type CookieJar, cookieJar } from './cookies.ts';
import { isReachedByTls } from './reached-by-tls.ts';

export interface SessionDoorParts extends HttpParts {
  readonly sessions: SessionDoor;
  /** As browsers know the dashboard, such as `keys.example.com`; null, the default, is whatever `Host` says. */
  readonly publicHost?: string | null;
  /** Whether people may sign in with a password. Default true. */
  readonly passwordSignIn?: boolean;
}

/** A header that no form can send, and no page of another origin without asking first. */
const OUR_PAGE = 'keyhouse-dashboard';

const SIGN_IN_PATH = '/v1/sessions';
const DEVICE_SECONDS = 365 * 24 * 60 * 60;
const SESSION_SECONDS = SESSION_LIFETIME_MS / 1_000;

/**
 * Answers the operations for people: by the session in their cookie, and never by a bearer token. What changes something is
 * taken from our own pages alone (threats row 100d).
 */
export function answerSessions(parts: SessionDoorParts): HttpHandler['answer'] {
  const operations = createHttpHandler({
    ...parts,
    prefix: '',
    isNeutral: true,
    forwardAuth: null,
    serves: isForPeople,
    furtherRoutes: DASHBOARD_ROUTES,
  });
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') requireOurPage(parts, request);
    if (parts.passwordSignIn === false && isAboutPasswords(request)) {
      throw new Rejection('not_found', 'People sign in here by single sign-on alone.');
    }
    const jar = cookieJar(request, isReachedByTls(parts, request));
    const answer = await operations.answer(request, callerFor(parts, request, jar));
    noteRefusal(parts, request, answer);
    return withCookies(request, answer, jar);
  };
}

/** A second factor is asked for after a password, and never without one. */
const PASSWORD_PATHS = /^\/v1\/(?:password-resets(?:\/.*)?|session\/password|session\/second-factor)$/;

function isAboutPasswords({ method, target }: DoorRequest): boolean {
  const path = pathOf(target);
  return (method === 'POST' && path === SIGN_IN_PATH) || PASSWORD_PATHS.test(path);
}

/** Guessing is something an operator should see. */
function noteRefusal({ log, trust }: SessionDoorParts, request: DoorRequest, { status, headers }: Answer): void {
  if (request.method !== 'POST' || pathOf(request.target) !== SIGN_IN_PATH || (status !== 401 && status !== 429))
    return;
  log.securityEvent({
    event: 'sign_in_refused',
    requestId: headers['X-Request-Id'] ?? '',
    method: request.method,
    path: SIGN_IN_PATH,
    ip: addressOf(request, trust),
  });
}

function isForPeople(route: Route): boolean {
  return !isPageRoute(route) && (route[2] === 'bearer' || route[2] === 'one-time-secret');
}

/** @throws {Rejection} `cross_origin`. */
export function requireOurPage({ publicHost = null }: SessionDoorParts, request: DoorRequest): void {
  requireSameOrigin(request, publicHost ?? headerValue(request.rawHeaders, 'host'));
  if (headerValue(request.rawHeaders, OUR_PAGE) !== '1') throw new Rejection('cross_origin');
}

function callerFor({ sessions }: SessionDoorParts, { rawHeaders }: DoorRequest, jar: CookieJar): CallerOf {
  return async (circumstances, auth) => {
    const browser = { userAgent: headerValue(rawHeaders, 'user-agent'), device: jar.read('keyhouse-device') };
    const here = { ...circumstances, browser };
    const value = jar.read('keyhouse');
    const entered = value === null ? null : await sessions.admit(value, here);
    if (entered !== null) return entered;
    if (auth === 'open' || auth === 'one-time-secret') return anonymousCaller(here);
    throw new Rejection('authentication_required', 'You are not signed in, or your session has ended.');
  };
}

/** What these answer is for the browser alone: cookies are made of it, and it leaves the body. */
const SIGN_IN_PATHS: ReadonlySet<string> = new Set([SIGN_IN_PATH, '/v1/invitations/accept', '/v1/sessions/open']);
const SIGN_OUT_PATHS: ReadonlySet<string> = new Set(['/v1/session', '/v1/sessions']);

function withCookies({ method, target }: DoorRequest, answer: Answer, jar: CookieJar): Answer {
  const path = pathOf(target);
  if (answer.status >= 300) return answer;
  if (method === 'DELETE' && SIGN_OUT_PATHS.has(path)) return { ...answer, cookies: [jar.write('keyhouse', '', 0)] };
  if (method !== 'POST' || !SIGN_IN_PATHS.has(path)) return answer;
  const { cookies, ...body } = JSON.parse(String(answer.body)) as { readonly cookies: Given };
  return {
    ...answer,
    body: JSON.stringify(body),
    cookies: signedInCookies(jar, cookies),
  };
}

/** Who has no account leaves nothing by which this browser is known again. */
type Given = Pick<Cookies, 'session'> & Partial<Cookies>;

export function signedInCookies(jar: CookieJar, { session, device }: Given): string[] {
  const lines = [jar.write('keyhouse', session, SESSION_SECONDS)];
  return device === undefined ? lines : [...lines, jar.write('keyhouse-device', device, DEVICE_SECONDS)];
}
