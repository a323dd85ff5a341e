import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleDraft, sampleOwner } from '../../../testing/sample-records.ts';
import { openSqliteStore, SchemaTooNew, type SqlStoreHandle } from '../index.ts';
import { hasSoundWal } from './sqlite-version.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyhouse-open-'));
  file = join(folder, 'keyhouse.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

function change({ store }: SqlStoreHandle): Promise<void> {
  return store.transact(async ({ changes, audit, owners }) => {
    await owners.insertOwner(sampleOwner());
    await audit.append(await changes.append([], 1), sampleDraft());
  });
}

function raw<T>(path: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

describe('opening a SQLite store', () => {
  it('keeps everything from one opening to the next', async () => {
    const first = await openSqliteStore({ file });
    await change(first);
    await first.meta.put('store', 'one');
    await first.usage.add([{ tokenId: 'tok_1', hour: 0, outcome: 'ok', count: 3 }], []);
    await first.reservations?.save([{ lineageId: 'lin_1', counts: Uint8Array.of(7) }]);
    await first.usage.close();
    await first.store.close();

    const second = await openSqliteStore({ file });
    expect(await second.store.changeFeed.newest()).toBe(1);
    expect(await second.meta.get('store')).toBe('one');
    expect(await second.usage.read('tok_1', 0, 1)).toEqual([{ tokenId: 'tok_1', hour: 0, outcome: 'ok', count: 3 }]);
    expect(await second.reservations?.load()).toEqual([{ lineageId: 'lin_1', counts: Uint8Array.of(7) }]);
    await second.store.close();
  });

  it('sums up the usage that a version without sums had stored', async () => {
    const before = await openSqliteStore({ file });
    const counts = [0, 1, 24].map((hour) => ({ tokenId: 'tok_1', hour: hour * 3_600_000, outcome: 'ok', count: 3 }));
    await before.usage.add(counts, []);
    await before.store.close();
    raw(join(folder, 'keyhouse-usage.sqlite'), (database) =>
      database.exec(
        `drop table usage_day; drop table usage_total; drop index last_use_by_age;
         drop table if exists use_hour; drop table if exists use_day;
         drop table if exists token_network; drop table if exists failure_hour; drop index if exists usage_hour_refused; drop table if exists access;
         delete from keyhouse_migration where name >= '0013-usage-sums'`,
      ),
    );
    const { store } = await openSqliteStore({ file });
    const days = { unit: 'day', from: 0, to: 2 * 86_400_000 } as const;
    expect(await store.oversight.uses({}, days)).toEqual([
      { at: 0, outcome: 'ok', count: 6 },
      { at: 86_400_000, outcome: 'ok', count: 3 },
    ]);
    expect(await store.oversight.topTokens({}, 'accepted', days, 9)).toEqual([{ tokenId: 'tok_1', count: 9 }]);
    await store.close();
  });

  it('row 15: makes every file for the eyes of its owner alone', async () => {
    const handle = await openSqliteStore({ file });
    await change(handle);
    await handle.usage.add([], [{ tokenId: 'tok_1', at: 1, ip: null }]);
    await handle.backup?.(join(folder, 'copy.sqlite'));
    const files = await readdir(folder);
    expect(files).toContain('keyhouse.sqlite-wal');
    for (const name of files) expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
    await handle.store.close();
  });

  it('leaves one file of each kind behind, without journals, when it is closed', async () => {
    const handle = await openSqliteStore({ file });
    await change(handle);
    await handle.store.close();
    await handle.store.close();
    expect((await readdir(folder)).sort()).toEqual(['keyhouse-usage.sqlite', 'keyhouse.sqlite']);
  });

  it('answers nothing any more once it is closed', async () => {
    const handle = await openSqliteStore({ file });
    await handle.store.close();
    await expect(change(handle)).rejects.toMatchObject({ name: 'StorageUnavailable' });
    await expect(handle.store.owners.listRoles()).rejects.toMatchObject({ name: 'StorageUnavailable' });
    expect(() => handle.store.facts.findByTokenId('tok_1')).toThrow(/closed/);
  });

  it('row 94: refuses data of a newer build with a sentence, and leaves it alone', async () => {
    await (await openSqliteStore({ file })).store.close();
    raw(file, (database) => database.exec(`insert into keyhouse_migration values ('0999-future', '2030-01-01')`));
    await expect(openSqliteStore({ file })).rejects.toThrow(SchemaTooNew);
    await expect(openSqliteStore({ file })).rejects.toThrow(/newer Keyhouse \(it has 0999-future/);
  });

  it('refuses a file that is not a database', async () => {
    await writeFile(
      file,
      'this is a letter, not a database; it is long enough to have a header of a hundred bytes. '.repeat(9),
    );
    await expect(openSqliteStore({ file })).rejects.toMatchObject({ name: 'StorageUnavailable' });
  });

  it('refuses a folder that is not there', async () => {
    const opening = openSqliteStore({ file: join(folder, 'none', 'keyhouse.sqlite') });
    await expect(opening).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is the sole writer, counts in memory, and syncs every commit', async () => {
    const handle = await openSqliteStore({ file });
    expect(handle.store.capabilities.soleWriter).toBe(true);
    expect(handle.counters).toBeNull();
    expect(handle.reservations).not.toBeNull();
    await handle.store.close();
    expect(raw(file, (database) => database.prepare('pragma journal_mode').get()?.journal_mode)).toBe('wal');
  });

  it('gives the name in force when two put one if absent', async () => {
    const handle = await openSqliteStore({ file });
    const ids = await Promise.all(['a', 'b'].map((id) => handle.meta.putIfAbsent('store_id', id)));
    expect(ids).toEqual(['a', 'a']);
    expect(await handle.meta.get('none')).toBeNull();
    await handle.store.close();
  });
});

describe('a backup', () => {
  it('is one whole database that opens as a store, taken while changes go on', async () => {
    const handle = await openSqliteStore({ file });
    for (let count = 0; count < 20; count++) await change(handle);
    const copy = join(folder, 'copy.sqlite');
    await Promise.all([handle.backup?.(copy), ...Array.from({ length: 20 }, () => change(handle))]);
    await handle.store.close();

    expect(raw(copy, (database) => database.prepare('pragma integrity_check').get()?.integrity_check)).toBe('ok');
    const restored = await openSqliteStore({ file: copy });
    const newest = await restored.store.changeFeed.newest();
    expect(newest).toBeGreaterThanOrEqual(20);
    expect(await restored.store.audit.read(0, 100)).toHaveLength(newest);
    await restored.store.close();
  });

  it('never overwrites a file', async () => {
    const handle = await openSqliteStore({ file });
    const taken = join(folder, 'taken');
    await writeFile(taken, 'mine');
    await expect(handle.backup?.(taken)).rejects.toMatchObject({ code: 'EEXIST' });
    await handle.store.close();
  });
});

describe('row 84: the version of SQLite', () => {
  it.each(['3.44.6', '3.44.9', '3.50.7', '3.51.3', '3.52.0', '3.53.4', '4.0.0'])(
    '%s has a sound WAL mode',
    (version) => {
      expect(hasSoundWal(version)).toBe(true);
    },
  );

  it.each(['3.40.1', '3.44.5', '3.45.0', '3.50.6', '3.51.2', '2.8.17', ''])('%s has not', (version) => {
    expect(hasSoundWal(version)).toBe(false);
  });

  it('without a sound WAL mode there is a rollback journal, and a warning that says why', async () => {
    const warnings: string[] = [];
    const onWarning = (sentence: string) => void warnings.push(sentence);
    const handle = await openSqliteStore({ file, sqliteVersion: '3.40.1', onWarning });
    await Promise.all(Array.from({ length: 10 }, () => change(handle)));
    expect(await handle.store.changeFeed.newest()).toBe(10);
    await handle.store.close();
    expect(warnings).toEqual([expect.stringContaining('SQLite 3.40.1')]);
    expect(raw(file, (database) => database.prepare('pragma journal_mode').get()?.journal_mode)).toBe('delete');
  });
});
