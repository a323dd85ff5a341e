import type { IncomingMessage, ServerResponse } from 'node:http';
import { Rejection } from '../../manage/index.ts';
import type { CallerOf, HttpHandler } from '../app.ts';
import type { DoorRequest } from '../door.ts';
import { doorRequestOf, sendAnswer } from '../node-door.ts';
import { requireSameOrigin } from '../same-origin.ts';

/** The application's own user as Keyhouse is told. What may be done, where and as whom is looked up with every request. */
export interface HostUser {
  /** The application's id for the user. */
  readonly external_id: string;
  readonly name?: string;
  readonly email?: string;
  /** The company the user acts for, when there are several. */
  readonly workspace?: { readonly external_id: string; readonly name?: string };
  /**
   * What the user may do there: a token can never do more. Taken only for a user whom Keyhouse does not know yet. Every
   * later change is told with `owners.put`, because what was read for this request may be older than that.
   */
  readonly permissions?: readonly string[];
  readonly roles?: readonly string[];
}

/** What `createKeyhouse` gives and these routes need. */
export interface TokenHouse {
  readonly handler: Pick<HttpHandler, 'answerTokens'>;
  readonly owners: { put(owner: HostUser): Promise<unknown> };
  callerFor(owner: HostUser): Promise<CallerOf>;
}

export interface TokenRoutesOptions<Incoming extends IncomingMessage = IncomingMessage> {
  /** Who is signed in, or null. */
  readonly owner: (request: Incoming) => HostUser | null | Promise<HostUser | null>;
  /** The application's address as browsers know it, where a proxy changes `Host`. */
  readonly origin?: string;
}

/**
 * The token endpoints for an application's own signed-in users, to be mounted where its token page expects them: create,
 * list, read, rotate, revoke and usage of one's own tokens, nothing else. The application's session vouches for the user;
 * changes are taken only from pages of this origin, so that no other site can ask for them with the user's cookie.
 */
export function tokenRoutes<Incoming extends IncomingMessage = IncomingMessage>(
  keyhouse: TokenHouse,
  { owner, origin }: TokenRoutesOptions<Incoming>,
): (request: Incoming, response: ServerResponse, next: (error?: unknown) => void) => void {
  const host = origin === undefined ? undefined : new URL(origin).host;
  return (request, response, next) => {
    const asked = mountedRequest(request);
    const callerOf: CallerOf = async (circumstances, auth) => {
      if (asked.method !== 'GET' && asked.method !== 'HEAD') requireSameOrigin(asked, host);
      const user = await owner(request);
      if (user === null) throw new Rejection('authentication_required', 'Sign in first.');
      return (await callerForUser(keyhouse, user))(circumstances, auth);
    };
    Promise.resolve(keyhouse.handler.answerTokens(asked, callerOf)).then(
      (answer) => sendAnswer(request, response, answer, false),
      next,
    );
  };
}

/**
 * A user whom Keyhouse does not know is introduced. One it knows is taken as it knows it: a request that read the user
 * before a demotion must not give back what the demotion took.
 */
async function callerForUser(keyhouse: TokenHouse, user: HostUser): Promise<CallerOf> {
  try {
    return await keyhouse.callerFor(user);
  } catch (error) {
    const isIntroduction = user.permissions !== undefined || user.roles !== undefined;
    if (!isIntroduction || !(error instanceof Rejection) || error.code !== 'not_found') throw error;
    await keyhouse.owners.put(user);
    return keyhouse.callerFor(user);
  }
}

/** The request below the path these routes are mounted under. */
function mountedRequest(request: IncomingMessage): DoorRequest {
  return doorRequestOf(request, (request.url ?? '').replace(/^\/(?=\?|$)/, ''));
}
