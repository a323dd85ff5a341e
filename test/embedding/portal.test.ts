import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyhouse, type Keyhouse } from '../../src/index.ts';
import { coolset } from '../../src/profile/index.ts';
import { runProgram } from '../../tools/run-program.ts';

const ROOT = join(import.meta.dirname, '../..');
const ORIGIN = 'https://app.example.com';

describe('the portal of an application with Keyhouse in it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-portal-'));
  let keyhouse: Keyhouse;
  beforeAll(async () => {
    // Whoever runs one test alone has not come past `pretest`.
    runProgram(process.execPath, ['tools/build-dashboard.mjs'], ROOT);
    const profile = { ...coolset, name: 'portal', cors: { origins: [ORIGIN] } };
    keyhouse = await createKeyhouse({ dataDir: join(folder, 'data'), profile, people: 'off', prefix: '/auth' });
    const workspace = { external_id: 'org-7', name: 'Northwind' };
    await keyhouse.owners.put({ external_id: 'user-7', workspace, permissions: ['orders:read'] });
  });
  afterAll(async () => {
    await keyhouse.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (path: string, { value, body, origin = ORIGIN, ...init }: RequestInit & Asked = {}) => {
    const request = new Request(`https://api.example.com${path}`, {
      ...init,
      headers: {
        Origin: origin,
        ...(value !== undefined && { Authorization: `Bearer ${value}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(init.headers as Record<string, string>),
      },
      ...(body !== undefined && { body }),
    });
    return keyhouse.handler(request);
  };
  interface Asked {
    readonly value?: string;
    readonly body?: string;
    readonly origin?: string;
  }
  const opened = async () => {
    const { session } = await keyhouse.portalSessions.create({ owner: { external_id: 'user-7' } });
    const answer = await ask('/auth/portal/v1/portal-sessions/open', {
      method: 'POST',
      body: JSON.stringify({ secret: session }),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as { readonly value: string; readonly owner: object };
  };

  it('opens a session and speaks our own dialect below its prefix, whatever the profile says elsewhere', async () => {
    const { value, owner } = await opened();
    expect(owner).toMatchObject({ external_id: 'user-7' });
    const listed = await ask('/auth/portal/v1/tokens', { value });
    expect([listed.status, await listed.json()]).toEqual([200, { data: [], next_cursor: null }]);
    const wrong = await ask('/auth/portal/v1/tokens', { value: `${value.slice(0, -1)}_` });
    expect([wrong.status, await wrong.json()]).toMatchObject([401, { code: 'authentication_required' }]);
    expect((await ask('/portal/v1/tokens', { value })).status).toBe(404);
  });

  it('row 100d: lets pages of registered origins call, without credentials, and tells others nothing', async () => {
    const preflight = (origin: string) =>
      ask('/auth/portal/v1/tokens', {
        method: 'OPTIONS',
        origin,
        headers: { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' },
      });
    const allowed = await preflight(ORIGIN);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const stranger = await preflight('https://evil.example');
    expect([...stranger.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('serves the script to pages of every origin, and for good under the name with its hash', async () => {
    const script = await ask('/auth/portal/keyhouse-tokens.js');
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('access-control-allow-origin')).toBe('*');
    expect(script.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect((await script.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
    const zipped = await ask('/auth/portal/keyhouse-tokens.js', { headers: { 'Accept-Encoding': 'gzip' } });
    expect((await zipped.arrayBuffer()).byteLength).toBeLessThan(20_000);
    const named = await ask(script.headers.get('content-location') as string);
    expect(named.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const old = await ask('/auth/portal/keyhouse-tokens.0123456789abcdef.js');
    expect([old.status, old.headers.get('location')]).toEqual([307, '/auth/portal/keyhouse-tokens.js']);
  });
});
