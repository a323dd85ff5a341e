import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import type { StartRefused } from './start-refused.ts';

const load = (env: NodeJS.ProcessEnv) => loadConfig({}, env, tmpdir());

describe('the settings of signed identities', () => {
  it('switch nothing on by default', async () => {
    expect((await load({})).identity).toEqual({ issuer: 'keyhouse', audience: null, accepts: null });
  });

  it('say whom to sign for and whom to believe', async () => {
    const { identity } = await load({
      KEYHOUSE_IDENTITY_AUDIENCE: 'api',
      KEYHOUSE_IDENTITY_ISSUER: 'https://keyhouse.example.com',
      KEYHOUSE_ACCEPT_IDENTITY_AUDIENCE: 'gateway',
      KEYHOUSE_ACCEPT_IDENTITY_KEYS: 'https://front.example.com/.well-known/jwks.json',
      KEYHOUSE_TRUSTED_PROXIES: '203.0.113.7',
    });
    expect(identity).toEqual({
      issuer: 'https://keyhouse.example.com',
      audience: 'api',
      accepts: { audience: 'gateway', keys: new URL('https://front.example.com/.well-known/jwks.json') },
    });
  });

  const refused: readonly (readonly [NodeJS.ProcessEnv, string])[] = [
    [{ KEYHOUSE_IDENTITY_AUDIENCE: 'two words' }, 'KEYHOUSE_IDENTITY_AUDIENCE: must be'],
    [{ KEYHOUSE_IDENTITY_ISSUER: 'é' }, 'KEYHOUSE_IDENTITY_ISSUER: must be'],
    [{ KEYHOUSE_ACCEPT_IDENTITY_AUDIENCE: 'gateway' }, 'needs --trusted-proxies'],
    [{ KEYHOUSE_ACCEPT_IDENTITY_KEYS: 'https://front.example.com/' }, 'needs --accept-identity-audience'],
    ...['http://front.example.com/', 'ftp://127.0.0.1/', 'https://a:b@front.example.com/', 'keys'].map(
      (url): [NodeJS.ProcessEnv, string] => [{ KEYHOUSE_ACCEPT_IDENTITY_KEYS: url }, 'is no https:// address'],
    ),
  ];
  it.each(refused)('%j are refused', async (env, sentence) => {
    const error = (await load(env).catch((caught: unknown) => caught)) as StartRefused;
    expect(error.message).toContain(sentence);
    expect(error.message).not.toContain('a:b');
  });

  it('take a key set of this machine without TLS', async () => {
    const { identity } = await load({
      KEYHOUSE_ACCEPT_IDENTITY_AUDIENCE: 'gateway',
      KEYHOUSE_ACCEPT_IDENTITY_KEYS: 'http://127.0.0.1:8000/.well-known/jwks.json',
      KEYHOUSE_TRUSTED_PROXIES: '127.0.0.1',
    });
    expect(identity.accepts?.keys?.hostname).toBe('127.0.0.1');
  });
});
