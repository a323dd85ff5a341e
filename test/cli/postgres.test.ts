import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../services/postgres.ts';
import { newInstallation, PASSWORD } from './command.ts';

suiteNeeding('postgresql', 'the command line on PostgreSQL', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await requireDatabase();
  });
  afterAll(() => database.drop());

  it('works beside running servers, and what it revokes ends for them at once', { timeout: 120_000 }, async () => {
    const { json, run, serve } = newInstallation();
    const env = { KEYHOUSE_DATABASE_URL: database.url };
    const none = await run(['token', 'list'], { env });
    expect(none).toMatchObject({ code: 78, stdout: '' });
    expect(none.stderr).not.toContain(database.url);
    await json(['init', '--admin-email', 'ops@example.com', '--admin-password-stdin'], { env, input: PASSWORD });
    const { api } = await serve([], { env });
    await json(['owner', 'put', 'user-42', '--workspace', 'org-7', '--permissions', 'servers:read'], { env });
    const token = await json(['token', 'create', '--name', 'ci', '--inherit', '--owner', 'user-42'], { env });
    const ask = async () =>
      (await fetch(`${api}/v1/auth/test`, { headers: { Authorization: `Bearer ${token.value}` } })).status;
    expect(await ask()).toBe(200);
    expect((await json(['token', 'revoke', token.id], { env })).guarantee.class).toBe('cluster');
    expect(await ask()).toBe(401);
    expect((await json(['doctor'], { env })).ok).toBe(true);

    await json(['audit', 'checkpoint'], { env });
    expect(await json(['audit', 'verify'], { env })).toMatchObject({ sound: true, unsigned_events: 0 });

    for (const args of [
      ['backup', 'copy.sqlite'],
      ['pepper', 'rotate'],
    ]) {
      const refused = await run(args, { env });
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('PostgreSQL');
    }
    expect((await run(['restore', 'copy.sqlite', '--keys=trust'], { env })).code).toBe(78);
  });
});
