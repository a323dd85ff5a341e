import { newRequestId, Rejection } from '../manage/index.ts';
import type { Profile } from '../profile/index.ts';
import { createHttpHandler, type HttpHandler, type HttpParts } from './app.ts';
import { type Answer, type DoorRequest, jsonAnswer, pathOf } from './door.ts';
import { isRejection, renderFailure } from './failure.ts';
import { exampleGrant } from './openapi/examples.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { fillPage } from './page-template.ts';
import { requireSameOrigin } from './same-origin.ts';
import { type FileTable, pageFile, serveFile } from './static-files.ts';

export interface DashboardParts extends HttpParts {
  /** Address of the API as people reach it, without trailing slash. */
  readonly apiUrl: () => string;
  /** Whether there is an administrator. */
  readonly isSetUp: () => Promise<boolean>;
}

const FILES: FileTable = {
  'pages.css': pageFile('pages.css'),
  'set-up.js': pageFile('set-up.js'),
  'key.svg': pageFile('key.svg'),
};

const SET_UP_PATH = '/v1/setup';

/**
 * Answers the listener for people: pages, their files, and the operations their pages call, from these pages only. A
 * bearer token means nothing here.
 */
export function createDashboard(parts: DashboardParts): HttpHandler['answer'] {
  const operations = createHttpHandler({ ...parts, prefix: '', serves: ([, path]) => path === SET_UP_PATH });
  const answer = async (request: DoorRequest, requestId: string): Promise<Answer> => {
    const path = pathOf(request.target);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    try {
      if (path === SET_UP_PATH) {
        requireSameOrigin(request);
        return await operations.answer(request);
      }
      if (path === '/healthz' && isRead) return jsonAnswer(200, { status: 'ok' }, { 'Cache-Control': 'no-store' });
      if (path === '/' && isRead) return await homePage(parts);
      if (path.startsWith('/files/') && isRead) return await serveFile(FILES, path.slice('/files/'.length));
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

async function homePage(parts: DashboardParts): Promise<Answer> {
  const name = (await parts.isSetUp()) ? 'home.html' : 'set-up.html';
  const { profile } = parts.engine.authenticator.profile;
  const body = await fillPage(name, {
    api_url: parts.apiUrl(),
    token_word: profile.words.token,
    grant: grantOptions(profile),
  });
  return { status: 200, headers: { ...PAGE_HEADERS, 'Content-Type': 'text/html; charset=utf-8' }, body };
}

/** How the command asks for a first token under this profile. */
function grantOptions(profile: Profile): string {
  const { permissions, level } = exampleGrant(profile);
  if (permissions !== undefined) return `--permissions ${permissions.join(',')}`;
  return level === undefined ? '--inherit' : `--level ${level}`;
}

function failure({ engine, log }: DashboardParts, error: unknown, requestId: string): Answer {
  if (!isRejection(error)) log.fault(error, { requestId, operation: null });
  const { status, headers, body } = renderFailure(engine.authenticator.profile.profile, error, requestId, false);
  return { status, headers: { ...PAGE_HEADERS, ...headers }, body: JSON.stringify(body) };
}
