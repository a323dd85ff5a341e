import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request as Incoming, type NextFunction, type Response as Outgoing } from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../test/http/house.ts';
import { type Authenticates, createAuthenticate } from '../authenticate-request.ts';
import type { AllowsOrigins, Origins } from '../cors.ts';
import { crossOrigin, protect } from './express.ts';
import { crossOrigin as crossOriginFetch, protect as protectFetch } from './fetch.ts';

const PAGE = 'https://shop.example.com';
const READ = { permission: 'servers:read' };

interface Application {
  ask(method: string, path: string, headers?: Record<string, string>): Promise<Response>;
  close(): void;
}

type Keyhouse = Authenticates & AllowsOrigins;

async function expressApplication(keyhouse: Keyhouse): Promise<Application> {
  const app = express();
  app.use((_request, response, next) => {
    response.set('Vary', 'Accept-Encoding');
    next();
  });
  app.use(crossOrigin(keyhouse, { exposes: ['X-Total'] }));
  app
    .route('/servers')
    .get(protect(keyhouse, READ), (_request, response) => void response.set('X-Total', '7').json({}))
    .options((_request, response) => void response.set('Allow', 'GET').status(204).end())
    .post(protect(keyhouse, { permission: 'servers:write' }), (_request, response) => void response.json({}));
  app.get('/broken', () => {
    throw new Error('nobody is told');
  });
  app.use((_error: unknown, _request: Incoming, response: Outgoing, _next: NextFunction) => {
    response.status(500).json({});
  });
  const server: Server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ask: (method, path, headers = {}) => fetch(base + path, { method, headers }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function fetchApplication(keyhouse: Keyhouse): Promise<Application> {
  const read = protectFetch(keyhouse, READ, () =>
    Response.json({}, { headers: { 'X-Total': '7', Vary: 'Accept-Encoding' } }),
  );
  const write = protectFetch(keyhouse, { permission: 'servers:write' }, () => Response.json({}));
  const answer = (request: Request): Response | Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === '/broken') return new Response(null, { status: 500 });
    if (pathname !== '/servers') return new Response(null, { status: 404 });
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: 'GET' } });
    return request.method === 'POST' ? write(request) : read(request);
  };
  const handle = crossOriginFetch(keyhouse, answer, { exposes: ['X-Total'] });
  return {
    ask: (method, path, headers = {}) => handle(new Request(`http://localhost${path}`, { method, headers })),
    close: () => {},
  };
}

describe.each([
  ['Express', expressApplication],
  ['fetch handlers', fetchApplication],
])('crossOrigin for %s', (_name, open) => {
  let house: House;
  let app: Application;
  let origins: Origins | Promise<Origins>;
  beforeAll(async () => {
    house = await openHouse();
    app = await open({ authenticate: createAuthenticate(house.parts), allowedOrigins: () => origins });
  });
  beforeEach(() => {
    origins = [PAGE];
  });
  afterAll(async () => {
    app.close();
    await house.close();
  });

  const preflight = (method: string, path = '/servers', origin = PAGE, more: Record<string, string> = {}) =>
    app.ask('OPTIONS', path, {
      Origin: origin,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': 'authorization',
      ...more,
    });
  const namesOf = ({ headers }: Response) => [...headers.keys()].filter((name) => /^access-control-allow/.test(name));

  it('row 40: answers a preflight before authentication, on every path, and the request itself still needs a token', async () => {
    for (const path of ['/servers', '/nothing', '/broken']) {
      const answer = await preflight('DELETE', path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 204, '']);
      expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(answer.headers.get('access-control-allow-methods')).toContain('DELETE');
      expect(answer.headers.get('access-control-allow-headers')).toContain('Authorization');
      expect(answer.headers.get('vary')).toContain('Origin');
    }
    expect((await app.ask('POST', '/servers', { Origin: PAGE })).status).toBe(401);
  });

  it('row 40: override headers and parameters turn no request into a preflight, nor a preflight into a request', async () => {
    const asked = { Origin: PAGE, 'Access-Control-Request-Method': 'GET', 'X-HTTP-Method-Override': 'OPTIONS' };
    expect((await app.ask('POST', '/servers?_method=OPTIONS', asked)).status).toBe(401);
    expect((await preflight('POST', '/servers?_method=POST', PAGE, { 'X-HTTP-Method-Override': 'POST' })).status).toBe(
      204,
    );
  });

  it('tells every answer to the page: accepted, refused, limited, not there and broken', async () => {
    const { value } = await house.mint({ limits: [{ name: 'minute', limit: 1, seconds: 60 }] });
    const token = { Authorization: `Bearer ${value}` };
    const asked: [number, string, string, Record<string, string>][] = [
      [200, 'GET', '/servers', token],
      [429, 'GET', '/servers', token],
      [401, 'GET', '/servers', {}],
      [403, 'POST', '/servers', { Authorization: `Bearer ${(await house.mint()).value}` }],
      [404, 'GET', '/nothing', {}],
      [500, 'GET', '/broken', {}],
    ];
    for (const [status, method, path, headers] of asked) {
      const answer = await app.ask(method, path, { Origin: PAGE, ...headers });
      expect([path, answer.status]).toEqual([path, status]);
      expect([status, answer.headers.get('access-control-allow-origin')]).toEqual([status, PAGE]);
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/Retry-After.*X-Total$/);
      expect(answer.headers.get('vary')).toContain('Origin');
      expect(answer.headers.get('access-control-allow-credentials')).toBe(null);
    }
  });

  it('keeps what the application varies by', async () => {
    const { value } = await house.mint();
    const answer = await app.ask('GET', '/servers', { Origin: PAGE, Authorization: `Bearer ${value}` });
    const vary = String(answer.headers.get('vary')).split(', ');
    expect(vary).toEqual(expect.arrayContaining(['Accept-Encoding', 'Origin', 'Authorization']));
  });

  it('lets an OPTIONS that is no preflight go on to the application', async () => {
    const answer = await app.ask('OPTIONS', '/servers', { Origin: PAGE });
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'GET']);
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(answer.headers.get('access-control-allow-methods')).toBe(null);
  });

  it('allows nothing to an origin that may not call', async () => {
    const asked = await preflight('GET', '/servers', 'https://evil.example');
    expect([asked.status, namesOf(asked), asked.headers.get('vary')]).toEqual([
      204,
      [],
      expect.stringContaining('Origin'),
    ]);
    expect(namesOf(await app.ask('GET', '/servers', { Origin: 'https://evil.example' }))).toEqual([]);
  });

  it('follows the profile from one request to the next, also where it has to be asked for', async () => {
    expect(namesOf(await preflight('GET'))).toHaveLength(3);
    origins = [];
    expect(namesOf(await preflight('GET'))).toEqual([]);
    origins = Promise.resolve('*');
    expect((await preflight('GET')).headers.get('access-control-allow-origin')).toBe('*');
  });
});
