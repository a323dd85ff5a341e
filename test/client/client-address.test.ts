import { createServer } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protect as protectExpress } from '../../client/src/express.ts';
import { protect as protectFastify } from '../../client/src/fastify.ts';
import { protect as protectHono } from '../../client/src/hono.ts';
import { type Verifier, verifier } from '../../client/src/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { type Authority, listen, openAuthority, stop } from './open-authority.ts';

const ASKED = { byRoute: true } as const;
const PROFILE = {
  ...keyhouse,
  routes: [{ methods: ['GET'], path: '/v1/**', permissions: ['servers:read'], environment: 'live' as const, cost: 1 }],
};

/** Applications behind a proxy on this machine, mounted under `/v1/behind`; under `/v1/direct` nobody in front is believed. */
const APPLICATIONS: Record<string, (remote: Verifier) => Promise<{ url: string; close: () => unknown }>> = {
  async Express(remote) {
    const app = express().set('trust proxy', 'loopback');
    const answer: express.RequestHandler = (request, response) => void response.json(request.keyhouse?.id);
    app.use('/v1/behind', protectExpress(remote, { ...ASKED, ip: (request) => request.ip }), answer);
    app.use('/v1/direct', protectExpress(remote, ASKED), answer);
    const server = createServer(app);
    return { url: await listen(server), close: () => stop(server) };
  },
  async Fastify(remote) {
    const app = fastify({ trustProxy: '127.0.0.1', forceCloseConnections: true });
    const behind = { onRequest: protectFastify(remote, { ...ASKED, ip: (request) => request.ip }) };
    app.get('/v1/behind/servers', behind, async (request) => ({ id: request.keyhouse?.id }));
    const direct = { onRequest: protectFastify(remote, ASKED) };
    app.get('/v1/direct/servers', direct, async (request) => ({ id: request.keyhouse?.id }));
    return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
  },
  async Hono(remote) {
    const forwarded = {
      ...ASKED,
      ip: (c: { req: { header(name: string): string | undefined } }) => c.req.header('X-Real-IP'),
    };
    const app = new Hono()
      .get('/v1/behind/*', protectHono(remote, forwarded), (c) => c.json(c.get('keyhouse')?.id))
      .get('/v1/direct/*', protectHono(remote, ASKED), (c) => c.json(c.get('keyhouse')?.id));
    const server = createAdaptorServer({ fetch: app.fetch }) as ReturnType<typeof createServer>;
    return { url: await listen(server), close: () => stop(server) };
  },
};

describe.each(Object.keys(APPLICATIONS))('%s behind a proxy', (framework) => {
  let authority: Authority;
  let remote: Verifier;
  let app: { url: string; close: () => unknown };
  beforeAll(async () => {
    authority = await openAuthority(PROFILE);
    remote = verifier({ urls: [authority.url], token: authority.verifyToken, timeoutMs: 20_000 });
    app = await (APPLICATIONS[framework] as (typeof APPLICATIONS)[string])(remote);
  });
  afterAll(async () => {
    await app?.close();
    remote?.close();
    await authority?.close();
  });

  it('row 31: judges the address that the application believes, and by itself the connection’s alone', async () => {
    const input = { permissions: ['servers:read'], ip_allowlist: ['203.0.113.0/24'] };
    const { value } = await authority.makeToken(input);
    const statusOf = async (path: string, address: string) => {
      const headers = { authorization: `Bearer ${value}`, 'x-forwarded-for': address, 'x-real-ip': address };
      return (await fetch(app.url + path, { headers })).status;
    };
    expect(await statusOf('/v1/behind/servers', '203.0.113.9')).toBe(200);
    expect(await statusOf('/v1/behind/servers', '198.51.100.1')).toBe(403);
    expect(await statusOf('/v1/direct/servers', '203.0.113.9')).toBe(403);
  });
});
