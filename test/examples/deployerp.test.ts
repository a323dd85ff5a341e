import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { runReadme } from './readme.ts';
import { type RunningExample, startExample } from './running-example.ts';

describe('the example deployerp', () => {
  let first: RunningExample;

  beforeAll(async () => {
    first = await startExample('deployerp');
  });
  afterAll(() => first?.close());

  it('serves resources and keys on one origin, with limits in every answer', async () => {
    const servers = await first.ask('GET', '/v1/servers', first.token);
    expect(servers.json.data).toEqual([expect.objectContaining({ name: 'web-1' })]);
    expect(servers.headers.get('x-ratelimit-limit')).toBe('10000');
    const keys = await first.ask('GET', '/v1/api-keys', first.token);
    expect(keys.json.data).toEqual([expect.objectContaining({ name: 'First key', state: 'active' })]);
    for (const resource of ['instances', 'backups', 'teams', 'invoices']) {
      expect((await first.ask('GET', `/v1/${resource}`, first.token)).json.data).toHaveLength(1);
    }
  });

  it('has users with roles, and keys for them that stay within those', async () => {
    const { json: users } = await first.ask('GET', '/v1/users', first.token);
    const byEmail = new Map(users.data.map((user: { email: string }) => [user.email.split('@')[0], user]));
    expect([...byEmail.keys()].sort()).toEqual(['admin', 'deployer', 'viewer']);
    const owner = { id: (byEmail.get('viewer') as { id: string }).id };
    const { value } = await first.makeKey({ owner, permissions: ['servers:read'], tier: 'unlimited' });
    expect((await first.ask('GET', '/v1/servers', value)).status).toBe(200);
    await expect(first.makeKey({ owner, permissions: ['servers:write'] })).rejects.toThrow('exceeds_creator');
  });
});

suiteNeeding('curl', 'README of the example deployerp', () => {
  it('shows the servers, where the key stands in its limits, and a key that may only look', async () => {
    const { script } = await runReadme(join(import.meta.dirname, '../../examples/deployerp/README.md'));
    expect(script.stdout).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(script.stdout).toContain('"name":"web-1"');
    expect(script.stdout).toMatch(/^X-Auth-Rate-Limit: \d{4}\/10000/m);
    expect(script.stdout).toMatch(/"name":"monitoring-key".*"state":"active"/);
  });
});
