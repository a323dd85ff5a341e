import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../test/http/house.ts';
import { exchange, requestText } from '../../../test/http/raw-socket.ts';
import { createAuthenticate } from '../authenticate-request.ts';
import { protect } from './express.ts';

describe('protect for Express', () => {
  let house: House;
  let server: Server;
  let base: string;

  beforeAll(async () => {
    house = await openHouse();
    const keyhouse = { authenticate: createAuthenticate(house.parts) };
    const app = express();
    app.use((_request, response, next) => {
      response.set('Vary', 'Origin');
      next();
    });
    const inner = express.Router();
    inner.get('/servers', protect(keyhouse, { permission: 'servers:read' }), (request, response) => {
      response.json({ owner: request.keyhouse?.owner.external_id, may: request.keyhouse?.effective_permissions });
    });
    inner.post('/servers', protect(keyhouse, { permission: 'servers:write' }), (_request, response) => {
      response.json({});
    });
    app.use('/v1', inner);
    app.get(
      '/either',
      protect(keyhouse, { permission: 'servers:read', credentials: 'optional', headers: ['X-API-Key'] }),
      (request, response) => {
        response.json({ by: request.keyhouse ? 'token' : (request.get('authorization') ?? 'nobody') });
      },
    );
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await house.close();
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(base + path, { headers });

  it('lets an accepted token on with its identity and the limits', async () => {
    const { value } = await house.mint();
    const answer = await get('/v1/servers', { authorization: `Bearer ${value}` });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ owner: 'user-42', may: ['servers:read'] });
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('999');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(answer.headers.get('vary')).toBe('Origin, Authorization');
  });

  it('answers refusals in the words of the profile, with the limits', async () => {
    const none = await get('/v1/servers');
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
    expect(await none.json()).toMatchObject({ code: 'authentication_required', status: 401 });
    const { value } = await house.mint({ limits: [{ name: 'minute', limit: 1, seconds: 60 }] });
    expect((await get('/v1/servers', { authorization: `Bearer ${value}` })).status).toBe(200);
    const limited = await get('/v1/servers', { authorization: `Bearer ${value}` });
    expect(limited.status).toBe(429);
    expect(limited.headers.get('ratelimit')).toMatch(/^"minute";r=0/);
    expect(limited.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(limited.headers.get('vary')).toBe('Origin, Authorization');
  });

  it('lets foreign credentials pass where they are optional, and refuses bad ones of ours', async () => {
    const { value } = await house.mint();
    const by = async (headers: Record<string, string>) =>
      ((await (await get('/either', headers)).json()) as { by: string }).by;
    expect(await by({})).toBe('nobody');
    expect(await by({ authorization: 'Bearer some.jwt.value' })).toBe('Bearer some.jwt.value');
    expect(await by({ authorization: `Bearer ${value}` })).toBe('token');
    expect(await by({ authorization: 'Bearer some.jwt.value', 'x-api-key': value })).toBe('token');
    expect((await get('/either', { authorization: `Bearer ${value.slice(0, -1)}` })).status).toBe(401);
  });

  it('row 1: sees two Authorization lines although Express hides one', async () => {
    const { value } = await house.mint();
    const line = `Authorization: Bearer ${value}`;
    const { port } = server.address() as AddressInfo;
    const answer = await exchange(port, requestText('GET /v1/servers HTTP/1.1', [line, line]), { answers: 1 });
    expect(answer.statuses).toEqual([400]);
  });

  it('row 3: sees a token in the URL of a mounted route', async () => {
    const { value } = await house.mint();
    expect((await get(`/v1/servers?token=${value}`)).status).toBe(401);
    expect(house.events.at(-1)).toMatchObject({ event: 'token_in_url', path: '/v1/servers' });
  });

  it('row 48: refuses before the body has arrived', async () => {
    const { port } = server.address() as AddressInfo;
    const lines = ['Authorization: Bearer wrong', `Content-Length: ${1024 ** 3}`];
    const answer = await exchange(port, requestText('POST /v1/servers HTTP/1.1', lines, 'x'.repeat(100_000)));
    expect(answer.statuses).toEqual([401]);
    expect(answer.closed).toBe(true);
  });

  it('refuses to be built without saying what is needed', () => {
    expect(() => protect({ authenticate: createAuthenticate(house.parts) }, {})).toThrow(TypeError);
  });
});
