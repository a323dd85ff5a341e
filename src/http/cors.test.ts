import { describe, expect, it } from 'vitest';
import { answerOptions, corsHeaders, isPreflight, type Origins, tellBrowser } from './cors.ts';

const PAGE = 'https://shop.example.com';
const CLOSED: Origins = [PAGE, 'https://admin.example.com'];

const sent = (method: string, ...rawHeaders: string[]) => ({ method, rawHeaders });
const preflightFrom = (origin: string, ...more: string[]) =>
  sent('OPTIONS', 'Origin', origin, 'Access-Control-Request-Method', 'PATCH', ...more);

describe('what a browser is told on every answer', () => {
  it('names any origin with one sign, the same for all, so that caches need not tell them apart', () => {
    const headers = corsHeaders('*', sent('GET', 'Origin', PAGE));
    expect(headers).toMatchObject({ 'Access-Control-Allow-Origin': '*' });
    expect(headers).toEqual(corsHeaders('*', sent('GET')));
    expect(headers).not.toHaveProperty('Vary');
  });

  it('names an origin of the list by itself, and says that answers differ by it', () => {
    const headers = corsHeaders(CLOSED, sent('GET', 'origin', PAGE));
    expect(headers).toMatchObject({ 'Access-Control-Allow-Origin': PAGE, Vary: 'Origin' });
  });

  it.each([
    ['another origin', ['Origin', 'https://evil.example']],
    ['an origin that begins alike', ['Origin', `${PAGE}.evil.example`]],
    ['another scheme', ['Origin', 'http://shop.example.com']],
    ['another port', ['Origin', `${PAGE}:8443`]],
    ['a page without an origin of its own', ['Origin', 'null']],
    ['two origins, one of which may', ['Origin', PAGE, 'Origin', 'https://evil.example']],
    ['no origin at all', []],
  ])('lets %s read nothing where there is a list', (_what, rawHeaders) => {
    expect(corsHeaders(CLOSED, sent('GET', ...rawHeaders))).toEqual({ Vary: 'Origin' });
  });

  it('says nothing where no page may call', () => {
    expect(tellBrowser([], preflightFrom(PAGE), {})).toEqual({ headers: {}, isPreflight: true });
  });

  it('lets pages read why they were refused and where they stand, and what the application adds', () => {
    const readable = String(corsHeaders('*', sent('GET'), ['X-Total'])['Access-Control-Expose-Headers']).split(', ');
    expect(readable).toEqual(
      expect.arrayContaining(['WWW-Authenticate', 'Retry-After', 'RateLimit', 'X-RateLimit-Remaining', 'X-Request-Id']),
    );
    expect(readable).toContain('X-Total');
  });
});

describe('a preflight', () => {
  it('is told what a page may send, and for how long that holds', () => {
    expect(tellBrowser(CLOSED, preflightFrom(PAGE), {})).toEqual({
      isPreflight: true,
      headers: {
        Vary: 'Origin',
        'Access-Control-Allow-Origin': PAGE,
        'Access-Control-Expose-Headers': expect.any(String),
        'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, X-Debug-Auth',
        'Access-Control-Max-Age': '600',
      },
    });
  });

  it('is told the methods and further fields that the application names', () => {
    const { headers } = tellBrowser('*', preflightFrom(PAGE), { methods: ['GET'], headers: ['X-API-Key'] });
    expect(headers['Access-Control-Allow-Methods']).toBe('GET');
    expect(headers['Access-Control-Allow-Headers']).toMatch(/^Authorization, .*, X-API-Key$/);
  });

  it('from an origin that may not call is told nothing', () => {
    for (const request of [preflightFrom('https://evil.example'), preflightFrom(PAGE, 'Origin', PAGE)]) {
      expect(tellBrowser(CLOSED, request, {})).toEqual({ headers: { Vary: 'Origin' }, isPreflight: true });
      expect(answerOptions(request, 'GET, OPTIONS', CLOSED).headers).toEqual({ Allow: 'GET, OPTIONS' });
    }
  });

  it.each([
    ['OPTIONS without a page', sent('OPTIONS', 'Access-Control-Request-Method', 'GET')],
    ['OPTIONS without a question', sent('OPTIONS', 'Origin', PAGE)],
    ['a request that only looks like one', sent('GET', 'Origin', PAGE, 'Access-Control-Request-Method', 'GET')],
  ])('is not %s', (_what, request) => {
    expect(isPreflight(request)).toBe(false);
    expect(tellBrowser('*', request, {}).headers).not.toHaveProperty('Access-Control-Allow-Methods');
  });

  it('row 40: is made by the method on the wire alone: override headers make none and hide none', () => {
    const override = ['X-HTTP-Method-Override', 'OPTIONS', 'X-Method-Override', 'OPTIONS', '_method', 'OPTIONS'];
    const asked = ['Origin', PAGE, 'Access-Control-Request-Method', 'DELETE'];
    expect(isPreflight(sent('POST', ...asked, ...override))).toBe(false);
    expect(isPreflight(preflightFrom(PAGE, 'X-HTTP-Method-Override', 'DELETE'))).toBe(true);
    const { headers } = tellBrowser('*', preflightFrom(PAGE), {});
    expect(headers['Access-Control-Allow-Headers']).not.toMatch(/override/i);
  });

  it('never allows credentials', () => {
    for (const origins of ['*', CLOSED] as const) {
      const { headers } = tellBrowser(origins, preflightFrom(PAGE), {});
      expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
    }
  });
});
