import { type Request, type RequestHandler, Router } from 'express';
import type { Pool } from 'pg';

/** The API of the application. Who calls has been judged before. */
export function taskRoutes(pool: Pool, needs: (permission: string) => readonly RequestHandler[]): Router {
  const routes = Router();
  routes.get('/', ...needs('tasks:read'), async (_request, response) => {
    const { rows } = await pool.query('select id, title, author from tasks order by id desc limit 100');
    response.json({ tasks: rows });
  });
  routes.post('/', ...needs('tasks:write'), async (request, response) => {
    const title: unknown = request.body?.title;
    if (typeof title !== 'string' || title === '')
      return void response.status(400).json({ error: 'a task needs a title' });
    const { rows } = await pool.query('insert into tasks (title, author) values ($1, $2) returning id, title, author', [
      title,
      callerOf(request),
    ]);
    response.status(201).json(rows[0]);
  });
  routes.delete('/:id', ...needs('tasks:delete'), async (request, response) => {
    const { rowCount } = await pool.query('delete from tasks where id::text = $1', [request.params.id]);
    response.status(rowCount === 1 ? 204 : 404).end();
  });
  return routes;
}

/** The id of the user who calls: the owner of the token where there is one. */
function callerOf(request: Request): string | null {
  return request.keyhouse?.owner.external_id ?? request.user?.id ?? null;
}
