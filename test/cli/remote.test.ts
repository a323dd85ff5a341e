import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { within } from '../services/deadline.ts';
import { newInstallation, PASSWORD, setUpInstallation } from './command.ts';

describe('a Keyhouse elsewhere', { timeout: 120_000 }, () => {
  it('is worked on with a token from the environment or from a file', async () => {
    const { serve, adminToken } = await setUpInstallation();
    const { api } = await serve();
    const away = newInstallation();
    const env = { KEYHOUSE_TOKEN: adminToken };
    const made = await away.json(
      ['token', 'create', '--name', 'ci', '--permissions', 'servers:read', '--owner', 'user-42', '--url', api],
      { env },
    );
    expect(made.created_by).toMatchObject({ kind: 'token' });
    const file = join(away.folder, 'token.txt');
    writeFileSync(file, `${adminToken}\n`, { mode: 0o600 });
    const list = await away.json(['token', 'list', '--url', `${api}/`, '--token-file', 'token.txt']);
    expect(list.data[0].id).toBe(made.id);
    chmodSync(file, 0o644);
    const warned = await away.run(['user', 'list', '--url', api, '--token-file', 'token.txt', '--json']);
    expect(warned.code).toBe(0);
    expect(JSON.parse(warned.stderr).warning).toContain('chmod 600');
    const revoked = await away.run(['token', 'revoke', made.id], { env: { ...env, KEYHOUSE_URL: api } });
    expect(revoked.stdout).toContain(made.id);
    const verdict = await away.run(['token', 'verify', '--url', api, '--json'], { env, input: made.value });
    expect(verdict).toMatchObject({ code: 1, json: { code: 'invalid_token' } });
  });

  it('ends with 77 where the token may not, with 69 where nobody answers', async () => {
    const { serve, json, run } = await setUpInstallation();
    const { api, process: server } = await serve();
    const { value } = await json(['token', 'create', '--name', 'ci', '--inherit', '--owner', 'user-42']);
    const env = { KEYHOUSE_TOKEN: value };
    const denied = await run(['user', 'list', '--url', api, '--json'], { env });
    expect(denied).toMatchObject({ code: 77, stdout: '' });
    expect(JSON.parse(denied.stderr)).toMatchObject({
      code: 'insufficient_permissions',
      missing: ['keyhouse-users:read'],
    });
    const unknown = await run(['user', 'list', '--url', api], { env: { KEYHOUSE_TOKEN: `${value.slice(0, -1)}_` } });
    expect(unknown.code).toBe(77);
    await server.stop();
    const gone = await run(['user', 'list', '--url', api, '--json'], { env });
    expect(gone).toMatchObject({ code: 69, stdout: '' });
    expect(JSON.parse(gone.stderr)).toMatchObject({ code: 'unavailable', exit_code: 69 });
    for (const ran of [denied, unknown, gone]) expect(ran.stderr).not.toContain(value);
  });

  it('finds where a company has put its tokens, although its token may not read the profile', async () => {
    const { json, run, serve } = newInstallation();
    await json(['init', '--admin-email', 'ops@example.com', '--admin-password-stdin', '--profile', 'deployerp'], {
      input: PASSWORD,
    });
    const { api } = await serve();
    const reader = await json([
      'token',
      'create',
      '--name',
      'reader',
      '--permissions',
      'keyhouse-tokens:read',
      '--owner',
      'ops@example.com',
    ]);
    const list = await run(['token', 'list', '--url', api], { env: { KEYHOUSE_TOKEN: reader.value } });
    expect(list.stderr).toBe('');
    expect(list.stdout).toContain(reader.id);
  });

  it('is never sent a token in the clear, nor to where a redirect leads', async () => {
    const { run } = newInstallation();
    const env = { KEYHOUSE_TOKEN: 'kh_live_not_checked_here' };
    expect(await run(['user', 'list', '--url', 'http://keys.example.com'], { env })).toMatchObject({
      code: 2,
      stdout: '',
    });
    expect((await run(['user', 'list', '--url', 'ftp://keys.example.com'], { env })).code).toBe(2);
    expect((await run(['user', 'list', '--url', 'https://a:b@keys.example.com'], { env })).code).toBe(2);
    expect((await run(['user', 'list', '--url', 'https://keys.example.com'])).stderr).toContain(
      'KEYHOUSE_TOKEN is not set',
    );
    expect((await run(['user', 'list', '--token-file', 'token.txt'])).code).toBe(2);
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(302, { Location: 'http://keys.example.com/v1/users' }).end();
    });
    onTestFinished(() => void server.close());
    await within(new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening)), 10_000, 'it listens');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const redirected = await run(['user', 'list', '--url', url], { env });
    expect(redirected.code).toBe(69);
    expect(redirected.stderr).toContain('redirect');
    expect(asked).toBe(1);
  });

  it('is not meant by commands that work on files of this machine', async () => {
    const { json } = await setUpInstallation();
    const env = { KEYHOUSE_URL: 'https://keys.example.com', KEYHOUSE_TOKEN: 'unused' };
    expect(await json(['pepper', 'rotate'], { env })).toMatchObject({ current: 2 });
  });
});
