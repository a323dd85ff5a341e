import express, { type Express, type Request, type Response } from 'express';
import type { Keyhouse, Profile } from 'keyhouse';
import { crossOrigin, protect } from 'keyhouse/express';
import { pageOf, refuseMethodsBut } from '../kit/row-handlers.ts';
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
    route.all(refuseMethodsBut(...operations.map(({ method }) => method)));
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
    const [limit, cursor] = operation.isPage ? pageOf(request) : [0, 0];
    const { domain = '', id = '' } = request.params as Readonly<Record<string, string>>;
    const answered = perform(hoster, {
      workspace: workspaceOf(request),
      domain,
      id,
      limit,
      cursor,
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
