import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUpInstallation } from './command.ts';

describe('the store by command line', { timeout: 180_000 }, () => {
  it('row 69: a restored backup accepts no token that was revoked after it was made', async () => {
    const { folder, json, run, serve } = await setUpInstallation();
    const { process: server } = await serve();
    const create = (name: string) => json(['token', 'create', '--name', name, '--inherit', '--owner', 'user-42']);
    const [revoked, kept] = [await create('revoked'), await create('kept')];
    const backup = await json(['backup', 'monday.sqlite']);
    expect(backup).toMatchObject({ file: join(folder, 'monday.sqlite') });
    expect(existsSync(backup.file)).toBe(true);
    expect((await run(['backup', 'monday.sqlite'])).stderr).toContain('A backup never overwrites');
    await json(['token', 'revoke', revoked.id]);

    const busy = await run(['restore', 'monday.sqlite', '--keys=revoke-all']);
    expect(busy).toMatchObject({ code: 69 });
    await server.stop();
    expect((await run(['restore', 'monday.sqlite'])).code).toBe(2);
    const restored = await json(['restore', 'monday.sqlite', '--keys=revoke-all']);
    expect(restored).toMatchObject({ store_id: backup.store_id, tokens_revoked: 3 });
    expect(restored.change).toBeGreaterThan(backup.newest_change);

    const { api } = await serve();
    for (const { value } of [revoked, kept]) {
      const asked = await fetch(`${api}/v1/auth/test`, { headers: { Authorization: `Bearer ${value}` } });
      expect(asked.status).toBe(401);
      expect((await run(['token', 'verify', '--json'], { input: value })).json).toMatchObject({
        code: 'invalid_token',
      });
    }
    const fresh = await create('fresh');
    expect((await json(['token', 'verify'], { input: fresh.value })).allowed).toBe(true);
  });

  it('takes a copy as it is when that is what the operator says', async () => {
    const { json, run } = await setUpInstallation();
    const token = await json(['token', 'create', '--name', 'ci', '--inherit', '--owner', 'user-42']);
    await json(['backup', 'monday.sqlite']);
    await json(['token', 'disable', token.id]);
    expect((await json(['restore', 'monday.sqlite', '--keys', 'trust'])).tokens_revoked).toBe(0);
    expect((await run(['token', 'verify', '--json'], { input: token.value })).json.allowed).toBe(true);
  });

  it.each(['stopped', 'running'])('keys new tokens with a new pepper, with the server %s', async (state) => {
    const { json, serve } = await setUpInstallation();
    const create = (name: string) => json(['token', 'create', '--name', name, '--inherit', '--owner', 'user-42']);
    const before = await create('before');
    if (state === 'running') await serve();
    expect(await json(['pepper', 'rotate'])).toEqual({ current: 2, versions: [1, 2] });
    const after = await create('after');
    for (const { value } of [before, after, before]) {
      expect((await json(['token', 'verify'], { input: value })).allowed).toBe(true);
    }
    const events = await json(['audit', 'list', '--action', 'pepper.rotated']);
    expect(events.data).toMatchObject([{ actor: { kind: 'operator' }, details: { current: 2 } }]);
    expect((await json(['doctor'])).ok).toBe(true);
  });

  it('works at once after the server was killed, and loses nothing that was answered', async () => {
    const { json, run, serve } = await setUpInstallation();
    const { process: server } = await serve();
    const token = await json(['token', 'create', '--name', 'ci', '--inherit', '--owner', 'user-42']);
    await json(['token', 'revoke', token.id]);
    await server.stop('SIGKILL');
    expect(await json(['token', 'read', token.id])).toMatchObject({ state: 'revoked' });
    const { stdout } = await run(['doctor']);
    expect(stdout).toContain('Nobody: no server runs on this folder.');
    expect(stdout).toContain('Nothing is broken.');
  });

  it('lets two commands at once take turns', async () => {
    const { json } = await setUpInstallation();
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(
      names.map((name) => json(['token', 'create', '--name', name, '--inherit', '--owner', 'user-42'])),
    );
    const list = await json(['token', 'list', '--owner', 'user-42']);
    expect(list.data.map(({ name }: { name: string }) => name).sort()).toEqual(names);
  });
});
