import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRouteConflicts } from '../../policy/index.ts';
import { keyhouse, parseProfile } from '../index.ts';
import { type ApiDraft, draftApi } from './draft-api.ts';
import type { JsonObject } from './json-value.ts';

const BEARER = { components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } } };

/** A document whose operations all need a token, unless they say otherwise. */
function documentOf(paths: JsonObject, more: JsonObject = {}): JsonObject {
  return { openapi: '3.1.0', info: { title: 'Example' }, security: [{ bearer: [] }], ...BEARER, paths, ...more };
}

function draftOf(paths: JsonObject, more: JsonObject = {}): ApiDraft {
  const read = draftApi(documentOf(paths, more));
  if (!read.ok) throw new Error(read.message);
  return read.api;
}

const permissionsOf = ({ catalogue }: ApiDraft) =>
  Object.fromEntries(catalogue.map(({ permission, operations }) => [permission, operations]));
const routesOf = ({ routes }: ApiDraft) =>
  routes.map(({ methods, path, permissions }) => `${methods.join()} ${path} ${permissions}`);
const notesOf = ({ notes }: ApiDraft) => Object.fromEntries(notes.map(({ sentence, items }) => [sentence, items]));

describe('permissions', () => {
  it('come from the tag and the method, and without a tag from the path', () => {
    const api = draftOf({
      '/v1/servers': { get: { tags: ['Servers'] }, post: { tags: ['servers'] } },
      '/v1/servers/{id}': { get: { tags: ['Servers'] }, patch: { tags: ['Servers'] }, delete: { tags: ['Servers'] } },
      '/api/v2/users/{id}/keys': { get: {}, put: { tags: [' ', 'default'] } },
      '/v1': { get: {} },
    });
    expect(permissionsOf(api)).toEqual({
      'servers:read': ['GET /v1/servers', 'GET /v1/servers/{id}'],
      'servers:write': ['POST /v1/servers', 'PATCH /v1/servers/{id}', 'DELETE /v1/servers/{id}'],
      'users:read': ['GET /api/v2/users/{id}/keys'],
      'users:write': ['PUT /api/v2/users/{id}/keys'],
      'root:read': ['GET /v1'],
    });
    expect(routesOf(api)).toContain('PATCH,DELETE /v1/servers/{id} servers:write');
  });

  it('come from scopes where operations name them, all of them and the first of several ways', () => {
    const api = draftOf({
      '/servers': {
        get: { tags: ['x'], security: [{ oauth: ['read:servers', 'openid'] }] },
        post: { tags: ['x'], security: [{ oauth: ['servers.write'], other: ['billing:read'] }] },
        delete: { tags: ['x'], security: [{ oauth: ['servers:delete'] }, { oauth: ['admin'] }] },
      },
      '/me': { get: { tags: ['Profile'], security: [{ oauth: ['read'] }] } },
      '/rest': { get: { tags: ['Rest of it'] } },
    });
    expect(permissionsOf(api)).toEqual({
      'servers:read': ['GET /servers'],
      'servers:write': ['POST /servers'],
      'servers:delete': ['DELETE /servers'],
      'billing:read': ['POST /servers'],
      'profile:read': ['GET /me'],
      'rest-of-it:read': ['GET /rest'],
    });
    expect(routesOf(api)).toContain('POST /servers servers:write,billing:read');
    expect(notesOf(api)).toMatchObject({
      'Scopes that are spelled otherwise as permissions.': [
        '"read:servers" is servers:read',
        '"servers.write" is servers:write',
        '"read" is profile:read',
      ],
      'These can be called with one of several sets of scopes; the first is drafted.': ['DELETE /servers'],
      'These name no scope though others do; what they need is guessed from their tag and method.': ['GET /rest'],
    });
  });

  it('are never shared by tags that only look the same, nor taken from Keyhouse itself', () => {
    const api = draftOf({
      '/a': { get: { tags: ['Группы'] } },
      '/b': { get: { tags: ['Server Groups'] } },
      '/c': { get: { tags: ['serverGroups'] } },
      '/d': { get: { tags: ['Server/Gr中ups'] } },
      '/e': { get: { tags: ['Server/Gr?ups'] } },
      '/f': { get: { tags: ['keyhouse-audit'], security: [{ bearer: ['keyhouse-tokens:write'] }] } },
      '/g': { get: { tags: ['keyhouse-audit'] } },
    });
    expect(Object.keys(permissionsOf(api))).toEqual([
      'a:read',
      'server-groups:read',
      'server-gr-ups:read',
      'server-gr-ups-2:read',
      'tokens:write',
      'audit:read',
    ]);
    expect(notesOf(api)).toMatchObject({
      'Names that belong to Keyhouse itself are changed.': ['"keyhouse-audit" is audit'],
      'Tags that are spelled otherwise as resources.': expect.arrayContaining(['"Группы" is a']),
    });
  });

  it('are described by their scope, else by their operations, else by their tag, else by what they are', () => {
    const scopes = { 'a:read': 'Look at **a**.\n\nAt length.' };
    const components = { securitySchemes: { oauth: { type: 'oauth2', flows: { implicit: { scopes } } } } };
    const tags = [{ name: 'C', description: 'All about C' }];
    const api = draftOf(
      {
        '/a': { get: { summary: 'Not this', security: [{ oauth: ['a:read'] }] } },
        '/b': { get: { tags: ['B'], summary: 'List b.' }, post: { tags: ['B'] } },
        '/b/1': { get: { tags: ['B'], summary: 'One\u202e b' } },
        '/b/2': { get: { tags: ['B'], summary: 'Two b' } },
        '/b/3': { get: { tags: ['B'], summary: 'Three b' } },
        '/c': { get: { tags: ['C'] } },
      },
      { components, tags },
    );
    expect(api.catalogue.map(({ description }) => description)).toEqual([
      'Look at a.',
      'List b; One b; Two b; and 1 more',
      'Create, change and delete b',
      'All about C',
    ]);
  });
});

