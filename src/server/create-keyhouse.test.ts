import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyhouse, type Keyhouse } from './create-keyhouse.ts';

describe('Keyhouse inside an application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-embedded-'));
  let keyhouse: Keyhouse;
  beforeAll(async () => {
    keyhouse = await createKeyhouse({ dataDir: join(folder, 'data') });
  });
  afterAll(async () => {
    await keyhouse?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('row 30c: is set up without a code by the application itself, and once', async () => {
    const input = { email: 'grace@provider.example', password: 'a long and quiet evening', workspace: 'Provider' };
    await expect(keyhouse.setUp({ ...input, password: 'short' })).rejects.toMatchObject({ code: 'invalid_input' });
    const { user, workspace, token } = await keyhouse.setUp(input);
    expect([user.email, workspace.home]).toEqual(['grace@provider.example', true]);
    expect((await keyhouse.tokens.read({ id: token.id })).owner.id).toBe(user.id);
    await expect(keyhouse.setUp(input)).rejects.toMatchObject({ code: 'already_set_up' });
    expect((await keyhouse.users.list({})).data).toHaveLength(1);
  });

  it('gives the pages for people to a listener of their own, and nothing of the API with them', async () => {
    const server = createServer(keyhouse.dashboard({ apiUrl: 'https://api.provider.example' }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const page = await fetch(url);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      const about = (await (await fetch(`${url}/v1/dashboard`)).json()) as { readonly api_url: string };
      expect(about.api_url).toBe('https://api.provider.example');
      expect((await fetch(`${url}/v1/tokens`)).status, 'for who is signed in').toBe(401);
      expect((await fetch(`${url}/v1/auth/nothing`)).status).toBe(404);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
