import { invalidInput } from '../../manage/index.ts';
import type { SingleSignOn, Stopped } from '../../people/index.ts';
import type { DashboardParts } from '../dashboard.ts';
import { type Answer, type DoorRequest, headerValue, jsonAnswer, pathOf, queryOf } from '../door.ts';
import { PAGE_HEADERS } from '../page-headers.ts';
import { addressOf } from '../question-of.ts';
import { readJsonBody } from '../read-body.ts';
import { type CookieJar, cookieJar } from './cookies.ts';
import { isReachedByTls } from './reached-by-tls.ts';
import { requireOurPage, signedInCookies } from './session-door.ts';

const TICKET_SECONDS = 10 * 60;
const SECRET_MAX = 512;

/** Below it: the id of a provider, and with `/callback` behind it the address at which the provider sends people back. */
export const SINGLE_SIGN_ON_PATH = '/v1/single-sign-on/';

/**
 * Leads a browser to the provider and back. Both are visits and no calls, so whatever goes wrong is told on the sign-in page.
 * Whoever accepts an invitation calls first, with the link's secret in the body: it stands in no address.
 * @returns null for a path of none of our providers.
 */
export async function answerSingleSignOn(
  parts: DashboardParts,
  request: DoorRequest,
  requestId: string,
): Promise<Answer | null> {
  const { singleSignOn: way = null, engine } = parts;
  const origin = engine.dashboardUrl();
  if (way === null || origin === null) return null;
  const path = pathOf(request.target);
  const redirectPath = `${SINGLE_SIGN_ON_PATH}${way.id}/callback`;
  const jar = cookieJar(request, isReachedByTls(parts, request));
  const redirectUri = `${origin}${redirectPath}`;
  if (path === redirectPath) return comeBack(parts, request, { way, jar, redirectUri, requestId });
  if (path !== `${SINGLE_SIGN_ON_PATH}${way.id}`) return null;
  if (request.method === 'POST') return leadInvited(parts, request, { way, jar, redirectUri, requestId });
  const begun = await way.begin(queryOf(request.target).get('next'), redirectUri);
  if ('problem' in begun) return explain(parts, request, begun, { jar, requestId });
  return redirect(begun.url, [jar.write('keyhouse-sign-in', begun.ticket, TICKET_SECONDS)]);
}

interface Visit {
  readonly way: SingleSignOn;
  readonly jar: CookieJar;
  readonly redirectUri: string;
  readonly requestId: string;
}

async function leadInvited(parts: DashboardParts, request: DoorRequest, visit: Visit): Promise<Answer> {
  const { way, jar, redirectUri } = visit;
  requireOurPage(parts, request);
  const { secret } = await readJsonBody(request);
  if (typeof secret !== 'string' || secret.length > SECRET_MAX)
    throw invalidInput('secret', 'What stands behind the # of the link.');
  const begun = await way.beginInvited(secret, redirectUri);
  if (!('problem' in begun)) {
    const cookies = [jar.write('keyhouse-sign-in', begun.ticket, TICKET_SECONDS)];
    return { ...jsonAnswer(200, { url: begun.url }, { 'Cache-Control': 'no-store' }), cookies };
  }
  const told = explain(parts, request, begun, visit);
  return {
    ...jsonAnswer(200, { url: told.headers.Location }, { 'Cache-Control': 'no-store' }),
    cookies: told.cookies ?? [],
  };
}

async function comeBack(parts: DashboardParts, request: DoorRequest, visit: Visit): Promise<Answer> {
  const { way, jar, redirectUri, requestId } = visit;
  const browser = {
    userAgent: headerValue(request.rawHeaders, 'user-agent'),
    device: jar.read('keyhouse-device'),
  };
  const value = jar.read('keyhouse');
  const finished = await way.finish(queryOf(request.target).toString(), {
    redirectUri,
    ticket: jar.read('keyhouse-sign-in'),
    circumstances: { ip: addressOf(request, parts.trust), requestId, idempotencyKey: null, browser },
    sessionBefore: async () => (value === null ? null : parts.sessions.enter(value)),
  });
  if ('problem' in finished) return explain(parts, request, finished, { jar, requestId });
  return redirect(finished.next, [...signedInCookies(jar, finished.cookies), jar.write('keyhouse-sign-in', '', 0)]);
}

/** The sign-in page says what is the matter; what an operator has to know is in the log. */
function explain(
  { log, trust }: DashboardParts,
  request: DoorRequest,
  { problem, next, why, fault }: Stopped,
  { jar, requestId }: Pick<Visit, 'jar' | 'requestId'>,
): Answer {
  if (fault !== null) log.fault(fault, { requestId, operation: 'signInWithIdentity' });
  else if (problem !== 'cancelled') {
    log.securityEvent({
      event: 'sign_in_refused',
      requestId,
      method: request.method,
      path: pathOf(request.target),
      ip: addressOf(request, trust),
      ...(why !== null && { why }),
    });
  }
  const query = new URLSearchParams({ problem: `single-sign-on-${problem}`, ...(next !== '/' && { next }) });
  return redirect(`/sign-in?${query}`, [jar.write('keyhouse-sign-in', '', 0)]);
}

function redirect(location: string, cookies: readonly string[]): Answer {
  return { status: 303, headers: { ...PAGE_HEADERS, Location: location }, body: null, cookies };
}
