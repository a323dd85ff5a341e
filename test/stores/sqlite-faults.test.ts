/**
 * Prevents a store that stops deciding because it cannot write, that half-writes, or that stays broken after its medium
 * has recovered. `KEYHOUSE_FAULT_ROUNDS` injects at that many more places.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, statfs, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore, type SqlStoreHandle, verifyAuditChain } from '../../src/stores/sql/index.ts';
import { sampleDraft, sampleOwner } from '../../src/testing/sample-records.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';

const ROUNDS = Number(process.env.KEYHOUSE_FAULT_ROUNDS ?? 3);
const WRITER = fileURLToPath(new URL('./fixtures/write-through-faults.ts', import.meta.url));
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyhouse-faults-'));
  file = join(folder, 'keyhouse.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

/** One whole change; returns the id of the owner it made. */
async function change({ store }: SqlStoreHandle): Promise<string> {
  const owner = sampleOwner({ metadata: { filling: 'x'.repeat(3_000) } });
  await store.transact(async ({ owners, changes, audit }) => {
    await owners.insertOwner(owner);
    await audit.append(await changes.append([{ kind: 'owner', id: owner.id }], 1), sampleDraft());
  });
  return owner.id;
}

describe('a SQLite store whose file is locked by someone else', () => {
  it('row 85: refuses changes as busy, goes on reading, and recovers by itself', async () => {
    const handle = await openSqliteStore({ file });
    const id = await change(handle);
    const intruder = new DatabaseSync(file);
    intruder.exec('begin immediate');

    const refused = Promise.allSettled([change(handle), change(handle)]);
    const counted = handle.usage.add([{ tokenId: 'tok_1', hour: 0, outcome: 'ok', count: 1 }], []);
    expect(await handle.store.owners.find({ id })).not.toBeNull();
    expect(handle.store.facts.findByDigest(['none'])).toBeNull();
    await counted;
    const busy = { status: 'rejected', reason: { name: 'StorageBusy' } };
    expect(await refused).toMatchObject([busy, busy]);
    expect(await handle.store.changeFeed.newest()).toBe(1);

    intruder.exec('rollback');
    intruder.close();
    await change(handle);
    expect(await handle.store.changeFeed.newest()).toBe(2);
    await handle.store.close();
  });

  it('row 85: waits for a lock that is given back in time', async () => {
    const handle = await openSqliteStore({ file });
    const intruder = new DatabaseSync(file);
    intruder.exec('begin immediate');
    let isSettled = false;
    const waiting = change(handle).finally(() => {
      isSettled = true;
    });
    // The change has been asked for before this, and is held up by the lock alone.
    await handle.usage.add([{ tokenId: 'tok_1', hour: 0, outcome: 'ok', count: 1 }], []);
    expect(isSettled).toBe(false);
    intruder.exec('rollback');
    await waiting;
    intruder.close();
    await handle.store.close();
  });
});

suiteNeeding([{ missing: whyNoSmallDisk() }], 'a SQLite store whose disk is full', () => {
  beforeEach(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'keyhouse-test', folder]));
  afterEach(() => execFileSync('umount', [folder]));

  it('row 86: refuses changes, goes on reading, half-writes nothing, and writes again once there is space', async () => {
    const handle = await openSqliteStore({ file });
    const made = [await change(handle)];
    const filler = join(folder, 'filler');
    const { bavail, bsize } = await statfs(folder);
    await writeFile(filler, Buffer.alloc(bavail * bsize));

    let failure: unknown = null;
    for (let tries = 0; tries < 1_000 && failure === null; tries++) {
      await change(handle).then(
        (id) => made.push(id),
        (error) => {
          failure = error;
        },
      );
    }
    expect(failure).toMatchObject({ name: 'StorageUnavailable' });
    await expect(change(handle)).rejects.toMatchObject({ name: 'StorageUnavailable' });
    for (const id of made) expect(await handle.store.owners.find({ id })).not.toBeNull();
    expect(await handle.store.changeFeed.newest()).toBe(made.length);

    await unlink(filler);
    made.push(await change(handle));
    const events = await handle.store.audit.read(0, 10_000);
    expect(events).toHaveLength(made.length);
    expect(verifyAuditChain(events, undefined, await handle.auditHead())).toMatchObject({ sound: true });
    await handle.store.close();
  });
});

suiteNeeding('strace', 'a SQLite store whose system calls fail', () => {
  const faults = [
    { row: 'row 86', calls: 'pwrite64', error: 'ENOSPC' },
    { row: 'row 87', calls: 'fsync,fdatasync', error: 'EIO' },
    { row: 'row 87', calls: 'pwrite64', error: 'EIO' },
  ];
  for (const { row, calls, error } of faults) {
    it(`${row}: ${error} from ${calls} at any place costs that change only`, {
      timeout: 60_000 + ROUNDS * 20_000,
    }, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const target = join(folder, `${round}.sqlite`);
        const place = 1 + Math.floor(Math.random() * 120);
        const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}:when=${place}`];
        const strace = ['-f', '-qq', '-o', join(folder, 'trace'), ...inject];
        const run = await runProcess('strace', [...strace, process.execPath, WRITER, target]);
        const context = `${error} at ${place}:\n${run.stdout}${run.stderr}`;
        expect(run.stdout, context).toMatch(/done\n$/);
        const failed = [...run.stdout.matchAll(/^(?!acknowledged)(\S+) /gm)].map(([, name]) => name);
        expect(failed.length, context).toBeLessThanOrEqual(1);
        expect(
          failed.every((name) => name === 'StorageUnavailable'),
          context,
        ).toBe(true);

        const { store, auditHead } = await openSqliteStore({ file: target });
        const events = await store.audit.read(0, 1_000);
        const audited = new Set(events.map(({ subject }) => subject?.id));
        for (const [, outcome, id = ''] of run.stdout.matchAll(/^(\w+) (own_\S+)$/gm)) {
          const exists = (await store.owners.find({ id })) !== null;
          if (outcome === 'acknowledged') expect(exists, context).toBe(true);
          expect(audited.has(id), context).toBe(exists);
        }
        expect(verifyAuditChain(events, undefined, await auditHead()), context).toMatchObject({ sound: true });
        await store.close();
      }
    });
  }
});

function whyNoSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'a disk of two megabytes needs Linux';
  return process.getuid?.() === 0 ? null : 'mounting a disk of two megabytes needs root';
}
