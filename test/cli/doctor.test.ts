import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startOpenIdProvider } from '../people/running-openid-provider.ts';
import { newInstallation, setUpInstallation } from './command.ts';

describe('keyhouse doctor', { timeout: 120_000 }, () => {
  it('finds nothing wrong with a new installation, whether it is served or not', async () => {
    const { json, serve } = await setUpInstallation();
    for (const owner of [/^Nobody/, /^Process \d+/]) {
      const { ok, checks } = await json(['doctor']);
      expect(checks.filter(({ status }: { status: string }) => status !== 'ok')).toEqual([]);
      expect(ok).toBe(true);
      expect(checks.find(({ check }: { check: string }) => check === 'owner').message).toMatch(owner);
      if (owner.source.startsWith('^Nobody')) await serve();
    }
  });

  it('names what is open to others, what is unsafe and what is misspelt', async () => {
    const { run, dataDir } = await setUpInstallation();
    chmodSync(dataDir, 0o755);
    const { code, json } = await run(['doctor', '--insecure-http', '--api-host', '0.0.0.0', '--json'], {
      env: { KEYHOUSE_API_PROT: '9000' },
    });
    expect(code).toBe(1);
    const bad = json.checks.filter(({ status }: { status: string }) => status !== 'ok');
    expect(bad).toMatchObject([
      { check: 'data folder', status: 'problem', message: expect.stringContaining(`chmod 700 ${dataDir}`) },
      { check: 'configuration', status: 'warning', message: expect.stringContaining('KEYHOUSE_API_PROT') },
      { check: 'addresses', status: 'warning', message: expect.stringContaining('in the clear') },
    ]);
  });

  it('asks the OpenID provider whether it is there and who it says it is', async () => {
    const { run } = await setUpInstallation();
    const provider = await startOpenIdProvider();
    try {
      provider.register('http://127.0.0.1:4300/v1/single-sign-on/oidc/callback');
      const checkOf = async () => {
        const flags = ['--oidc-issuer', provider.issuer, '--oidc-client-id', provider.clientId];
        const { json } = await run(['doctor', ...flags, '--json']);
        return json.checks.find(({ check }: { check: string }) => check === 'single sign-on');
      };
      expect(await checkOf()).toMatchObject({ status: 'ok', message: `${provider.issuer} answers.` });
      provider.setDown(true);
      expect(await checkOf()).toMatchObject({ status: 'problem', message: expect.stringContaining(provider.issuer) });
    } finally {
      await provider.close();
    }
  });

  it('reports a configuration that is wrong instead of failing on it', async () => {
    const { run } = newInstallation();
    const { code, json } = await run(['doctor', '--api-port', 'x', '--json']);
    expect(code).toBe(1);
    expect(json).toMatchObject({ ok: false, checks: [{ check: 'configuration', status: 'problem' }] });
  });
});

describe('keyhouse config', { timeout: 120_000 }, () => {
  it('shows where every setting comes from, and no secret', async () => {
    const { json, run } = newInstallation();
    const env = { KEYHOUSE_API_PORT: '9000', KEYHOUSE_DATABASE_URL: 'postgres://keyhouse:secret-of-mine@db/keyhouse' };
    const { settings } = await json(['config', '--dashboard-port', '9001'], { env });
    const of = (wanted: string) => settings.find(({ name }: { name: string }) => name === wanted);
    expect(of('api-port')).toEqual({ name: 'api-port', value: '9000', source: 'variable' });
    expect(of('dashboard-port')).toEqual({ name: 'dashboard-port', value: '9001', source: 'flag' });
    expect(of('log-level')).toEqual({ name: 'log-level', value: 'info', source: 'default' });
    expect(of('database-url').value).toBe('(not shown)');
    const words = await run(['config'], { env });
    expect(words.stdout).toMatch(/^api-port +9000 +KEYHOUSE_API_PORT$/m);
    expect(words.stdout + words.stderr).not.toContain('secret-of-mine');
    const wrong = await run(['config', '--api-port', '70000']);
    expect(wrong).toMatchObject({ code: 78 });
    expect(wrong.stdout).toMatch(/^api-port +70000 +--api-port$/m);
  });
});
