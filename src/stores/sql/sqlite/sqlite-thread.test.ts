import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteThread } from './sqlite-thread.ts';

describe('a thread that holds a SQLite file', () => {
  let folder: string;
  let thread: SqliteThread;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyhouse-thread-'));
    const file = join(folder, 'a.sqlite');
    thread = new SqliteThread('test', { a: { file, readOnly: false, pragmas: [], lockWaitMs: 0 } });
    await thread.ask('a', 'query', 'create table t (x, y)');
  });
  afterEach(async () => {
    await thread.close();
    await rm(folder, { recursive: true });
  });

  const rows = async (sql: string, ...parameters: unknown[]) => (await thread.ask('a', 'query', sql, parameters)).rows;

  it('binds what can be stored as it is, and refuses what cannot', async () => {
    const bytes = Uint8Array.of(0, 255);
    const values = ['text', 1.5, -7, true, false, null, undefined, bytes];
    const stored = ['text', 1.5, -7, 1, 0, null, null, bytes];
    for (const [index, value] of values.entries()) {
      expect(await rows('select ? as value', value)).toEqual([{ value: stored[index] }]);
    }
    for (const value of [new Date(), {}, ['x'], new Map()]) {
      await expect(rows('select ? as value', value)).rejects.toThrow(/can be stored/);
    }
  });

  it('tells how many rows a statement changed, and the rows it returns', async () => {
    expect(await thread.ask('a', 'query', 'insert into t values (1, 2), (3, 4)')).toEqual({ rows: [], changes: 2 });
    expect(await rows('update t set y = y + 1 returning x, y')).toEqual([
      { x: 1, y: 3 },
      { x: 3, y: 5 },
    ]);
  });

  it('answers everybody who asks at once, in order', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, (_, index) => rows('select ? as value', index)));
    expect(answers).toEqual(answers.map((_, value) => [{ value }]));
  });

  it('goes on after a request that cannot be sent or that names no file', async () => {
    await expect(rows('select ?', () => {})).rejects.toThrow(/could not be cloned/);
    await expect(thread.ask('b', 'query', 'select 1')).rejects.toThrow(/no database is called b/);
    await expect(rows('select from')).rejects.toThrow(/syntax error/);
    expect(await rows('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('begins, commits and rolls back, and leaves nothing of a transaction that was given up', async () => {
    await thread.ask('a', 'begin');
    await thread.ask('a', 'continue', 'insert into t values (1, 1)');
    await thread.ask('a', 'rollback');
    await thread.ask('a', 'rollback');
    await thread.ask('a', 'begin');
    await thread.ask('a', 'continue', 'insert into t values (2, 2)');
    await thread.ask('a', 'commit');
    expect(await rows('select x from t')).toEqual([{ x: 2 }]);
  });

  it('runs nothing of a transaction that was lost', async () => {
    await thread.ask('a', 'begin');
    await thread.ask('a', 'close');
    const lost = { name: 'StorageUnavailable', message: 'the transaction was lost' };
    await expect(thread.ask('a', 'continue', 'insert into t values (1, 1)')).rejects.toMatchObject(lost);
    await expect(thread.ask('a', 'commit')).rejects.toMatchObject(lost);
    expect(await rows('select x from t')).toEqual([]);
  });

  it('is unavailable once it is closed, however often', async () => {
    await Promise.all([thread.close(), thread.close()]);
    await expect(rows('select 1')).rejects.toMatchObject({ name: 'StorageUnavailable' });
  });
});