describe('operations', () => {
  it('that take no token are listed and guarded by nothing', () => {
    const api = draftOf({
      '/status': { get: { security: [] } },
      '/maybe': { get: { security: [{}, { bearer: [] }] } },
      '/servers': { get: {} },
    });
    expect(api.open).toEqual(['GET /status', 'GET /maybe']);
    expect(routesOf(api)).toEqual(['GET /servers servers:read']);
    const perOperation = draftOf({ '/a': { get: { security: [{ bearer: [] }] }, post: {} } }, { security: undefined });
    expect(perOperation.open).toEqual(['POST /a']);
  });

  it('are all guarded where the document says nothing about security', () => {
    const api = draftOf({ '/a': { get: {}, post: {} } }, { security: undefined, components: {} });
    expect(api.open).toEqual([]);
    expect(Object.keys(permissionsOf(api))).toEqual(['a:read', 'a:write']);
    expect(notesOf(api)).toHaveProperty(['The document says nothing about security, so every operation is guarded.']);
  });

  it('are found behind references, with the parameters of their path, and HEAD, OPTIONS and TRACE are none', () => {
    const api = draftOf(
      {
        '/a': { $ref: '#/components/pathItems/A~1B' },
        '/again': { $ref: '#/paths/~1a', parameters: [{ $ref: '#/components/parameters/Tenant' }] },
        '/needs': { parameters: [{ name: 'q', in: 'query', required: true }], get: {} },
        '/gone': { $ref: '#/components/pathItems/None' },
        '/other': { $ref: './other.yaml#/a' },
        '/circle': { $ref: '#/paths/~1circle' },
        '/round': { $ref: '#/paths/~1about' },
        '/about': { $ref: '#/paths/~1round' },
        '/own': { get: 'nothing' },
        'no-slash': { get: {} },
      },
      {
        components: {
          pathItems: { 'A/B': { get: {}, head: {}, options: {}, trace: {}, deprecated: true } },
          parameters: { Tenant: { name: 'X-Tenant', in: 'header', required: true } },
        },
      },
    );
    expect(routesOf(api)).toEqual(['GET /a a:read', 'GET /again again:read', 'GET /needs needs:read']);
    expect(api.sampleRequest).toEqual({ method: 'GET', path: '/a', upload: null });
    expect(notesOf(api)).toMatchObject({
      'Left out: their $ref leads to another file, in a circle, or nowhere. Bundle the document first.': [
        '/gone',
        '/other',
        '/circle',
        '/round',
        '/about',
      ],
      'Left out: not an operation.': ['GET /own'],
      'Left out: a path begins with a slash.': ['no-slash'],
    });
  });

  it('that are deprecated are drafted and named', () => {
    const api = draftOf({ '/a': { get: { deprecated: true } } });
    expect(routesOf(api)).toEqual(['GET /a a:read']);
    expect(notesOf(api)['Deprecated, and drafted like the others.']).toEqual(['GET /a']);
  });

  it('stand below the base path of the nearest server', () => {
    const servers = [
      { url: 'http://localhost:8080/dev' },
      { url: 'https://{region}.example.com/{stage}/', variables: { region: { default: 'eu' }, stage: {} } },
    ];
    const own = { servers: [{ url: '/v3' }], get: {} };
    const api = draftOf({ '/a': { get: {} }, '/b': own, '/c': { get: { servers: [{ url: '::' }] } } }, { servers });
    expect(routesOf(api)).toEqual(['GET /stage/a a:read', 'GET /v3/b b:read', 'GET /::/c c:read']);
    expect(api.apiBaseUrl).toBe('https://eu.example.com');
    expect(notesOf(api)['Paths are drafted below "/stage/"; the document has servers with another base path.']).toEqual(
      ['http://localhost:8080/dev/'],
    );
    expect(draftOf({ '/a': { get: {} } }, { servers: [{ url: '/api' }] }).apiBaseUrl).toBe(null);
  });
});

