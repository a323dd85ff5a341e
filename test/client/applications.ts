/**
 * The same small application in every framework that has a middleware, on a real server. Prevents a middleware from being
 * right where its framework is imitated.
 */
import { createServer } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { type ProtectOptions, protect as protectExpress } from '../../client/src/express.ts';
import { protect as protectFastify } from '../../client/src/fastify.ts';
import { protect as protectFetch } from '../../client/src/fetch.ts';
import { protect as protectHono } from '../../client/src/hono.ts';
import type { Authenticates, Identity } from '../../client/src/index.ts';
import { protect as protectOwnExpress } from '../../src/http/middleware/express.ts';
import { protect as protectOwnFetch } from '../../src/http/middleware/fetch.ts';
import { listen, stop } from './open-authority.ts';

export interface Guarded {
  readonly path: string;
  readonly options: Omit<ProtectOptions<never>, 'ip'>;
}

export interface Application {
  readonly url: string;
  /** Requests that reached a handler. */
  readonly handled: () => number;
  close(): Promise<void>;
}

type Open = (keyhouse: Authenticates, routes: readonly Guarded[]) => Promise<Application>;

function seen(identity: Identity | null | undefined) {
  return { by: identity?.owner.external_id ?? null, may: identity?.effective_permissions ?? null };
}

const onExpress =
  (protect: typeof protectExpress): Open =>
  async (keyhouse, routes) => {
    let handled = 0;
    const app = express();
    for (const { path, options } of routes) {
      app.all(path, protect(keyhouse, options), express.json(), (request, response) => {
        handled += 1;
        response.json(seen((request as { keyhouse?: Identity }).keyhouse));
      });
    }
    const server = createServer(app);
    return { url: await listen(server), handled: () => handled, close: async () => stop(server) };
  };

const onFastify: Open = async (keyhouse, routes) => {
  let handled = 0;
  const app = fastify({ forceCloseConnections: true });
  for (const { path, options } of routes) {
    app.all(path, { onRequest: protectFastify(keyhouse, options) }, async (request) => {
      handled += 1;
      return seen(request.keyhouse);
    });
  }
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, handled: () => handled, close: () => app.close() };
};

const onHono: Open = async (keyhouse, routes) => {
  let handled = 0;
  const app = new Hono();
  for (const { path, options } of routes) {
    app.all(path, protectHono(keyhouse, options), (context) => {
      handled += 1;
      return context.json(seen(context.get('keyhouse')));
    });
  }
  const server = createAdaptorServer({ fetch: app.fetch }) as ReturnType<typeof createServer>;
  return { url: await listen(server), handled: () => handled, close: async () => stop(server) };
};

const onFetch =
  (protect: typeof protectFetch): Open =>
  async (keyhouse, routes) => {
    let handled = 0;
    const ip = (_request: Request, address: string | null) => address;
    const handlers = new Map(
      routes.map(({ path, options }) => {
        const asked = { ...options, credentials: options.credentials as 'optional', ip };
        const handler = (_request: Request, identity: Identity | null, _address: string | null) => {
          handled += 1;
          return Response.json(seen(identity));
        };
        return [path, protect<[string | null]>(keyhouse, asked, handler)];
      }),
    );
    const server = createAdaptorServer({
      fetch: (request, { incoming }) => {
        const handle = handlers.get(new URL(request.url).pathname);
        return handle?.(request, incoming.socket.remoteAddress ?? null) ?? new Response(null, { status: 404 });
      },
    }) as ReturnType<typeof createServer>;
    return { url: await listen(server), handled: () => handled, close: async () => stop(server) };
  };

export const FRAMEWORKS: Readonly<Record<string, Open>> = {
  '@keyhouse/client/express': onExpress(protectExpress),
  '@keyhouse/client/fastify': onFastify,
  '@keyhouse/client/hono': onHono,
  '@keyhouse/client/fetch': onFetch(protectFetch),
  'keyhouse/express': onExpress(protectOwnExpress as typeof protectExpress),
  'keyhouse/fetch': onFetch(protectOwnFetch as unknown as typeof protectFetch),
};
