import express, { type Express, type Request } from 'express';
import type { Keyhouse } from 'keyhouse';
import { protect } from 'keyhouse/express';
import { refuseMethodsBut, rowHandlers } from '../kit/row-handlers.ts';
import type { Tables } from '../kit/tables.ts';
import { answerError } from './errors.ts';
import { INSTALLERS, JOBS } from './resources.ts';

type Doors = Pick<Keyhouse, 'authenticate' | 'nodeHandler'>;

/**
 * The company's API: the whole of it on one screen, each operation behind the permission it needs, and on the same origin
 * everything about tokens, which is Keyhouse's.
 */
export function createApi(keyhouse: Doors, tables: Tables): Express {
  const api = express();
  api.disable('x-powered-by');
  api.enable('case sensitive routing');
  api.enable('strict routing');

  const may = (permission: string) => protect(keyhouse, { permission });
  const { list, read, create, change, remove } = rowHandlers(tables, workspaceOf);

  api
    .route('/api/v1/partners/installers')
    .get(may('installers:read'), list(INSTALLERS))
    .post(may('installers:write'), readBody, create(INSTALLERS))
    .all(refuseMethodsBut('GET', 'POST'));
  api
    .route('/api/v1/partners/installers/:id')
    .get(may('installers:read'), read(INSTALLERS))
    .patch(may('installers:write'), readBody, change(INSTALLERS))
    .delete(may('installers:write'), remove(INSTALLERS))
    .all(refuseMethodsBut('GET', 'PATCH', 'DELETE'));
  api
    .route('/api/v1/partners/jobs')
    .get(may('jobs:read'), list(JOBS))
    .post(may('jobs:write'), readBody, create(JOBS))
    .all(refuseMethodsBut('GET', 'POST'));
  api
    .route('/api/v1/partners/jobs/:id')
    .get(may('jobs:read'), read(JOBS))
    .patch(may('jobs:write'), readBody, change(JOBS))
    .all(refuseMethodsBut('GET', 'PATCH'));

  api.use(keyhouse.nodeHandler);
  api.use(answerError);
  return api;
}

/** The body is read after the token has been judged: a stranger's megabytes are never taken. */
const readBody = express.json({ limit: '64kb' });

/** Everything belongs to the workspace of the token that made it. */
function workspaceOf({ keyhouse: identity }: Request): string {
  if (identity === undefined) throw new Error('this route is not protected');
  return identity.workspace.id;
}
