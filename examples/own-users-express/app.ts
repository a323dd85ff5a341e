import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express, Router } from 'express';
import type { Pool } from 'pg';
import { type Html, html, page } from './html.ts';
import { requireRole, requireUser, signInWith } from './sign-in.ts';
import { taskRoutes } from './tasks.ts';
import type { Tokens } from './tokens.ts';
import { addUser, changeUser, listUsers, PERMISSIONS, type Role, removeUser, transact, type User } from './users.ts';

/**
 * The application: pages and an API, with tokens in front of the API.
 * @param portalUrl where the settings page has `<keyhouse-tokens>` from; by default from the application itself.
 */
export function createApp(pool: Pool, secret: Buffer, tokens: Tokens, portalUrl = ''): Express {
  const app = express();
  const { recognise, routes } = signInWith(pool, secret);
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response
      .set('Content-Security-Policy', policyWith(portalUrl))
      .set('X-Content-Type-Options', 'nosniff')
      .set('Cache-Control', 'no-store');
    next();
  });
  app.use(express.static(join(import.meta.dirname, 'pages'), { index: false, cacheControl: false }));
  app.all('/portal/*path', tokens.portal);
  app.use(recognise, express.json(), routes);
  app.use(
    '/api/tasks',
    taskRoutes(pool, (permission) => [tokens.accept(permission), requireUser(permission)]),
  );
  app.get('/settings', requireRole(), (_request, response) => {
    response.send(page('My tokens', settings(portalUrl)));
  });
  app.post('/settings/session', requireRole(), async ({ user }, response) => {
    const { session } = await tokens.session(user as User);
    response.json({ session });
  });
  app.use('/settings/tokens', tokens.ownTokens);
  app.use('/admin/tokens', requireRole('admin'), tokens.adminPage);
  app.use('/admin/users', requireRole('admin'), userRoutes(pool, tokens));
  app.get('/', (_request, response) => response.redirect('/settings'));
  app.use(answerErrors);
  return app;
}

function policyWith(portalUrl: string): string {
  return `default-src 'none'; script-src 'self' ${portalUrl}; style-src 'self'; connect-src 'self' ${portalUrl}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
}

function settings(portalUrl: string): Html {
  return html`<keyhouse-tokens></keyhouse-tokens><script type="module" src="${portalUrl}/portal/keyhouse-tokens.js"></script>
<script type="module" src="/settings.js"></script>`;
}

/** Each change of a user is one transaction, which waits for Keyhouse before it commits. */
function userRoutes(pool: Pool, tokens: Tokens): Router {
  const routes = Router();
  routes.get('/', async (_request, response) => {
    response.json({ users: await listUsers(pool) });
  });
  routes.post('/', async ({ body: { email, name, role, password } = {} }, response) => {
    if (![email, name, password].every(isText) || !isRole(role)) {
      return void response.status(400).json({ error: 'a user needs email, name, role and password' });
    }
    const user = await transact(pool, async (db) => {
      const added = await addUser(db, { email, name, role, password });
      await tokens.tell(added);
      return added;
    });
    response.status(201).json(user);
  });
  routes.patch('/:id', async ({ params: { id }, body: { role, suspended } = {} }, response) => {
    if ((role !== undefined && !isRole(role)) || (suspended !== undefined && typeof suspended !== 'boolean')) {
      return void response.status(400).json({ error: 'role or suspended is not valid' });
    }
    const user = await transact(pool, async (db) => {
      const changed = await changeUser(db, id, { role, suspended });
      if (changed !== null) await tokens.tell(changed);
      return changed;
    });
    if (user === null) response.status(404).json({ error: 'there is no such user' });
    else response.json(user);
  });
  routes.delete('/:id', async ({ params: { id } }, response) => {
    const isGone = await transact(pool, async (db) => {
      const isRemoved = await removeUser(db, id);
      if (isRemoved) await tokens.forget(id);
      return isRemoved;
    });
    response.status(isGone ? 204 : 404).end();
  });
  return routes;
}

const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = typeof error.status === 'number' ? error.status : 503;
  if (status >= 500) console.error(error);
  response.status(status).json({ error: status < 500 ? error.message : 'this does not work at the moment' });
};

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isRole(value: unknown): value is Role {
  return typeof value === 'string' && Object.hasOwn(PERMISSIONS, value);
}
