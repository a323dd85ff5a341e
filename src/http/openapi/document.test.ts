import { describe, expect, it } from 'vitest';
import { REJECTIONS } from '../../manage/index.ts';
import { DENIAL_REASONS } from '../../policy/index.ts';
import { deployerp, keyhouse, type Profile, presets } from '../../profile/index.ts';
import { type AnyOperation, isPageRoute, type OperationRoute, pathPattern } from '../route.ts';
import { ROUTES } from '../routes.ts';
import { openApiDocument } from './document.ts';
import { requestExamples } from './examples.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into freely
type Json = any;

const write = (profile: Profile): Json =>
  JSON.parse(JSON.stringify(openApiDocument({ profile, routes: ROUTES, version: '1.2.3', prefix: '' })));
const operationRoutes = ROUTES.filter((route): route is OperationRoute => !isPageRoute(route) && route[5] !== 'signed');

describe.each(Object.values(presets))('the API description of $name', (profile) => {
  const document = write(profile);

  it('describes every operation of the routes under the path of the profile', () => {
    for (const route of operationRoutes) {
      const [method, , , operation] = route;
      const described = document.paths[pathPattern(route, profile.paths.tokens)]?.[method.toLowerCase()];
      expect(described?.operationId, `${method} ${route[1]}`).toBe(operation.id);
    }
    expect(Object.keys(document.paths)).toContain(profile.paths.tokens);
  });

  it('gives every operation an id of its own', () => {
    const ids = operationsOf(document).map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to what is there', () => {
    for (const reference of referencesIn(document)) {
      const steps = reference.replace('#/', '').split('/');
      const target = steps.reduce((node: Json, step) => node?.[step], document);
      expect(target, reference).toBeDefined();
    }
  });

  it('shows a body for every error code there is, and none that does not exist', () => {
    const shown = Object.values(document.components.responses).flatMap((response: Json) =>
      Object.values(response.content).flatMap((content: Json) => Object.keys(content.examples)),
    );
    const known = new Set([...DENIAL_REASONS, ...Object.keys(REJECTIONS)]);
    expect([...shown].sort()).toEqual([...known].sort());
  });

  it('names every path parameter that stands in a path', () => {
    for (const [path, methods] of Object.entries<Json>(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const operation of Object.values<Json>(methods)) {
        const named = (operation.parameters ?? [])
          .filter((one: Json) => one.in === 'path')
          .map((one: Json) => one.name);
        expect(named.sort(), path).toEqual(inPath.sort());
      }
    }
  });

  it('has a body that works to try for every operation that takes one', () => {
    const examples = requestExamples(profile);
    for (const [method, , , operation] of operationRoutes) {
      const example = examples[operation.id];
      if (method === 'GET' || method === 'DELETE') expect(example, operation.id).toBeUndefined();
      if (example === undefined || typeof example === 'string') continue;
      expect(parses(operation, example), operation.id).toEqual([]);
    }
  });

  it('says no as this company does: its words filled in, its realm, its ids and permissions', () => {
    const text = JSON.stringify(document.components.responses);
    expect(text).not.toMatch(/\{[a-z_]+\}/);
    const { schema: _, example } = document.components.headers['WWW-Authenticate'];
    expect(example).toMatch(new RegExp(`^Bearer realm="${profile.errors.realm}", error="invalid_token"`));
    const { examples } = Object.values<Json>(document.components.responses.Error409.content)[0];
    const { value } = examples.already_rotated;
    expect(JSON.stringify(value)).toContain(`"successor_id":"${profile.token.idPrefix}_`);
    const known = profile.catalogue === 'open' ? null : profile.catalogue.map(({ permission }) => permission);
    if (known !== null && !known.includes('servers:write')) expect(text).not.toContain('servers:write');
  });

  it('asks for a token everywhere but where the routes say otherwise', () => {
    for (const route of operationRoutes) {
      const [method, , auth] = route;
      const { security } = document.paths[pathPattern(route, profile.paths.tokens)][method.toLowerCase()];
      const client = [{ bearer: [] }, { basic: [] }];
      expect(security).toEqual(auth === 'client' ? client : auth === 'bearer' ? [{ bearer: [] }] : []);
    }
  });
});

describe('the API description', () => {
  it('speaks with the field names of the profile, in requests and in answers', () => {
    const { paths, components } = write(deployerp);
    const create = paths['/v1/api-keys'].post.requestBody.content['application/json'].schema.properties;
    expect(create).toHaveProperty('ip_whitelist');
    expect(create).not.toHaveProperty('ip_allowlist');
    expect(create.rotation_enabled.description).toMatch(/auto_rotate/);
    expect(components.schemas.Token.properties).toHaveProperty('ip_whitelist');
    expect(components.schemas.Token.required).toContain('ip_whitelist');
    expect(write(keyhouse).components.schemas.Token.properties).toHaveProperty('ip_allowlist');
  });

  it('leaves out what only this machine may call', () => {
    const local = ROUTES.filter(([, , auth]) => auth === 'local').map(([, path]) => path);
    expect(Object.keys(write(keyhouse).paths).filter((path) => local.includes(path))).toEqual([]);
  });

  it('says where a mounted API is', () => {
    const document = openApiDocument({ profile: keyhouse, routes: ROUTES, version: '1', prefix: '/auth' }) as Json;
    expect(document.servers).toEqual([{ url: '/auth' }]);
  });
});

function operationsOf(document: Json): Json[] {
  return Object.values<Json>(document.paths).flatMap((methods) => Object.values<Json>(methods));
}

function referencesIn(node: Json): string[] {
  if (Array.isArray(node)) return node.flatMap(referencesIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [value as string] : referencesIn(value)));
}

/** Problems of the example as the operation's own schema sees them, path parameters aside. */
function parses(operation: AnyOperation, example: unknown): string[] {
  const parsed = operation.input.safeParse(example);
  if (parsed.success) return [];
  const inPath = ['id', 'external_id'];
  return parsed.error.issues.filter((issue) => !inPath.includes(String(issue.path[0]))).map((issue) => issue.message);
}