describe('rules of routes', () => {
  it('have whole segments and plain names', () => {
    const api = draftOf({
      '/files/{name}.{ext}': { get: {} },
      '/users/{user.id}/{2nd}/{}': { get: {} },
      '/größe/{id}': { get: {} },
      '/a b': { get: {} },
      '/search?q={q}': { get: {} },
      '/a//b': { get: {} },
      '/a/../b': { get: {} },
      '/{id}/{id}': { get: {} },
    });
    expect(routesOf(api)).toEqual([
      'GET /files/{name} files:read',
      'GET /users/{user_id}/{nd}/{name} users:read',
      'GET /gr%C3%B6%C3%9Fe/{id} grosse:read',
      'GET /a%20b a-b:read',
      'GET /{id}/{id_2} root:read',
    ]);
    expect(
      notesOf(api)['Without a rule in routes: paths that no request can have, or that the query decides.'],
    ).toEqual(['GET /search?q={q}', 'GET /a//b', 'GET /a/../b']);
  });

  it('are never in conflict: the same path needs what both say, and of two that cross the later goes', () => {
    const needs = (scope: string) => ({ get: { security: [{ bearer: [scope] }] } });
    const api = draftOf({
      '/a/{x}': needs('a:read'),
      '/a/{y}/': { ...needs('b:read'), post: { security: [{ bearer: ['a:write'] }] } },
      '/c/{x}/d': needs('c:read'),
      '/c/e/{y}': needs('c:read'),
    });
    expect(routesOf(api)).toEqual(['GET /a/{x} a:read,b:read', 'POST /a/{x} a:write', 'GET /c/{x}/d c:read']);
    expect(notesOf(api)).toMatchObject({
      'Described twice, so they need what both places say.': ['GET /a/{y}/'],
      'Left out of routes, because neither of two rules is the more specific one. What only they would let through is refused.':
        ['GET /c/e/{y}, because of GET /c/{x}/d'],
    });
  });
});

