import { describe, expect, it } from 'vitest';
import { setUpInstallation } from './command.ts';

describe('people on the command line', { timeout: 120_000 }, () => {
  it('invites by a link, and lets back in whoever has lost the password or the second factor', async () => {
    const { run, json } = await setUpInstallation();
    await json(['workspace', 'create', '--name', 'Guests']);
    const { data } = await json(['workspace', 'list']);
    const { id } = data.find(({ name }: { name: string }) => name === 'Guests');
    const invited = await run([
      'user',
      'invite',
      'ada@example.com',
      '--workspace',
      id,
      '--permissions',
      'servers:read',
    ]);
    expect(invited).toMatchObject({ code: 0 });
    expect(invited.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/invitation#khcl_live_\w{32}\n\nNo mail is set up/);
    await json(['user', 'create', '--email', 'grace@example.com', '--workspace', id, '--permissions', 'servers:read']);
    const reset = await json(['user', 'reset-password', 'grace@example.com']);
    expect(reset.link).toMatch(/^\/reset-password#khcl_live_\w{32}$/);
    expect(await json(['user', 'remove-second-factor', 'grace@example.com'])).toMatchObject({ removed: false });
    expect(await json(['user', 'remove-single-sign-on', 'grace@example.com'])).toMatchObject({ removed: false });
    expect(await json(['user', 'sessions', 'grace@example.com'])).toEqual({ data: [] });
    expect((await run(['user', 'sign-out', 'grace@example.com'])).stdout).toMatch(/^There was none\./);
    const nobody = await run(['user', 'reset-password', 'nobody@example.com']);
    expect(nobody.stderr).toContain('There is no user with this e-mail address');
  });
});
