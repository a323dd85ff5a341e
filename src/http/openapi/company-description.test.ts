import { describe, expect, it } from 'vitest';
import { keyhouse, type Profile } from '../../profile/index.ts';
import type { HttpParts } from '../app.ts';
import { shownDescription } from './company-description.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into freely
type Json = any;

const BARE = { openapi: '3.1.0', info: { title: 'Example' }, paths: { '/servers': { get: {} } } };

function show(document: Json, { isHere = true, apiBaseUrl = null as string | null } = {}) {
  const profile: Profile = { ...keyhouse, company: { ...keyhouse.company, apiBaseUrl } };
  const engine = { authenticator: { profile: { profile } } } as unknown as HttpParts['engine'];
  const shown = shownDescription({ apiDescription: { document, isHere }, engine } as HttpParts);
  return { ...shown, json: JSON.parse(shown?.text as string) as Json };
}

const urlsOf = ({ json }: { readonly json: Json }) => json.servers.map(({ url }: { url: string }) => url);

describe('the servers of a description', () => {
  it('begin with this address where the API is here, with the path of the first of them', () => {
    const servers = [{ url: 'https://api.example.com/v2' }, { url: 'https://staging.example.com' }];
    const shown = show({ ...BARE, servers });
    expect(urlsOf(shown)).toEqual(['/v2', 'https://api.example.com/v2', 'https://staging.example.com']);
    expect(urlsOf(show(BARE))).toEqual(['/']);
    expect(urlsOf(show({ ...BARE, servers: [{ url: '/v1' }, { url: './v2' }] }))).toEqual(['/v1', '/v2']);
    const named = [{ url: 'v1', description: 'Production' }, { url: '/test' }];
    expect(show({ ...BARE, servers: named }).json.servers).toEqual([{ ...named[0], url: '/v1' }, named[1]]);
    const templates = [{ url: '{scheme}://{host}/v3', variables: { scheme: {}, host: {} } }, { url: '//b.example/v4' }];
    expect(urlsOf(show({ ...BARE, servers: templates }))).toEqual(['/v3', '{scheme}://{host}/v3', '//b.example/v4']);
    expect(urlsOf(show({ ...BARE, servers: [{ url: 'javascript:alert(1)' }] }))).toEqual(['/']);
    expect(urlsOf(show({ ...BARE, servers: [{ url: './v5' }] }))).toEqual(['/v5']);
  });

  it('are those of the description where the API is elsewhere, below the base of the profile where it names none', () => {
    const elsewhere = { isHere: false, apiBaseUrl: 'https://api.example.com/base' };
    expect(urlsOf(show(BARE, elsewhere))).toEqual(['https://api.example.com/base']);
    expect(urlsOf(show({ ...BARE, servers: [{ url: '/v1' }] }, elsewhere))).toEqual([
      'https://api.example.com/base/v1',
    ]);
    const servers = [{ url: 'https://eu.example.com' }];
    expect(urlsOf(show({ ...BARE, servers }, elsewhere))).toEqual(['https://eu.example.com']);
    expect(urlsOf(show(BARE, { isHere: false }))).toEqual(['/']);
  });

  it('say which other origins the page may call: exactly theirs, whatever level they stand at', () => {
    const document = {
      ...BARE,
      servers: [{ url: 'https://api.example.com/v2' }, { url: 'http://[::1]:8080' }],
      paths: {
        '/a': { servers: [{ url: 'https://path.example.com' }] },
        '/b': { post: { servers: [{ url: 'https://upload.example.com/x' }, { url: 'https://api.example.com' }] } },
      },
    };
    expect(show(document).origins).toEqual([
      'https://api.example.com',
      'http://[::1]:8080',
      'https://path.example.com',
      'https://upload.example.com',
    ]);
  });

  it('may have variables: every choice is an origin, and the usual value where anything may stand', () => {
    const variables = { region: { enum: ['eu', 'us'], default: 'eu' }, port: { default: '8443' } };
    const servers = [{ url: 'https://{region}.example.com:{port}/v1', variables }];
    const shown = show({ ...BARE, servers });
    expect(shown.origins).toEqual(['https://eu.example.com:8443', 'https://us.example.com:8443']);
    expect(shown.json.servers[0]).toMatchObject({ url: '/v1', variables });
  });

  it.each([
    'https://*.example.com',
    "https://a.example;script-src'unsafe-inline'",
    'https://a.example, https://b.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://files.example.com',
    'https://',
    '{anything}',
  ])('add nothing to the policy that is no plain origin: %s', (url) => {
    expect(show({ ...BARE, servers: [{ url }] }).origins).toEqual([]);
  });

  it('are at most twenty origins', () => {
    const servers = Array.from({ length: 50 }, (_, at) => ({ url: `https://s${at}.example.com` }));
    expect(show({ ...BARE, servers }).origins).toHaveLength(20);
  });
});

describe('the way to authorise in a description', () => {
  const scheme = { type: 'http', scheme: 'Bearer' };

  it('is a bearer token where it says nothing of it', () => {
    const { json } = show(BARE);
    expect(json.components.securitySchemes).toEqual({
      bearer: { type: 'http', scheme: 'bearer', description: 'Your token.' },
    });
    expect(json.security).toEqual([{ bearer: [] }]);
  });

  it('stays as it is where it knows bearer tokens, and holds for all where no operation says', () => {
    const components = { securitySchemes: { key: scheme } };
    expect(show({ ...BARE, components }).json).toMatchObject({ components, security: [{ key: [] }] });
    const paths = { '/a': { get: { security: [{ key: [] }] }, post: {} } };
    expect(show({ ...BARE, components, paths }).json.security).toBeUndefined();
  });

  it('is a bearer token beside whatever else it knows, and open operations stay open', () => {
    const components = { securitySchemes: { bearer: { type: 'oauth2', flows: {} } } };
    const paths = {
      '/a': { get: { security: [{ bearer: ['x'] }] }, post: {} },
      '/b': { parameters: [], get: { security: [] } },
    };
    const { json } = show({ ...BARE, components, paths, security: [{ bearer: [] }] });
    expect(Object.keys(json.components.securitySchemes)).toEqual(['bearer', 'token']);
    expect(json.security).toEqual([{ bearer: [] }, { token: [] }]);
    expect(json.paths['/a'].get.security).toEqual([{ bearer: ['x'] }, { token: [] }]);
    expect(json.paths['/a'].post.security).toBeUndefined();
    expect(json.paths['/b']).toEqual({ parameters: [], get: { security: [] } });
  });
});
