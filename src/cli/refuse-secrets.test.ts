import { describe, expect, it } from 'vitest';
import { deployerp, keyhouse } from '../profile/index.ts';
import { generateToken } from '../token/index.ts';
import { refuseSecretsIn } from './refuse-secrets.ts';

const random = { bytes: (count: number) => new Uint8Array(count).fill(77) };

describe('refuseSecretsIn', () => {
  it('refuses the values of every kind and profile, wherever they stand, without repeating them', () => {
    for (const { token } of [keyhouse, deployerp, { token: { ...keyhouse.token, environments: [] } }]) {
      for (const kind of ['token', 'access', 'setup', 'claim'] as const) {
        const value = generateToken(token, kind, token.environments[0] ?? null, random);
        for (const argv of [
          [value],
          ['token', 'read', value],
          [`--name=${value}`],
          ['--metadata', `Bearer ${value}`],
        ]) {
          const refusal = catchError(() => refuseSecretsIn(argv));
          expect(refusal, value).toMatchObject({ exitCode: 2 });
          expect(JSON.stringify(refusal)).not.toContain(value);
          expect(String(refusal)).not.toContain(value);
        }
      }
    }
  });

  it('lets ids, hints, digests and ordinary words pass', () => {
    refuseSecretsIn(['token', 'read', 'tok_4n2hV9cWqTzL8xYbRk3MsA', '--owner', 'own_4n2hV9cWqTzL8xYbRk3MsA']);
    refuseSecretsIn(['token', 'list', '--search', 'kh_live_4n2a…Zq8C', '--token-file', 'token.txt']);
    refuseSecretsIn(['restore', '/backups/keyhouse_live_0123456789abcdef0123456789abcdef.sqlite', '--keys=trust']);
    refuseSecretsIn(['init', '--admin-password-stdin']);
  });
});

function catchError(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
