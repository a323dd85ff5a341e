import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import { protect as protectFastify } from '../../client/src/fastify.ts';
import { protect as protectHono } from '../../client/src/hono.ts';
import { protect as protectExpress } from '../../src/http/middleware/express.ts';
import { createKeyhouse, type Keyhouse } from '../../src/index.ts';
import type { Framework } from './role.ts';

const NEEDS = { permission: 'servers:read' };
const SERVERS = { servers: [{ name: 'web-1' }] };

/** A small application, with or without the check in front of its only route. */
export async function startApplication(framework: Framework, dataDir: string | null): Promise<number> {
  const keyhouse = dataDir === null ? null : await createKeyhouse({ dataDir });
  const server = await START[framework](keyhouse);
  return (server.address() as AddressInfo).port;
}

const START: Readonly<Record<Framework, (keyhouse: Keyhouse | null) => Promise<Server>>> = {
  async Express(keyhouse) {
    const app = express();
    if (keyhouse !== null) app.use(protectExpress(keyhouse, NEEDS));
    app.get('/v1/servers', (_request, response) => void response.json(SERVERS));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  },

  async Fastify(keyhouse) {
    const app = fastify();
    if (keyhouse !== null) app.addHook('onRequest', protectFastify(keyhouse, NEEDS));
    app.get('/v1/servers', async () => SERVERS);
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },

  async Hono(keyhouse) {
    const app = new Hono();
    if (keyhouse !== null) app.use(protectHono(keyhouse, NEEDS));
    app.get('/v1/servers', (context) => context.json(SERVERS));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    await once(server, 'listening');
    return server;
  },
};
