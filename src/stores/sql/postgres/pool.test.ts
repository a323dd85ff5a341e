import type pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { suiteNeeding } from '../../../../test/services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../../../../test/services/postgres.ts';
import { openPool } from './pool.ts';

suiteNeeding('postgresql', 'a connection of a pool', () => {
  let database: FreshDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await requireDatabase();
    pool = openPool({ url: database.url, schema: 'keyhouse', max: 1, statementTimeoutMs: 1_234 });
  });
  afterEach(async () => {
    await pool?.end();
    await database?.drop();
  });

  const settingOf = async (name: string): Promise<unknown> => {
    const { rows } = await pool.query('select current_setting($1) as value', [name]);
    return rows[0].value;
  };

  it('has the settings that its first use relies on', async () => {
    expect(await settingOf('search_path')).toBe('keyhouse');
    expect(await settingOf('statement_timeout')).toBe('1234ms');
    expect(await settingOf('lock_timeout')).toBe('2s');
    expect(await settingOf('default_transaction_isolation')).toBe('read committed');
  });

  it('waits for the disk even where the database is set to hurry, and for standbys as the database says', async () => {
    const settings = { off: 'on', on: 'on', remote_apply: 'remote_apply' };
    for (const [ofDatabase, ofConnection] of Object.entries(settings)) {
      await pool.query(`alter database ${database.name} set synchronous_commit = ${ofDatabase}`);
      await pool.end();
      pool = openPool({ url: database.url, schema: 'keyhouse', max: 1, statementTimeoutMs: 1_234 });
      expect(await settingOf('synchronous_commit')).toBe(ofConnection);
    }
  });

  it('reads 64-bit integers as numbers, and refuses those that a number cannot hold', async () => {
    const { rows } = await pool.query('select 9007199254740991::bigint as largest');
    expect(rows).toEqual([{ largest: 9_007_199_254_740_991 }]);
    await expect(pool.query('select 9007199254740993::bigint')).rejects.toThrow(RangeError);
  });
});
