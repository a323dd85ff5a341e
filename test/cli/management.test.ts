import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyhouse } from '../../src/profile/index.ts';
import { setUpInstallation } from './command.ts';

describe('owners, roles, workspaces and the profile by command line', { timeout: 180_000 }, () => {
  it.each(['stopped', 'running'])('syncs many owners, line by line, with the server %s', async (state) => {
    const { folder, json, run, serve } = await setUpInstallation();
    if (state === 'running') await serve();
    const line = (id: string, more: object) => `${JSON.stringify({ external_id: id, ...more })}\n`;
    const workspace = { external_id: 'org-7' };
    const file = join(folder, 'owners.ndjson');
    writeFileSync(
      file,
      line('user-42', { workspace, permissions: ['servers:read'] }) +
        line('user/43', { name: 'Grace', workspace, permissions: ['servers:*'] }) +
        line('user-44', { workspace, permissions: ['Servers:read'] }),
    );
    const dry = await run(['owner', 'sync', file, '--dry-run', '--json']);
    expect(dry).toMatchObject({ code: 1, json: { dry_run: true, created: 1, updated: 1, narrowed: 1, rejected: 1 } });
    expect((await run(['owner', 'read', 'user/43'])).code).toBe(1);
    const done = await run(['owner', 'sync', file]);
    expect(done.code).toBe(1);
    expect(done.stdout).toContain('1 created, 1 updated (1 of them narrowed), 0 unchanged, 1 rejected.');
    expect(await json(['owner', 'read', 'user/43'])).toMatchObject({ name: 'Grace' });
    expect((await json(['owner', 'list', '--search', 'grace'])).data).toHaveLength(1);
    expect((await json(['owner', 'delete', 'user/43'])).revoked_ids).toEqual([]);
    expect((await run(['owner', 'sync', 'nowhere.ndjson'])).code).toBe(2);
  });

  it('creates a role, gives it to somebody, cuts it and is kept from deleting it', async () => {
    const { json, run } = await setUpInstallation();
    const role = await json(['role', 'create', '--name', 'helpdesk', '--permissions', 'servers:read,invoices:read']);
    await json(['owner', 'put', 'user-42', '--workspace', 'org-7', '--roles', 'helpdesk']);
    const token = await json(['token', 'create', '--name', 'ci', '--inherit', '--owner', 'user-42']);
    const may = async (permission: string) =>
      (await run(['token', 'verify', '--all-of', permission, '--json'], { input: token.value })).json.allowed;
    expect(await may('invoices:read')).toBe(true);
    const cut = await json(['role', 'update', 'helpdesk', '--permissions', 'servers:read']);
    expect(cut).toMatchObject({ id: role.id, permissions: ['servers:read'], guarantee: { class: 'process' } });
    expect(await may('invoices:read')).toBe(false);
    expect((await run(['role', 'delete', 'helpdesk'])).stderr).toContain('1 membership holds the role helpdesk');
    expect((await run(['role', 'delete', 'frontdesk'])).stderr).toContain('There is no role frontdesk.');
    const { stdout } = await run(['role', 'list']);
    expect(stdout).toMatch(/^rol_\w+ +admin \(built in\) +everything, keyhouse-tokens:\*/m);
    expect(stdout).toMatch(/^rol_\w+ +helpdesk +servers:read$/m);
  });

  it('shows a profile, says everything that is wrong with a file, and asks before it narrows', async () => {
    const { folder, json, run } = await setUpInstallation();
    const file = (name: string, content: unknown) => {
      writeFileSync(join(folder, name), JSON.stringify(content));
      return name;
    };
    expect(await json(['profile', 'show'])).toMatchObject({ name: 'keyhouse', version: 1 });
    const broken = file('broken.json', {
      ...keyhouse,
      name: 'A B',
      limits: { ...keyhouse.limits, defaultTier: 'gold' },
    });
    const checked = await run(['profile', 'check', broken, '--json']);
    expect(checked).toMatchObject({ code: 1, json: { ok: false } });
    expect(checked.json.problems.map(({ path }: { path: string }) => path)).toEqual(['$.name', '$.limits.defaultTier']);
    expect((await run(['profile', 'apply', broken])).stderr).toContain('$.limits.defaultTier');
    expect((await run(['profile', 'check', 'deployerp'])).code).toBe(0);
    expect((await run(['profile', 'check', 'nowhere.json'])).code).toBe(2);

    const acme = file('acme.json', { ...keyhouse, name: 'acme', tokensPerWorkspaceMax: 1 });
    expect(await json(['profile', 'apply', acme, '--dry-run'])).toMatchObject({ applied: false, name: 'acme' });
    const narrowed = file('narrow.json', { ...keyhouse, name: 'acme', grants: ['permissions'] });
    const refused = await run(['profile', 'apply', narrowed]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    const applied = await json(['profile', 'apply', narrowed, '--allow-narrowing']);
    expect(applied).toMatchObject({ applied: true, version: 2, guarantee: { class: 'process' } });
    expect((await json(['profile', 'show'])).name).toBe('acme');
  });

  it('lets a server that starts and commands at that moment wait for one another', async () => {
    const { json, serve } = await setUpInstallation();
    const lists = () => Promise.all([1, 2, 3].map(() => json(['token', 'list'])));
    const [served, ...answers] = await Promise.all([serve(), lists()]);
    expect(answers.flat().map(({ data }) => data.length)).toEqual([1, 1, 1]);
    const asked = await fetch(`${served.api}/healthz`);
    expect(asked.status).toBe(200);
  });
});
