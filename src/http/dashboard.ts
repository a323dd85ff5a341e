import { newRequestId, Rejection } from '../manage/index.ts';
import type { SingleSignOn } from '../people/index.ts';
import { createHttpHandler, type HttpHandler } from './app.ts';
import { dashboardPages, type Pages } from './dashboard-pages.ts';
import { type Answer, type DoorRequest, jsonAnswer, pathOf } from './door.ts';
import { isRejection, renderFailure } from './failure.ts';
import { neutralProfile } from './neutral-profile.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { isPortal } from './portal.ts';
import { dashboardInfo } from './sessions/dashboard-info.ts';
import { answerHostedPortal } from './sessions/hosted-portal.ts';
import { answerSessions, type SessionDoorParts } from './sessions/session-door.ts';
import { answerSingleSignOn, SINGLE_SIGN_ON_PATH } from './sessions/single-sign-on.ts';

export interface DashboardParts extends SessionDoorParts {
  /** Address of the API as people reach it, without trailing slash. */
  readonly apiUrl: () => string;
  /** Whether people can ask for a link by mail. Default false. */
  readonly sendsMail?: boolean;
  /** Signing in at an OpenID provider. Default none. */
  readonly singleSignOn?: SingleSignOn | null;
  /** Whether there is an administrator. */
  readonly isSetUp: () => Promise<boolean>;
  /** Default: those that were built beside this code. */
  readonly pages?: Pages;
}

/**
 * Answers the listener for people: pages, their files, and the operations their pages call, from these pages only. A
 * bearer token means nothing here.
 */
export function createDashboard(parts: DashboardParts): HttpHandler['answer'] {
  const sessions = answerSessions({ ...parts, portal: null });
  const portal = answerHostedPortal(
    parts,
    createHttpHandler({ ...parts, prefix: '', serves: () => false, portalPages: 'own' }),
  );
  const { pages = dashboardPages() } = parts;
  const answer = async (request: DoorRequest, requestId: string): Promise<Answer> => {
    const path = pathOf(request.target);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    try {
      if (path === '/v1/dashboard' && isRead) return await dashboardInfo(parts, request);
      if (parts.portal != null && isPortal(request, '')) return await portal(request);
      if (path.startsWith(SINGLE_SIGN_ON_PATH) && (request.method === 'GET' || request.method === 'POST')) {
        const led = await answerSingleSignOn(parts, request, requestId);
        if (led !== null) return led;
      }
      if (path.startsWith('/v1/')) return await sessions(request);
      if (path === '/healthz' && isRead) return jsonAnswer(200, { status: 'ok' }, { 'Cache-Control': 'no-store' });
      const page = await pages(request, parts.engine.authenticator.profile.profile.company);
      if (page !== null) return page;
      throw new Rejection('not_found', 'There is nothing at this path.');
    } catch (error) {
      return failure(parts, error, requestId);
    }
  };
  return async (request) => {
    const requestId = newRequestId(parts.engine);
    const answered = await answer(request, requestId);
    return { ...answered, headers: { 'X-Request-Id': requestId, ...answered.headers } };
  };
}

function failure({ engine, log }: DashboardParts, error: unknown, requestId: string): Answer {
  if (!isRejection(error)) log.fault(error, { requestId, operation: null });
  const { status, headers, body } = renderFailure(
    neutralProfile(engine.authenticator.profile.profile),
    error,
    requestId,
    false,
  );
  return { status, headers: { ...PAGE_HEADERS, ...headers }, body: JSON.stringify(body) };
}
