import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { within } from '../services/deadline.ts';
import { newInstallation, setUpInstallation } from './command.ts';

const SOME_VALUE = `kh_live_${'4n2hV9cWqTzL8xYbRk3MsA'.padEnd(32, '0')}`;

describe('how a command ends', { timeout: 120_000 }, () => {
  it('ends with 2 for a command line that is not right, and suggests what was meant', async () => {
    const { run } = newInstallation();
    const unknown = await run(['tokn', 'list']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toBe("unknown command 'tokn'\n(Did you mean token?)\nSee: keyhouse --help\n");
    const inGroup = await run(['token', 'revok']);
    expect(inGroup.stderr).toBe("unknown command 'revok'\n(Did you mean revoke?)\nSee: keyhouse token --help\n");
    const option = await run(['token', 'list', '--onwer', 'x']);
    expect(option.stderr).toBe("unknown option '--onwer'\n(Did you mean --owner?)\nSee: keyhouse token list --help\n");
    const missing = await run(['token', 'create', '--json']);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(missing.stderr)).toEqual({
      code: 'usage',
      detail: "required option '--name <name>' not specified",
      hint: 'See: keyhouse token create --help',
      exit_code: 2,
    });
    expect((await run([])).code).toBe(2);
    expect((await run(['token', 'usage', '--metadata'])).code).toBe(2);
  });

  it('shows help with an example for every command, and the version', async () => {
    const { run } = newInstallation();
    const help = await run(['token', 'create', '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Examples:\n  keyhouse token create --name ci --permissions servers:read');
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('ends with 78 where there is no store, and makes none in passing', async () => {
    const { run, dataDir } = newInstallation();
    const refused = await run(['token', 'list', '--json']);
    expect(refused).toMatchObject({ code: 78, stdout: '' });
    expect(JSON.parse(refused.stderr)).toMatchObject({ code: 'configuration', exit_code: 78 });
    expect(refused.stderr).toContain(`There is no Keyhouse store in ${dataDir}`);
    expect((await run(['doctor'])).stdout).toContain('There is no store yet');
    expect((await run(['token', 'list'])).code).toBe(78);
  });

  it('ends with 78 for a configuration that is wrong, with all of it at once', async () => {
    const { run } = newInstallation();
    const wrong = await run(['serve', '--api-port', '99999', '--api-host', '0.0.0.0'], {
      env: { KEYHOUSE_ENVIRONMENTS: 'live,prod' },
    });
    expect(wrong.code).toBe(78);
    for (const part of ['--api-port: 99999', '--api-host: 0.0.0.0', 'KEYHOUSE_ENVIRONMENTS: prod']) {
      expect(wrong.stderr).toContain(part);
    }
  });

  it('ends with 69 when something else listens where it should, and gives the folder up', async () => {
    const one = await setUpInstallation();
    const other = await setUpInstallation();
    const { api } = await one.serve();
    const refused = await other.run(['serve', '--api-port', new URL(api).port]);
    expect(refused).toMatchObject({ code: 69, stdout: '' });
    expect(refused.stderr).toContain('Give --api-port or --dashboard-port another port, or 0 for a free one.');
    expect((await other.run(['serve', '--data-dir', one.dataDir])).stderr).toContain('is in use by process');
    expect((await other.json(['token', 'list'])).data).toHaveLength(1);
  });

  it('ends with 1 for what is refused, in the words of the API', async () => {
    const { run } = await setUpInstallation();
    const json = await run(['token', 'read', 'tok_0000000000000000000000', '--json']);
    expect(json).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(json.stderr)).toMatchObject({ status: 404, code: 'not_found' });
    const words = await run(['token', 'create', '--name', '', '--permissions', 'a', '--owner', 'user-42']);
    expect(words).toMatchObject({ code: 1, stdout: '' });
    expect(words.stderr).toBe('The request is not valid.\n  name: Between 1 and 100 characters.\n');
    const exceeding = await run([
      'token',
      'create',
      '--name',
      'x',
      '--permissions',
      'invoices:read',
      '--owner',
      'user-42',
    ]);
    expect(exceeding.code).toBe(77);
  });

  it('waits for nobody: a reader that has gone ends it quietly', async () => {
    const { folder, json } = await setUpInstallation();
    for (const name of ['a', 'b']) await json(['token', 'create', '--name', name, '--inherit', '--owner', 'user-42']);
    const bin = join(import.meta.dirname, '../../bin/keyhouse.mjs');
    const child = spawn(process.execPath, [bin, 'audit', 'list'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await within(once(child, 'close'), 60_000, 'the command ends');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('refuses secrets on the command line and never repeats them', async () => {
    const { run } = newInstallation();
    for (const args of [
      ['token', 'read', SOME_VALUE],
      ['token', 'list', '--token', SOME_VALUE],
      ['token', 'list', `--token=${SOME_VALUE}`],
      ['token', 'list', '--url', `https://${SOME_VALUE}`],
      [SOME_VALUE],
      ['init', '--admin-password', 'a password of mine'],
      ['token', 'list', '--database-url', 'postgres://keyhouse:a password of mine@db/keyhouse'],
    ]) {
      for (const form of [args, [...args, '--json']]) {
        const refused = await run(form);
        expect(refused, form.join(' ')).toMatchObject({ code: 2, stdout: '' });
        expect(refused.stderr).not.toContain(SOME_VALUE);
        expect(refused.stderr).not.toContain('a password of mine');
      }
    }
  });

  it('ends with 78 for a pepper that others can read, and says how to close it', async () => {
    const { run, dataDir } = await setUpInstallation();
    chmodSync(`${dataDir}.secrets/pepper.json`, 0o644);
    const refused = await run(['token', 'list']);
    expect(refused).toMatchObject({ code: 78, stdout: '' });
    expect(refused.stderr).toContain('chmod 600');
    const { code, stdout } = await run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toContain('PROBLEM  pepper');
  });
});
