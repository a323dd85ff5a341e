import { type Request, Router } from 'express';
import { createKeyhouse, Rejection } from 'keyhouse';
import { protect, tokenRoutes } from 'keyhouse/express';
import { html, page } from './html.ts';
import { PERMISSIONS, type User } from './users.ts';

/** All that this application does about tokens, in the database it has already. */
export async function openTokens(options: { databaseUrl: string; secretsDir: string }) {
  const keyhouse = await createKeyhouse({ ...options, people: 'off' });

  const adminPage = Router();
  adminPage.get('/', async (request, response) => {
    const cursor = request.query.cursor === undefined ? {} : { cursor: String(request.query.cursor) };
    const { data, next_cursor: more } = await keyhouse.tokens.list({ live: 'true', ...cursor });
    const rows = data.map(
      ({ id, name, hint, state, owner, effective_permissions: may, last_used_at: used }) => html`<tr>
<td>${owner.name ?? owner.id}</td><td>${name}</td><td><code>${hint}</code></td><td>${state}</td><td>${may.join(', ')}</td>
<td>${used ?? 'never'}</td><td><form method="post" action="/admin/tokens/${id}"><button>Revoke</button></form></td></tr>`,
    );
    const older = more === null ? [] : [html`<a href="?cursor=${encodeURIComponent(more)}">Older tokens</a>`];
    response.send(page('All tokens', html`<table>${rows}</table>${older}`));
  });
  adminPage.post('/:id', async ({ params: { id }, user }, response) => {
    await keyhouse.tokens.revoke({ id, reason: 'by an admin', actor: { external_id: user?.id ?? '' } });
    response.redirect(303, '/admin/tokens');
  });

  return {
    adminPage,
    /** The script and the calls of `<keyhouse-tokens>`, and a secret with which it opens for this user, once. */
    portal: keyhouse.nodeHandler,
    session: ({ id }: User) => keyhouse.portalSessions.create({ owner: { external_id: id } }),
    /** Create, list, rotate and revoke one's own tokens: for programs of theirs, and pages of one's own making. */
    ownTokens: tokenRoutes(keyhouse, { owner: ({ user }: Request) => (user ? { external_id: user.id } : null) }),
    /** Takes requests with a token that may do this; leaves those without one to the application's own sign-in. */
    accept: (permission: string) => protect(keyhouse, { permission, credentials: 'optional', headers: ['X-API-Key'] }),
    /** Belongs into the transaction that changed the user: what a token may do follows at once, or nothing changes. */
    tell: ({ id, name, email, role, suspended }: User) =>
      keyhouse.owners.put({
        external_id: id,
        name,
        email,
        workspace: { external_id: 'tasks', name: 'Tasks' },
        permissions: [...PERMISSIONS[role]],
        disabled: suspended,
      }),
    forget: (id: string) =>
      keyhouse.owners.delete({ external_id: id }).catch((error) => {
        if (!(error instanceof Rejection && error.code === 'not_found')) throw error;
      }),
    close: () => keyhouse.close(),
  };
}

export type Tokens = Awaited<ReturnType<typeof openTokens>>;
