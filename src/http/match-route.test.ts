import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RouteMatcher, routeMethod } from './match-route.ts';
import { ROUTES } from './routes.ts';

describe('finding the route of a path', () => {
  const matcher = new RouteMatcher(ROUTES, '/v1/api-keys');
  const find = (path: string, method = 'GET') => {
    const found = matcher.find(path, method);
    if (found === null) return null;
    const [, , , answers] = found.route;
    return { id: 'id' in answers ? answers.id : answers.page, params: found.params };
  };

  it('prefers a literal segment to a parameter', () => {
    expect(find('/v1/api-keys/verify', 'POST')).toEqual({ id: 'verifyTokens', params: {} });
    expect(find('/v1/api-keys/x')).toEqual({ id: 'readToken', params: { id: 'x' } });
    expect(find('/v1/owners/sync', 'POST')?.id).toBe('syncOwners');
  });

  it('answers every method of a path that a literal and a parameter share', () => {
    expect(find('/v1/owners/sync')).toEqual({ id: 'readOwner', params: { external_id: 'sync' } });
    expect(find('/v1/owners/sync', 'PUT')?.id).toBe('putOwner');
  });

  it('decodes parameters once, and literals never', () => {
    expect(find('/v1/owners/a%2Fb')?.params).toEqual({ external_id: 'a/b' });
    expect(find('/v1/owners/a%252Fb')?.params).toEqual({ external_id: 'a%2Fb' });
    expect(find('/v1/%61pi-keys')).toBeNull();
    expect(() => find('/v1/owners/%ff')).toThrow();
  });

  it('compares byte for byte', () => {
    for (const path of [
      '/v1/api-keys/',
      '/v1//api-keys',
      '/V1/api-keys',
      '/v1/api-keys/x/',
      '/v1/owners/',
      '',
      'v1/api-keys',
    ]) {
      expect(matcher.allowed(path), path).toBeNull();
    }
  });

  it('lists the methods of a path, with what comes along', () => {
    expect(matcher.allowed('/v1/owners/sync')).toBe('POST, PUT, GET, HEAD, PATCH, DELETE, OPTIONS');
    expect(matcher.allowed('/v1/api-keys/x')).toBe('GET, HEAD, PATCH, DELETE, OPTIONS');
    expect(routeMethod('HEAD')).toBe('GET');
    expect(routeMethod('get')).toBe('get');
  });

  it('survives any path', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        try {
          matcher.find(path, 'GET');
          matcher.allowed(path);
        } catch (error) {
          expect((error as { code: string }).code).toBe('invalid_input');
        }
      }),
    );
  });
});
