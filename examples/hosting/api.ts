import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Keyhouse, Profile } from 'keyhouse';
import { crossOrigin, protect } from 'keyhouse/express';
import { ApiError, badInput } from '../kit/api-error.ts';
import { errorAnswers } from './errors.ts';
import { readBodyOf } from './fields.ts';
import type { Hoster } from './hoster.ts';
import { type Call, type HostingOperation, OPERATIONS } from './operations.ts';

/**
 * The company's API: each operation behind the permission that its row names, and on the same origin everything about
 * tokens, which is Keyhouse's. Pages of the origins that the profile names may call all of it.
 */
export function createApi(keyhouse: Doors, hoster: Hoster, profile: Profile): Express {
  const api = express();
  api.disable('x-powered-by');
  api.enable('case sensitive routing');
  api.enable('strict routing');
  api.use(crossOrigin(keyhouse));
  for (const [path, operations] of Map.groupBy(OPERATIONS, (operation) => operation.path)) {
    const route = api.route(path.replace(/\{(\w+)\}/g, ':$1'));
    for (const operation of operations) {
      const { method, permission, body } = operation;
      route[VERBS[method]](
        protect(keyhouse, { permission }),
        ...(body === undefined ? [] : [readBody]),
        answer(operation, hoster),
      );
    }
    route.all(refuseMethod(operations));
  }
  api.use(keyhouse.nodeHandler);
  api.use(errorAnswers(profile));
  return api;
}

type Doors = Pick<Keyhouse, 'authenticate' | 'allowedOrigins' | 'nodeHandler'>;

const VERBS = { GET: 'get', POST: 'post', PATCH: 'patch', DELETE: 'delete' } as const;

/** The body is read after the token has been judged: a stranger's megabytes are never taken. */
const readBody = express.json({ limit: '64kb' });

function answer(operation: HostingOperation, hoster: Hoster) {
  const { status = 200, body, perform } = operation;
  return (request: Request, response: Response): void => {
    const { domain = '', id = '' } = request.params as Readonly<Record<string, string>>;
    const answered = perform(hoster, {
      workspace: workspaceOf(request),
      domain,
      id,
      ...(operation.isPage ? pageOf(request) : { limit: 0, cursor: 0 }),
      body: body === undefined ? null : readBodyOf(body.fields, request.body, body),
    } satisfies Call);
    if (status === 204) response.status(status).end();
    else response.status(status).json(answered);
  };
}

/** Everything belongs to the workspace of the token that made it. */
function workspaceOf({ keyhouse: identity }: Request): string {
  if (identity === undefined) throw new Error('this route is not protected');
  return identity.workspace.id;
}

function pageOf({ query }: Request): Pick<Call, 'limit' | 'cursor'> {
  const { limit = '25', cursor = '0' } = query;
  if (!/^([1-9]\d?|100)$/.test(String(limit)))
    throw badInput({ path: 'limit', message: 'A whole number from 1 to 100.' });
  if (!/^\d{1,15}$/.test(String(cursor)))
    throw badInput({ path: 'cursor', message: 'Not the next_cursor of an earlier page.' });
  return { limit: Number(limit), cursor: Number(cursor) };
}

function refuseMethod(operations: readonly HostingOperation[]) {
  const allowed = operations.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return (_request: Request, response: Response, _next: NextFunction): void => {
    response.set('Allow', allowed.join(', '));
    throw new ApiError(405, 'method_not_allowed', 'This path does not answer that method.');
  };
}
