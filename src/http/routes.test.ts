import { describe, expect, it } from 'vitest';
import * as manage from '../manage/index.ts';
import * as people from '../people/index.ts';
import { deployerp, keyhouse } from '../profile/index.ts';
import { isPageRoute, pathPattern } from './route.ts';
import { DASHBOARD_ROUTES, ROUTES } from './routes.ts';

describe('the routes', () => {
  it('let exactly these be called by anybody', () => {
    const open = ROUTES.filter(([, , auth]) => auth === 'open').map(([method, path]) => `${method} ${path}`);
    expect(open).toEqual([
      'GET /.well-known/jwks.json',
      'POST /v1/leaks',
      'POST /v1/leaks/github',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /openapi.json',
      'GET /reference',
      'GET /reference/api.json',
      'GET /reference/{file}',
      'GET /guide',
      'GET /guide.md',
      'GET /llms.txt',
      'GET /guide/{file}',
    ]);
  });

  it('let exactly these be called with a secret made for one use', () => {
    const secret = ROUTES.filter(([, , auth]) => auth === 'one-time-secret').map(
      ([method, path]) => `${method} ${path}`,
    );
    expect(secret).toEqual(['POST /v1/claims', 'POST /v1/portal-sessions/open', 'POST /v1/why', 'POST /v1/setup']);
  });

  it('let in at the dashboard exactly these without a session', () => {
    const without = DASHBOARD_ROUTES.filter(([, , auth]) => auth !== 'session');
    expect(without.map(([method, path, auth]) => `${auth}: ${method} ${path}`)).toEqual([
      'open: POST /v1/sessions',
      'one-time-secret: POST /v1/sessions/open',
      'one-time-secret: POST /v1/invitations/accept',
      'open: POST /v1/password-resets',
      'one-time-secret: POST /v1/password-resets/accept',
    ]);
    for (const [, path, auth, { access }] of DASHBOARD_ROUTES) {
      expect('session' in access, path).toBe(auth === 'session');
    }
    expect(ROUTES.filter(([, , auth]) => auth === 'session' || auth === 'local')).toEqual([]);
  });

  it('ask for a token everywhere else', () => {
    for (const route of ROUTES) {
      if (isPageRoute(route)) expect(route[2]).toBe('open');
      else if ('oneTimeSecret' in route[3].access) expect(route[2]).toBe('one-time-secret');
      else if ('open' in route[3].access) expect(route[2]).toBe('open');
      else expect(route[2], route[1]).toBe(route[1].startsWith('/oauth/') ? 'client' : 'bearer');
    }
  });

  it('reach every operation that manage and people offer', () => {
    const exported: readonly unknown[] = [...Object.values(manage), ...Object.values(people)];
    const offered = exported.filter(isOperation);
    const reached = [...ROUTES, ...DASHBOARD_ROUTES].map(([, , , answers]) => answers as unknown);
    expect(offered.length).toBeGreaterThan(30);
    // What a door performs by itself, for a browser that comes back from the provider.
    const inside = offered.filter(({ access }) => 'local' in access);
    expect(inside.map(({ id }) => id)).toEqual(['acceptInvitationWithIdentity', 'signInWithIdentity']);
    for (const operation of offered.filter((one) => !inside.includes(one)))
      expect(reached, operation.id).toContain(operation);
  });

  it('never give one method of one path to two operations, wherever the profile puts its tokens', () => {
    for (const { paths } of [keyhouse, deployerp]) {
      const keys = [...ROUTES, ...DASHBOARD_ROUTES].map((route) => `${route[0]} ${pathPattern(route, paths.tokens)}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('change something only by a method that says so', () => {
    for (const route of ROUTES) {
      if (!isPageRoute(route) && route[3].effect === 'changes') expect(route[0]).not.toBe('GET');
    }
  });
});

function isOperation(value: unknown): value is manage.Operation {
  return typeof value === 'object' && value !== null && 'run' in value && 'access' in value;
}
