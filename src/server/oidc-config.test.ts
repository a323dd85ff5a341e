import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Given, loadConfig } from './config.ts';
import type { StartRefused } from './start-refused.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-oidc-'));
  writeFileSync(join(folder, 'secret'), 'of the file\n');
  writeFileSync(join(folder, 'empty'), '\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (env: NodeJS.ProcessEnv, flags: Given = {}) => loadConfig(flags, env, folder);
const PROVIDER = { KEYHOUSE_OIDC_ISSUER: 'https://login.example.com/tenant', KEYHOUSE_OIDC_CLIENT_ID: 'keyhouse' };

describe('the settings of single sign-on', () => {
  it('switch nothing on by default', async () => {
    expect(await load({})).toMatchObject({ oidc: null, passwordSignIn: true });
  });

  it('let in users who are there already, and nobody else, unless told', async () => {
    const { oidc } = await load(PROVIDER);
    expect(oidc).toMatchObject({
      clientId: 'keyhouse',
      clientSecret: null,
      label: 'Single sign-on',
      admission: { domains: [], newUsers: null },
    });
    expect(oidc?.issuer.href).toBe('https://login.example.com/tenant');
  });

  it('say whom else to let in, and take the secret from a file', async () => {
    const config = await load({
      ...PROVIDER,
      KEYHOUSE_OIDC_CLIENT_SECRET_FILE: 'secret',
      KEYHOUSE_OIDC_DOMAINS: '@Example.com, example.org',
      KEYHOUSE_OIDC_NEW_USER_ROLES: 'member,support',
      KEYHOUSE_OIDC_NEW_USER_WORKSPACE: 'org-1',
      KEYHOUSE_PASSWORD_SIGN_IN: 'false',
    });
    expect(config.passwordSignIn).toBe(false);
    expect(config.oidc?.clientSecret).toBe('of the file');
    expect(config.oidc?.admission).toEqual({
      domains: ['example.com', 'example.org'],
      newUsers: { roles: ['member', 'support'], workspace: 'org-1' },
    });
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ KEYHOUSE_OIDC_CLIENT_ID: 'keyhouse' }, 'KEYHOUSE_OIDC_CLIENT_ID: needs --oidc-issuer'],
    [{ KEYHOUSE_OIDC_DOMAINS: 'example.com' }, 'KEYHOUSE_OIDC_DOMAINS: needs --oidc-issuer'],
    [{ KEYHOUSE_PASSWORD_SIGN_IN: 'false' }, 'nobody could sign in'],
    [{ KEYHOUSE_OIDC_ISSUER: 'https://login.example.com' }, 'oidcClientId: is needed'],
    ...['http://login.example.com', 'https://a:hidden@login.example.com', 'https://login.example.com/?x', 'login'].map(
      (url): [NodeJS.ProcessEnv, string] => [{ ...PROVIDER, KEYHOUSE_OIDC_ISSUER: url }, 'is no https:// address'],
    ),
    [{ ...PROVIDER, KEYHOUSE_OIDC_NEW_USER_ROLES: 'member' }, 'needs --oidc-domains'],
    [{ ...PROVIDER, KEYHOUSE_OIDC_NEW_USER_WORKSPACE: 'org-1' }, 'needs --oidc-new-user-roles'],
    [{ ...PROVIDER, KEYHOUSE_OIDC_DOMAINS: 'example.com,*' }, '* is no domain'],
    [{ ...PROVIDER, KEYHOUSE_OIDC_CLIENT_SECRET_FILE: 'none' }, 'cannot be read'],
    [{ ...PROVIDER, KEYHOUSE_OIDC_CLIENT_SECRET_FILE: 'empty' }, 'is empty'],
    [
      { ...PROVIDER, KEYHOUSE_OIDC_CLIENT_SECRET_FILE: 'secret', KEYHOUSE_OIDC_CLIENT_SECRET: 'hidden' },
      'is given beside',
    ],
    [{ ...PROVIDER, KEYHOUSE_TRUSTED_PROXIES: '192.0.2.1' }, 'needs --dashboard-url'],
  ])('%j are refused', async (env, sentence) => {
    const error = (await load(env).catch((caught: unknown) => caught)) as StartRefused;
    expect(error.message).toContain(sentence);
    expect(error.message).not.toContain('hidden');
  });

  it('take no secret from the command line, where others see it', async () => {
    const error = (await load(PROVIDER, { 'oidc-client-secret': 'hidden' }).catch(
      (caught: unknown) => caught,
    )) as Error;
    expect(error.message).toContain('KEYHOUSE_OIDC_CLIENT_SECRET');
    expect(error.message).not.toContain('hidden');
  });
});
