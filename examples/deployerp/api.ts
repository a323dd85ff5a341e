import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Keyhouse } from 'keyhouse';
import { protect } from 'keyhouse/express';
import { ApiError, badInput } from '../kit/api-error.ts';
import { readValues, type Values } from '../kit/fields.ts';
import type { Row, Tables } from '../kit/tables.ts';
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

  all.get(may(read), (request, response) => {
    response.json(tables.list(resource, workspaceOf(request), ...pageOf(request)));
  });
  one.get(may(read), (request, response) => {
    response.json(found(tables.read(resource, workspaceOf(request), idOf(request))));
  });
  if (create !== undefined) {
    all.post(may(create), readBody, (request, response) => {
      const values = valuesOf(resource, request, { whole: true });
      response.status(201).json(tables.insert(resource, workspaceOf(request), values));
    });
  }
  if (change !== undefined) {
    one.patch(may(change), readBody, (request, response) => {
      const values = valuesOf(resource, request, { whole: false });
      response.json(found(tables.update(resource, workspaceOf(request), idOf(request), values)));
    });
  }
  if (remove !== undefined) {
    one.delete(may(remove), (request, response) => {
      found(tables.remove(resource, workspaceOf(request), idOf(request)));
      response.status(204).end();
    });
  }
  all.all(refuseMethod(['GET', 'HEAD', ...(create ? ['POST'] : [])]));
  one.all(refuseMethod(['GET', 'HEAD', ...(change ? ['PATCH'] : []), ...(remove ? ['DELETE'] : [])]));
}

/** Everything belongs to the workspace of the key that made it. */
function workspaceOf({ keyhouse: identity }: Request): string {
  if (identity === undefined) throw new Error('this route is not protected');
  return identity.workspace.id;
}

function idOf({ params }: Request): string {
  return String(params.id);
}

function pageOf({ query }: Request): [limit: number, cursor: number] {
  const { limit = '25', cursor = '0' } = query;
  if (!/^([1-9]\d?|100)$/.test(String(limit)))
    throw badInput({ path: 'limit', message: 'A whole number from 1 to 100.' });
  if (!/^\d{1,15}$/.test(String(cursor)))
    throw badInput({ path: 'cursor', message: 'Not the next_cursor of an earlier page.' });
  return [Number(limit), Number(cursor)];
}

function valuesOf({ fields }: Resource, request: Request, { whole }: { readonly whole: boolean }): Values {
  const read = readValues(fields, request.body, { whole });
  if ('values' in read) return read.values;
  throw badInput(...read.problems);
}

/** What is another customer's is not there: nobody learns what others have. */
function found(row: Row | null): Row {
  if (row === null) throw new ApiError(404, 'not_found', 'There is no such thing.');
  return row;
}

function refuseMethod(allowed: readonly string[]) {
  return (_request: Request, response: Response, _next: NextFunction): void => {
    response.set('Allow', allowed.join(', '));
    throw new ApiError(405, 'method_not_allowed', 'This path does not answer that method.');
  };
}
