import { describe, expect, it } from 'vitest';
import { newInstallation, PASSWORD, setUpInstallation } from './command.ts';

const INIT = ['init', '--admin-email', 'ops@example.com', '--admin-password-stdin'];

describe('keyhouse init', { timeout: 120_000 }, () => {
  it('makes the store, its administrator and the first token without a prompt', async () => {
    const { json, run } = newInstallation();
    const made = await json([...INIT, '--workspace', 'Example Ltd', '--admin-name', 'Ops'], { input: `${PASSWORD}\n` });
    expect(made).toMatchObject({
      user: { email: 'ops@example.com', name: 'Ops', memberships: [{ roles: ['admin'] }] },
      workspace: { name: 'Example Ltd', home: true },
      token: { state: 'active' },
    });
    expect(made.token.value).toMatch(/^kh_live_/);
    const verdict = await json(['token', 'verify', '--all-of', 'keyhouse-tokens:write'], { input: made.token.value });
    expect(verdict.allowed).toBe(true);
    const again = await run([...INIT, '--json'], { input: PASSWORD });
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(again.stderr).code).toBe('already_set_up');
  });

  it('does the same on a server that runs, whose printed code ends with it', async () => {
    const { json, serve } = newInstallation();
    const { api, setup_code: code } = await serve();
    expect(code).not.toBeNull();
    const made = await json(INIT, { input: PASSWORD });
    expect(made.workspace).toMatchObject({ name: 'Home', home: true });
    const late = await fetch(`${api}/v1/setup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code, email: 'mallory@example.com', password: PASSWORD, workspace: 'Mine' }),
    });
    expect(late.status).toBe(409);
  });

  it('shows a person the token once, on a line of its own', async () => {
    const { run } = newInstallation();
    const { stdout, code } = await run(INIT, { input: `${PASSWORD}\n` });
    expect(code).toBe(0);
    expect(stdout.match(/^kh_live_[0-9A-Za-z]{32}$/gm)).toHaveLength(1);
    expect(stdout).toContain('shown this once');
    expect(stdout).not.toContain(PASSWORD);
  });

  it('refuses to guess: no prompt without a terminal, no weak password, none at all', async () => {
    const { run } = newInstallation();
    expect(await run(['init'])).toMatchObject({ code: 2, stdout: '' });
    expect((await run(INIT)).code).toBe(2);
    const weak = await run(INIT, { input: 'short' });
    expect(weak.code).toBe(1);
    expect(weak.stderr).toContain('password: Use at least 10 characters.');
    expect((await run(INIT, { input: PASSWORD })).code).toBe(0);
  });

  it('makes the store with the profile that is configured, and commands speak its dialect', async () => {
    const { json, run } = newInstallation();
    await json([...INIT, '--profile', 'deployerp'], { input: PASSWORD });
    await json(['owner', 'put', 'user-42', '--workspace', 'org-7', '--permissions', 'servers:read']);
    const args = ['token', 'create', '--name', 'ci', '--permissions', 'servers:read', '--owner', 'user-42'];
    const token = await json([...args, '--ip', '203.0.113.7']);
    expect(token.id).toMatch(/^key_/);
    expect(token.ip_whitelist).toEqual(['203.0.113.7']);
    const { stdout } = await run(['token', 'read', token.id]);
    expect(stdout).toMatch(/^from +203\.0\.113\.7$/m);
    expect((await run(args)).stdout).toContain('This API key is shown this once');
    const unknown = await run(['token', 'create', '--name', 'x', '--permissions', 'nope:read', '--owner', 'user-42']);
    expect(unknown).toMatchObject({ code: 1 });
    expect(unknown.stderr).toContain('There is no permission nope:read.');
  });

  it('begins anew, and puts aside what was there', async () => {
    const { json, run, adminToken, serve } = await setUpInstallation();
    const made = await json([...INIT, '--new-store'], { input: PASSWORD });
    expect((await json(['token', 'list'])).data).toHaveLength(1);
    expect((await run(['token', 'verify', '--json'], { input: adminToken })).json).toMatchObject({ allowed: false });
    expect((await json(['token', 'verify'], { input: made.token.value })).allowed).toBe(true);
    await serve();
    const busy = await run(['init', '--new-store']);
    expect(busy).toMatchObject({ code: 69, stdout: '' });
    expect(busy.stderr).toContain('is in use by process');
  });
});
