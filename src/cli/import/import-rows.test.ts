import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Conversion, importedRow } from './import-rows.ts';
import { SOURCES, type Source } from './sources.ts';

const conversion = (from: string, more: Partial<Conversion> = {}): Conversion => {
  const source = SOURCES[from] as Source;
  return { source, columns: source.columns, map: new Map(), grant: null, fixed: {}, ...more };
};

describe('a row of another system', () => {
  it('is read as Unkey moves keys', () => {
    const row = {
      keyId: 'key_1',
      hash: { value: 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=', variant: 'sha256_base64' },
      name: 'ci',
      start: 'acme_3Zk',
      externalId: 'user-1',
      permissions: ['servers:read'],
      created_at_m: 1735787045000,
      enabled: false,
    };
    expect(importedRow(row, conversion('unkey'))).toEqual({
      value: {
        foreign_id: 'key_1',
        digest: 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=',
        hint: 'acme_3…',
        owner: { external_id: 'user-1' },
        name: 'ci',
        permissions: ['servers:read'],
        created_at: '2025-01-02T03:04:05.000Z',
        disabled: true,
      },
    });
  });

  it('is read as better-auth keeps keys', () => {
    const row = {
      id: 'k1',
      key: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
      userId: 'user-1',
      name: '',
      start: 'abc',
      permissions: '{"servers":["read","write"]}',
      enabled: 1,
      expiresAt: '2030-01-02 03:04:05+02',
      createdAt: '2025-01-02',
    };
    expect(importedRow(row, conversion('better-auth'))).toEqual({
      value: {
        foreign_id: 'k1',
        digest: row.key,
        hint: 'abc…',
        owner: { external_id: 'user-1' },
        name: 'imported k1',
        permissions: ['servers:read', 'servers:write'],
        expires_at: '2030-01-02T01:04:05.000Z',
        created_at: '2025-01-02T00:00:00.000Z',
      },
    });
  });

  it('loses its value where the table has it in the clear', () => {
    const token = 'old-7f3c9a1e5b2d8f60417c9a3e5b1d2f80';
    const read = importedRow({ id: 1, owner: 'u', token, scopes: 'servers:read' }, conversion('plain'));
    expect(read).toMatchObject({ value: { digest: createHash('sha256').update(token).digest('hex') } });
    expect(JSON.stringify(read)).not.toContain(token.slice(8));
  });

  it('is refused with what is missing, or means nothing here', () => {
    const whole = { id: '7', token: 'ab'.repeat(32), tokenable_id: 1, abilities: '["*"]' };
    const sanctum = conversion('sanctum', { map: new Map([['*', ['servers:read', 'servers:write']]]) });
    expect(importedRow(whole, sanctum)).toMatchObject({ value: { permissions: ['servers:read', 'servers:write'] } });
    for (const [row, by, problem] of [
      [whole, conversion('sanctum'), /may do "\*", which is nothing here/],
      [{ ...whole, abilities: '[]' }, sanctum, /may do nothing/],
      [{ ...whole, tokenable_id: '' }, sanctum, /no tokenable_id/],
      [{ ...whole, token: null }, sanctum, /no token/],
      [{ ...whole, id: undefined }, sanctum, /no id/],
      [{ ...whole, created_at: 'yesterday' }, sanctum, /created_at is no date/],
      [{ token_key: 'ab', digest: 'cd', user_id: 1, salt: 'ef' }, conversion('knox'), /salted/],
    ] as const) {
      expect(importedRow(row, by)).toEqual({ problem: expect.stringMatching(problem) });
    }
  });
});
