import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, requestText } from '../../test/http/raw-socket.ts';
import { type Company, openCompany } from '../../test/requirements/company.ts';
import { applyProfile } from '../manage/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';
import type { Authenticates } from './authenticate-request.ts';
import { protect } from './middleware/express.ts';

const PROFILE: Profile = {
  ...keyhouse,
  name: 'by-route',
  routes: [
    { methods: ['GET'], path: '/v1/servers', permissions: ['servers:read'], environment: 'live', cost: 1 },
    { methods: ['POST'], path: '/v1/servers', permissions: ['servers:write'], environment: 'live', cost: 5 },
    { methods: ['GET'], path: '/v1/servers/{id}', permissions: ['servers:read'], environment: 'live', cost: 1 },
    { methods: '*', path: '/v1/admin/**', permissions: ['servers:admin'], environment: 'live', cost: 1 },
    { methods: ['GET'], path: '/sandbox/**', permissions: [], environment: 'test', cost: 1 },
    { methods: ['GET'], path: '/v1/me', permissions: [], environment: 'live', cost: 0 },
  ],
};

describe('judging by method and path', () => {
  let company: Company;
  let authenticate: Authenticates['authenticate'];
  beforeAll(async () => {
    company = await openCompany(PROFILE, (doors) => {
      authenticate = doors.authenticate;
      const api = express();
      api.use(protect(doors, { byRoute: true }));
      api.use((request, response) => void response.json({ reached: request.path }));
      return { api, permissions: ['servers:read', 'servers:write'], close: () => {} };
    });
  });
  afterAll(() => company?.close());

  const ask = async (line: string, token: string | null) => {
    const [method = '', url = ''] = line.split(' ');
    const rawHeaders = token === null ? [] : ['Authorization', `Bearer ${token}`];
    const result = await authenticate({ rawHeaders, url, method, ip: null }, { byRoute: true });
    return result.allowed ? 'ok' : result.denial.reason;
  };

  it.each([
    ['GET /v1/servers', 'ok'],
    ['GET /v1/servers/', 'ok'],
    ['HEAD /v1/servers/7', 'ok'],
    ['GET /v1/me', 'ok'],
    ['POST /v1/servers', 'insufficient_permissions'],
    ['GET /v1/admin', 'insufficient_permissions'],
    ['PURGE /v1/admin/a/b', 'insufficient_permissions'],
    ['DELETE /v1/servers', 'no_matching_rule'],
    ['get /v1/servers', 'no_matching_rule'],
    ['GET /V1/servers', 'no_matching_rule'],
    ['GET /v1/servers/7/disks', 'no_matching_rule'],
    ['GET /', 'no_matching_rule'],
    ['GET /v1/servers/../admin', 'ambiguous_path'],
    ['GET /v1/servers/%2e%2e/admin', 'ambiguous_path'],
    ['GET /v1//servers', 'ambiguous_path'],
    ['GET /v1/servers;x=1', 'ambiguous_path'],
    ['GET /sandbox/servers', 'invalid_token'],
  ])('rows 28, 39, 40: %s: %s', async (line, answer) => {
    const { value } = await company.makeKey({ permissions: ['servers:read'] });
    expect(await ask(line, value)).toBe(answer);
    const stranger = await ask(line, null);
    expect(stranger).toBe('authentication_required');
  });

  it('serves test tokens where a rule says so', async () => {
    const { value } = await company.makeKey({ permissions: ['servers:read'], environment: 'test' });
    expect(await ask('GET /sandbox/servers', value)).toBe('ok');
    expect(await ask('GET /v1/servers', value)).toBe('invalid_token');
    expect(await ask('GET /nowhere', value)).toBe('no_matching_rule');
  });

  it('charges what the rule says, and nothing for what no rule speaks of', async () => {
    const limits = [{ name: 'hour', limit: 10, seconds: 3_600 }];
    const { value } = await company.makeKey({ permissions: ['servers:read', 'servers:write'], limits });
    expect(await ask('POST /v1/servers', value)).toBe('ok');
    expect(await ask('GET /nowhere', value)).toBe('no_matching_rule');
    expect(await ask('GET /v1/me', value)).toBe('ok');
    expect(await ask('POST /v1/servers', value)).toBe('ok');
    expect(await ask('GET /v1/servers', value)).toBe('rate_limited');
  });

  it('answers in the words of the profile, and says which permission is missing', async () => {
    const { value } = await company.makeKey({ permissions: ['servers:read'] });
    const request = { rawHeaders: ['Authorization', `Bearer ${value}`], method: 'POST', url: '/v1/servers', ip: null };
    const result = await authenticate(request, { byRoute: true });
    if (result.allowed) throw new Error('accepted');
    expect(result.response.body).toMatchObject({ code: 'insufficient_permissions', missing: ['servers:write'] });
    const nowhere = await authenticate({ ...request, url: '/nowhere' }, { byRoute: true });
    if (nowhere.allowed) throw new Error('accepted');
    expect([nowhere.response.status, nowhere.response.body]).toEqual([
      403,
      expect.objectContaining({ code: 'no_matching_rule' }),
    ]);
  });

  it('guards a whole application with one line, whatever Express makes of a path', async () => {
    const { value } = await company.makeKey({ permissions: ['servers:read'] });
    const port = Number(new URL(company.url).port);
    const line = `Authorization: Bearer ${value}`;
    const statusOf = async (target: string) =>
      (await exchange(port, requestText(`GET ${target} HTTP/1.1`, [line]), { answers: 1 })).statuses[0];
    expect(await statusOf('/v1/servers/7')).toBe(200);
    for (const target of ['/v1/servers/../admin', '/v1/servers/..%2fadmin', '//v1/admin', '/v1/admin', '/v1/Admin']) {
      expect([target, await statusOf(target)]).toEqual([target, 403]);
    }
  });

  describe('in front of Express, which minds no case and compares before it decodes', () => {
    const rule = (line: string, permissions: string[]): Profile['routes'][number] => {
      const [method = '', path = ''] = line.split(' ');
      return { methods: [method], path, permissions, environment: 'live', cost: 1 };
    };
    let strict: Company;
    let port: number;
    let line: string;
    beforeAll(async () => {
      const routes = [
        rule('GET /', ['servers:admin']),
        rule('GET /status', []),
        rule('GET /{tenant}/status', ['servers:admin']),
        rule('GET /v1/servers/{id}', ['servers:read']),
        rule('GET /v1/servers/export', ['servers:admin']),
        rule('POST /v1/servers/{id}', ['servers:admin']),
        rule('POST /v1/servers/search', ['servers:read']),
      ];
      strict = await openCompany({ ...PROFILE, routes }, (doors) => {
        const api = express();
        api.use(protect(doors, { byRoute: true }));
        for (const { methods, path } of routes) {
          const route = api.route(path.replace(/\{(\w+)\}/, ':$1'));
          const answer: express.RequestHandler = (_request, response) => void response.json({ ran: path });
          if (methods.includes('POST')) route.post(answer);
          else route.get(answer);
        }
        api.use((_request, response) => void response.json({ ran: 'what no route took' }));
        return { api, permissions: ['servers:read'], close: () => {} };
      });
      line = `Authorization: Bearer ${(await strict.makeKey({ permissions: ['servers:read'] })).value}`;
      port = Number(new URL(strict.url).port);
    });
    afterAll(() => strict?.close());

    const statusOf = async (asked: string) =>
      (await exchange(port, requestText(`${asked} HTTP/1.1`, [line]), { answers: 1 })).statuses[0];

    it.each([
      'GET /v1/servers/7',
      'GET /v1/servers/a%2Db',
      'GET /status',
      'GET /%73tatus',
      'GET http://localhost/status',
      'GET http://LOCALHOST/v1/servers/7?x=/status',
    ])('lets %s on', async (asked) => {
      expect(await statusOf(asked)).toBe(200);
    });

    it.each([
      'GET /v1/servers/EXPORT',
      'GET /v1/servers/%65xport',
      'POST /v1/servers/%73earch',
      'POST /V1/servers/search',
    ])('row 39: refuses %s, which Express would hand to a route of another rule', async (asked) => {
      expect(await statusOf(asked)).toBe(403);
    });

    it.each([
      'GET http://localhost?/status',
      'GET http://other.example/status',
      'GET http://localhost;a/status',
      'GET http://localhost%2fa/status',
      "GET http://localhost'a/status",
      'GET http://a@localhost/status',
      'GET other://localhost/status',
      'GET *',
    ])('row 42: refuses the target of %s', async (asked) => {
      expect(await statusOf(asked)).toBe(403);
    });
  });

  it('row 41: goes by the rules in force from the moment they are applied', async () => {
    const { value } = await company.makeKey({ permissions: ['servers:read'] });
    expect(await ask('GET /v1/servers', value)).toBe('ok');
    const routes = PROFILE.routes.map((rule) =>
      rule.path === '/v1/servers' ? { ...rule, permissions: ['servers:audit'] } : rule,
    );
    const apply = (profile: Profile, allow_narrowing: boolean) =>
      company.house.asHost(applyProfile, { profile, allow_narrowing });
    await expect(apply({ ...PROFILE, routes }, false)).rejects.toThrow();
    await apply({ ...PROFILE, routes }, true);
    expect(await ask('GET /v1/servers', value)).toBe('insufficient_permissions');
    await apply({ ...PROFILE, routes: [] }, true);
    expect(await ask('GET /v1/servers/7', value)).toBe('no_matching_rule');
    await apply(PROFILE, true);
    expect(await ask('GET /v1/servers', value)).toBe('ok');
  });

  it.each([{ permission: 'servers:read' }, { allOf: [] }, { environment: 'test' as const }, { cost: 2 }])(
    'refuses to be told twice: byRoute with %j',
    async (more) => {
      const request = { rawHeaders: [], url: '/', method: 'GET', ip: null };
      await expect(authenticate(request, { byRoute: true, ...more })).rejects.toThrow(TypeError);
    },
  );
});
