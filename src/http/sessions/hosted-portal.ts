import { Rejection } from '../../manage/index.ts';
import type { HttpHandler } from '../app.ts';
import { type Answer, type DoorRequest, jsonAnswer, pathOf } from '../door.ts';
import { cookieJar } from './cookies.ts';
import { isReachedByTls } from './reached-by-tls.ts';
import { requireOurPage, type SessionDoorParts } from './session-door.ts';

const OPEN_PATH = '/portal/v1/portal-sessions/open';
const RESUME_PATH = '/portal/v1/portal-sessions/resume';
const ONE_SESSION = /^\/portal\/v1\/portal-sessions\/pts_\w+$/;

/**
 * Answers the calls of the hosted page. Opened by that page, a session is also in a cookie of this host, which no script reads:
 * reloaded, the page asks for it here, and here alone. Everything else is done with the bearer value, and no cookie counts for it.
 */
export function answerHostedPortal(parts: SessionDoorParts, portal: HttpHandler): HttpHandler['answer'] {
  return async (request) => {
    const path = pathOf(request.target);
    if (path === RESUME_PATH && request.method === 'POST') return resume(parts, request);
    const answer = await portal.answer(request);
    if (answer.status >= 300) return answer;
    const jar = cookieJar(request, isReachedByTls(parts, request));
    if (path === OPEN_PATH && isOurPage(parts, request)) {
      const { value } = JSON.parse(String(answer.body)) as { readonly value: string };
      return { ...answer, cookies: [jar.write('keyhouse-portal', value, null)] };
    }
    if (request.method === 'DELETE' && ONE_SESSION.test(path)) {
      return { ...answer, cookies: [jar.write('keyhouse-portal', '', 0)] };
    }
    return answer;
  };
}

/** @throws {Rejection} `cross_origin`; `authentication_required` where no session goes on. */
async function resume(parts: SessionDoorParts, request: DoorRequest): Promise<Answer> {
  requireOurPage(parts, request);
  const jar = cookieJar(request, isReachedByTls(parts, request));
  const value = jar.read('keyhouse-portal');
  const opened = value === null ? null : await parts.portal?.describe(value);
  if (value === null || opened == null) {
    throw new Rejection('authentication_required', 'This page has ended. Open it again.');
  }
  return jsonAnswer(200, { ...opened, value }, { 'Cache-Control': 'no-store' });
}

function isOurPage(parts: SessionDoorParts, request: DoorRequest): boolean {
  try {
    requireOurPage(parts, request);
    return true;
  } catch {
    return false;
  }
}
