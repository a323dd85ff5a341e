import express, { type Express, type Request } from 'express';
import type { Keyhouse } from 'keyhouse';
import { protect } from 'keyhouse/express';
import { refuseMethodsBut, rowHandlers } from '../kit/row-handlers.ts';
import type { Tables } from '../kit/tables.ts';
import { answerError } from './errors.ts';
import { RESOURCES, type Resource } from './resources.ts';

/**
 * The company's API: its own resources, each operation behind the permission that the table names, and on the same origin
 * everything about keys, which is Keyhouse's.
 */
export function createApi(keyhouse: Doors, tables: Tables): Express {
  const api = express();
  api.disable('x-powered-by');
  api.enable('case sensitive routing');
  api.enable('strict routing');
  for (const resource of RESOURCES) mountResource(api, keyhouse, tables, resource);
  api.use(keyhouse.nodeHandler);
  api.use(answerError);
  return api;
}

type Doors = Pick<Keyhouse, 'authenticate' | 'nodeHandler'>;

/** The body is read after the key has been judged: a stranger's megabytes are never taken. */
const readBody = express.json({ limit: '64kb' });

function mountResource(api: Express, keyhouse: Doors, tables: Tables, resource: Resource): void {
  const { read, create, change, remove } = resource.permissions;
  const all = api.route(`/v1/${resource.name}`);
  const one = api.route(`/v1/${resource.name}/:id`);
  const may = (permission: string) => protect(keyhouse, { permission });
  const handlers = rowHandlers(tables, workspaceOf);

  all.get(may(read), handlers.list(resource));
  one.get(may(read), handlers.read(resource));
  if (create !== undefined) all.post(may(create), readBody, handlers.create(resource));
  if (change !== undefined) one.patch(may(change), readBody, handlers.change(resource));
  if (remove !== undefined) one.delete(may(remove), handlers.remove(resource));
  all.all(refuseMethodsBut('GET', ...(create ? ['POST'] : [])));
  one.all(refuseMethodsBut('GET', ...(change ? ['PATCH'] : []), ...(remove ? ['DELETE'] : [])));
}

/** Everything belongs to the workspace of the key that made it. */
function workspaceOf({ keyhouse: identity }: Request): string {
  if (identity === undefined) throw new Error('this route is not protected');
  return identity.workspace.id;
}
