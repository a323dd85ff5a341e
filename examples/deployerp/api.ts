import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Keyhouse } from 'keyhouse';
import { protect } from 'keyhouse/express';
import { ApiError, answerError } from './errors.ts';
import { readValues, type Values } from './fields.ts';
import { RESOURCES, type Resource } from './resources.ts';
import { type Storage, UnknownReference } from './storage.ts';

/**
 * The company's API: its own resources, each operation behind the permission that the table names, and on the same origin
 * everything about keys, which is Keyhouse's.
 */
export function createApi(keyhouse: Keyhouse, storage: Storage): Express {
  const api = express();
  api.disable('x-powered-by');
  api.enable('case sensitive routing');
  api.enable('strict routing');
  for (const resource of RESOURCES) mountResource(api, keyhouse, storage, resource);
  api.use(keyhouse.nodeHandler);
  api.use(answerError);
  return api;
}

/** The body is read after the key has been judged: a stranger's megabytes are never taken. */
const readBody = express.json({ limit: '64kb' });

function mountResource(api: Express, keyhouse: Keyhouse, storage: Storage, resource: Resource): void {
  const { read, create, change, remove } = resource.permissions;
  const all = api.route(`/v1/${resource.name}`);
  const one = api.route(`/v1/${resource.name}/:id`);
  const may = (permission: string) => protect(keyhouse, { permission });

  all.get(may(read), (request, response) => {
    response.json(storage.list(resource, workspaceOf(request), ...pageOf(request)));
  });
  one.get(may(read), (request, response) => {
    response.json(found(storage.read(resource, workspaceOf(request), idOf(request))));
  });
  if (create !== undefined) {
    all.post(may(create), readBody, (request, response) => {
      const values = valuesOf(resource, request, { whole: true });
      response.status(201).json(referring(resource, () => storage.insert(resource, workspaceOf(request), values)));
    });
  }
  if (change !== undefined) {
    one.patch(may(change), readBody, (request, response) => {
      const values = valuesOf(resource, request, { whole: false });
      const update = () => storage.update(resource, workspaceOf(request), idOf(request), values);
      response.json(found(referring(resource, update)));
    });
  }
  if (remove !== undefined) {
    one.delete(may(remove), (request, response) => {
      found(unlessInUse(() => storage.remove(resource, workspaceOf(request), idOf(request))) || null);
      response.status(204).end();
    });
  }
  all.all(refuseMethod(['GET', 'HEAD', ...(create === undefined ? [] : ['POST'])]));
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
  if (!/^([1-9]\d?|100)$/.test(String(limit))) throw badInput('limit', 'A whole number from 1 to 100.');
  if (!/^\d{1,15}$/.test(String(cursor))) throw badInput('cursor', 'Not the next_cursor of an earlier page.');
  return [Number(limit), Number(cursor)];
}

function valuesOf({ fields }: Resource, request: Request, { whole }: { readonly whole: boolean }): Values {
  const read = readValues(fields, request.body, { whole });
  if ('values' in read) return read.values;
  throw new ApiError(400, 'invalid_input', 'The request is not valid.', read.problems);
}

function badInput(path: string, message: string): ApiError {
  return new ApiError(400, 'invalid_input', 'The request is not valid.', [{ path, message }]);
}

function found<T>(row: T | null): T {
  if (row === null) throw new ApiError(404, 'not_found', 'There is no such thing.');
  return row;
}

function referring<T>({ fields }: Resource, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof UnknownReference)) throw error;
    const path = Object.keys(fields).find((name) => fields[name]?.refersTo != null) ?? '';
    throw badInput(path, `There is none of ${fields[path]?.refersTo} with this id.`);
  }
}

function unlessInUse<T>(remove: () => T): T {
  try {
    return remove();
  } catch (error) {
    if (!(error instanceof UnknownReference)) throw error;
    throw new ApiError(409, 'conflict', 'Something else still refers to this.');
  }
}

function refuseMethod(allowed: readonly string[]) {
  return (_request: Request, response: Response, _next: NextFunction): void => {
    response.set('Allow', allowed.join(', '));
    throw new ApiError(405, 'method_not_allowed', 'This path does not answer that method.');
  };
}
