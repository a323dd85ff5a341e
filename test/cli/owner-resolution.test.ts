import { describe, expect, it } from 'vitest';
import { setUpInstallation } from './command.ts';

describe('whose token it is', { timeout: 120_000 }, () => {
  it('is read as an id, an external id or the e-mail address of a user', async () => {
    const { json, serve } = await setUpInstallation();
    await serve();
    const external = await json(['owner', 'read', 'user-42']);
    const [admin] = (await json(['user', 'list'])).data;
    const ownerOf = async (owner: string) =>
      (await json(['token', 'create', '--name', 'of', '--inherit', '--owner', owner])).owner.id;
    expect(await ownerOf(external.id)).toBe(external.id);
    expect(await ownerOf('user-42')).toBe(external.id);
    expect(await ownerOf('external:user-42')).toBe(external.id);
    expect(await ownerOf(admin.id)).toBe(admin.id);
    expect(await ownerOf('ops@example.com')).toBe(admin.id);
    expect(await ownerOf('OPS@example.com')).toBe(admin.id);
    expect(await ownerOf('email:ops@example.com')).toBe(admin.id);
  });

  it('is asked back when an e-mail address is also the external id of somebody else', async () => {
    const { json, run, serve } = await setUpInstallation();
    await serve();
    await json(['owner', 'put', 'ops@example.com', '--workspace', 'org-7', '--permissions', 'servers:read']);
    const refused = await run(['token', 'create', '--name', 'of', '--inherit', '--owner', 'ops@example.com']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('--owner email:ops@example.com or --owner external:ops@example.com');
    const chosen = await json(['token', 'create', '--name', 'of', '--inherit', '--owner', 'external:ops@example.com']);
    expect(chosen.owner).toMatchObject({ kind: 'external', external_id: 'ops@example.com' });
  });

  it('is refused when nobody is called so', async () => {
    const { run } = await setUpInstallation();
    for (const owner of ['nobody@example.com', 'user-43', 'own_0000000000000000000000']) {
      const refused = await run(['token', 'create', '--name', 'of', '--inherit', '--owner', owner]);
      expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'There is no such owner within your reach.\n' });
    }
    const unnamed = await run(['token', 'create', '--name', 'of', '--inherit']);
    expect(unnamed.code).toBe(1);
    expect(unnamed.stderr).toContain('owner: Say whose token this is');
  });

  it('filters lists, and narrows users and service accounts by what people call them', async () => {
    const { json } = await setUpInstallation();
    await json([
      'service-account',
      'create',
      '--name',
      'deployer',
      '--workspace',
      'org-7',
      '--permissions',
      'servers:*',
    ]);
    const token = await json(['token', 'create', '--name', 'cd', '--inherit', '--owner', 'user-42']);
    const list = await json(['token', 'list', '--owner', 'user-42', '--workspace', 'org-7']);
    expect(list.data).toHaveLength(1);
    expect(list.data[0].id).toBe(token.id);
    const disabled = await json(['service-account', 'disable', 'deployer']);
    expect(disabled).toMatchObject({ name: 'deployer', disabled: true });
    expect((await json(['service-account', 'read', 'Deployer'])).id).toBe(disabled.id);
    const renamed = await json(['user', 'update', 'ops@example.com', '--name', 'Operations']);
    expect(renamed).toMatchObject({ kind: 'user', name: 'Operations', email: 'ops@example.com' });
    const paused = await json(['workspace', 'disable', 'org-7']);
    expect(paused).toMatchObject({ external_id: 'org-7', disabled: true });
  });
});
