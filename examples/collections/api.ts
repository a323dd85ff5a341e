import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Keyhouse } from 'keyhouse';
import { protect } from 'keyhouse/express';
import { ApiError, badInput } from '../kit/api-error.ts';
import type { Collections } from './collections.ts';
import { answerError } from './errors.ts';
import { installCollection } from './install-collection.ts';
import { LIMITS, type Limits } from './limits.ts';
import { isName } from './manifest.ts';
import { askForBody, checkForm } from './receive-upload.ts';
import { contentTypeOf, serveFile } from './serve-file.ts';

/**
 * The site's API: collections are installed, shown and removed, each behind the permission that it needs, and on the same
 * origin everything about tokens, which is Keyhouse's. Bodies are asked for here: listen to `checkContinue` with it too.
 */
export function createApi(keyhouse: Doors, collections: Collections, limits: Limits = LIMITS): Express {
  const api = express();
  api.disable('x-powered-by');
  api.enable('case sensitive routing');
  api.enable('strict routing');
  const mayRead = protect(keyhouse, { permission: 'collections:read' });
  const mayInstall = protect(keyhouse, { permission: 'collections:install' });

  // Not a byte of the body is read, nor asked for, before the token and the user behind it have been judged.
  api.post('/installCollection', mayInstall, installing(collections, limits));
  api.get('/collections', mayRead, (request, response) => {
    response.json(collections.list(workspaceOf(request), ...pageOf(request)));
  });
  api.get('/collections/:name', mayRead, (request, response) => {
    const { files, ...found } = existing(collections.read(workspaceOf(request), nameOf(request)));
    response.json({ ...found, files: files.map((file) => ({ ...file, content_type: contentTypeOf(file.path) })) });
  });
  api.delete('/collections/:name', mayInstall, async (request, response) => {
    if (!(await collections.remove(workspaceOf(request), nameOf(request)))) existing(null);
    response.status(204).end();
  });
  api.get('/collections/:name/files/*path', mayRead, (request, response, next) => {
    const path = (request.params.path as unknown as readonly string[]).join('/');
    serveFile(collections, { workspace: workspaceOf(request), name: nameOf(request), path }, response, next);
  });
  api.all('/installCollection', refuseMethod(['POST']));
  api.all('/collections', refuseMethod(['GET', 'HEAD']));
  api.all('/collections/:name', refuseMethod(['GET', 'HEAD', 'DELETE']));
  api.all('/collections/:name/files/*path', refuseMethod(['GET', 'HEAD']));
  api.use((request, response, next) => {
    askForBody(request, response);
    next();
  });
  api.use(keyhouse.nodeHandler);
  api.use(answerError);
  return api;
}

type Doors = Pick<Keyhouse, 'authenticate' | 'nodeHandler'>;

/** What comes at once is bounded: each installation takes disk and time. */
function installing(collections: Collections, limits: Limits) {
  const running: string[] = [];
  return async (request: Request, response: Response): Promise<void> => {
    checkForm(request, limits);
    const workspace = workspaceOf(request);
    const ofOne = running.filter((other) => other === workspace).length;
    if (running.length >= limits.installsAtOnceMax || ofOne >= limits.installsOfOneMax) {
      response.set('Retry-After', '5');
      throw new ApiError(503, 'busy', 'Other collections are being installed. Try again in a few seconds.');
    }
    running.push(workspace);
    try {
      askForBody(request, response);
      const by = { workspace, owner: ownerOf(request) };
      const installed = await installCollection(collections, request, by, limits);
      response.status(installed.replaced === null ? 201 : 200);
      response.location(`/collections/${installed.name}`).json(installed);
    } finally {
      running.splice(running.indexOf(workspace), 1);
    }
  };
}

/** Everything belongs to the workspace of the token that installed it. */
function workspaceOf({ keyhouse: identity }: Request): string {
  if (identity === undefined) throw new Error('this route is not protected');
  return identity.workspace.id;
}

function ownerOf({ keyhouse: identity }: Request): string {
  if (identity === undefined) throw new Error('this route is not protected');
  return identity.owner.id;
}

function nameOf({ params }: Request): string {
  return String(params.name);
}

function pageOf({ query }: Request): [limit: number, after: string] {
  const { limit = '25', cursor = '' } = query;
  if (!/^([1-9]\d?|100)$/.test(String(limit)))
    throw badInput({ path: 'limit', message: 'A whole number from 1 to 100.' });
  if (cursor !== '' && !isName(String(cursor)))
    throw badInput({ path: 'cursor', message: 'Not the next_cursor of an earlier page.' });
  return [Number(limit), String(cursor)];
}

/** What is another workspace's is not there: nobody learns what others have. */
function existing<Found>(found: Found | null): Found {
  if (found === null) throw new ApiError(404, 'not_found', 'There is no such collection.');
  return found;
}

function refuseMethod(allowed: readonly string[]) {
  return (_request: Request, response: Response, _next: NextFunction): void => {
    response.set('Allow', allowed.join(', '));
    throw new ApiError(405, 'method_not_allowed', 'This path does not answer that method.');
  };
}
