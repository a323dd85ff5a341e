import express, { type Express, type Request, Router } from 'express';
import type { Identity, Keyhouse } from 'keyhouse';
import { crossOrigin, protect } from 'keyhouse/express';
import { ApiError } from '../kit/api-error.ts';
import { refuseMethodsBut, rowHandlers } from '../kit/row-handlers.ts';
import type { Tables } from '../kit/tables.ts';
import { answerError } from './errors.ts';
import { People } from './people.ts';
import { peopleHandlers } from './people-handlers.ts';
import { ORDERS } from './resources.ts';
import { userConfigHandlers } from './user-config.ts';
import { listWorkspaces } from './workspaces.ts';

export type Doors = Pick<
  Keyhouse,
  'authenticate' | 'allowedOrigins' | 'nodeHandler' | 'users' | 'serviceAccounts' | 'owners' | 'tokens'
>;

/** What belongs to production, and what may be broken for a try. */
export interface Storage {
  readonly live: Tables;
  readonly sandbox: Tables;
}

/**
 * The company's API, twice: with live data for tokens made for production, and below `/sandbox` with data of its own for
 * tokens made for testing. Neither takes the other's tokens. On the same origin is everything about tokens, which is
 * Keyhouse's. Pages of other origins may call all of it.
 */
export function createApi(keyhouse: Doors, { live, sandbox }: Storage): Express {
  const api = express();
  api.disable('x-powered-by');
  api.enable('case sensitive routing');
  api.use(crossOrigin(keyhouse));
  const people = new People(keyhouse);
  api.use('/sandbox', routes(keyhouse, sandbox, people, 'test'));
  api.use(routes(keyhouse, live, people, 'live'));
  api.use(keyhouse.nodeHandler);
  api.use(answerError);
  return api;
}

/** Paths end with a slash as they are documented; one that was left out is forgiven. */
function routes(keyhouse: Doors, tables: Tables, people: People, environment: 'live' | 'test'): Router {
  const router = Router({ caseSensitive: true });
  const may = (permission: string) => protect(keyhouse, { permission, environment });
  const order = rowHandlers(tables, (request) => callerOf(request).workspace.id);
  const config = userConfigHandlers(keyhouse, tables, callerOf);
  const person = peopleHandlers(people, callerOf);
  // People are the same in both, so a token made for testing must not change who they are.
  const mayManage = environment === 'live' ? [may('users:write')] : [may('users:write'), refuseInSandbox];

  router
    .route('/api/accounts/user-config/')
    .get(may('user-config:read'), config.read)
    .patch(may('user-config:write'), readBody, config.change)
    .all(refuseMethodsBut('GET', 'PATCH'));
  router
    .route('/api/orders/')
    .get(may('orders:read'), order.list(ORDERS))
    .post(may('orders:write'), readBody, order.create(ORDERS))
    .all(refuseMethodsBut('GET', 'POST'));
  router
    .route('/api/orders/:id/')
    .get(may('orders:read'), order.read(ORDERS))
    .patch(may('orders:write'), readBody, order.change(ORDERS))
    .delete(may('orders:delete'), order.remove(ORDERS))
    .all(refuseMethodsBut('GET', 'PATCH', 'DELETE'));
  router
    .route('/api/accounts/users/')
    .get(may('users:read'), person.list)
    .post(mayManage, readBody, person.invite)
    .all(refuseMethodsBut('GET', 'POST'));
  router
    .route('/api/accounts/users/:id/')
    .get(may('users:read'), person.read)
    .patch(mayManage, readBody, person.change)
    .delete(mayManage, person.remove)
    .all(refuseMethodsBut('GET', 'PATCH', 'DELETE'));
  router
    .route(['/accounts/workspaces/', '/api/accounts/workspaces/'])
    .get(may('workspaces:read'), listWorkspaces(keyhouse, callerOf))
    .post(may('workspaces:read'), refuseToSwitch)
    .all(refuseMethodsBut('GET', 'POST'));
  return router;
}

/** The body is read after the token has been judged: a stranger's megabytes are never taken. */
const readBody = express.json({ limit: '64kb' });

function callerOf({ keyhouse: identity }: Request): Identity {
  if (identity === undefined) throw new Error('this route is not protected');
  return identity;
}

function refuseInSandbox(): never {
  const message = 'The sandbox has the users of production and cannot change them. Use a token made for production.';
  throw new ApiError(403, 'sandbox', message);
}

function refuseToSwitch(): never {
  const message =
    'A token belongs to one company for good. Switch companies in the dashboard and generate a token there.';
  throw new ApiError(403, 'needs_session', message);
}