describe('documents of any size and kind', () => {
  it('drafts three thousand operations of a few kinds, and says what does not fit', () => {
    const paths = Object.fromEntries(
      Array.from({ length: 1_500 }, (_, index) => [
        `/things/${index}`,
        { get: { tags: ['Things'] }, post: { tags: ['Things'] } },
      ]),
    );
    const api = draftOf(paths);
    expect(api.catalogue.map(({ permission, operations }) => [permission, operations.length])).toEqual([
      ['things:read', 50],
      ['things:write', 50],
    ]);
    expect(api.routes).toEqual([]);
    expect(notesOf(api)).toMatchObject({
      'No routes are drafted: it would take 3000 rules, and a profile holds 2000.': [],
      'A catalogue lists 50 readable operations for a permission; more are left out of it.': [
        'things:read',
        'things:write',
      ],
    });
  });

  it('refuses what makes no catalogue', () => {
    const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`/t${index}`, { get: {} }]));
    expect(draftApi(documentOf(many))).toEqual({ ok: false, message: expect.stringContaining('2001 permissions') });
    expect(draftApi(documentOf({}))).toEqual({
      ok: false,
      message: expect.stringContaining('describes no operation,'),
    });
    expect(draftApi(documentOf({ '/a': { get: { security: [] } } }))).toEqual({
      ok: false,
      message: expect.stringContaining('no operation that needs a token'),
    });
  });

  it('tells of other headers, of limits on single operations, and of scopes that nothing needs', () => {
    const securitySchemes = {
      key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      oauth: { type: 'oauth2', flows: { clientCredentials: { scopes: { 'a:read': 'A', 'b:read': 'B' } } } },
    };
    const api = draftOf(
      { '/a': { 'x-rate-limit': 5, get: { security: [{ oauth: ['a:read'] }] } } },
      { components: { securitySchemes } },
    );
    const notes = notesOf(api);
    expect(Object.keys(notes).find((sentence) => sentence.includes('headers: [name]'))).toBeDefined();
    expect(notes['Scopes that no operation needs; they are not drafted.']).toEqual(['b:read']);
    expect(notes['Limits count per token, so limits of single operations are not drafted.']).toEqual(['/a']);
  });

  it('drafts from whatever JSON it is given, and what it drafts can be a profile', () => {
    const word = fc.oneof(
      fc.constantFrom('get', 'post', 'tags', 'security', '$ref', '#/paths/~1a', '__proto__', 'x-ratelimit'),
      fc.string(),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        word,
        fc.constantFrom(null, true, 7, []),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const path = fc.oneof(
      fc.constantFrom('/a', '/a/{id}', '/{x}/b', '/a/{id}/'),
      fc.webPath(),
      fc.string().map((text) => `/${text}`),
    );
    const operation = fc.record(
      {
        tags: fc.oneof(value, fc.array(fc.string())),
        summary: value,
        security: value,
        parameters: value,
        deprecated: value,
      },
      { requiredKeys: [] },
    );
    const item = fc.oneof(value, fc.dictionary(fc.constantFrom('get', 'post', 'put', 'head'), operation));
    fc.assert(
      fc.property(fc.dictionary(path, item, { maxKeys: 8 }), value, value, (paths, servers, components) => {
        const read = draftApi({ openapi: '3.1.0', info: {}, paths, servers, components, 'x-ratelimit': servers });
        if (!read.ok) return;
        const { catalogue, routes, sampleRequest } = read.api;
        expect(findRouteConflicts(routes)).toEqual([]);
        const profile = { ...keyhouse, name: 'x', catalogue, routes, templates: [], guide: { sampleRequest } };
        expect(parseProfile(profile)).toMatchObject({ ok: true });
      }),
      { numRuns: 1_000 },
    );
  });
});
