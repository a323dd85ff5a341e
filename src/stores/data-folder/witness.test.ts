import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWitness, readWitness, Witness } from './index.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-witness-'));
  file = join(folder, 'witness');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The few things a witness does to its file, counted, held up or failing as a test asks. */
function slowFile() {
  const flushes: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const written: string[] = [];
  const handle = {
    async write(bytes: Buffer) {
      written.push(bytes.toString('latin1'));
    },
    datasync: () =>
      new Promise<void>((resolve, reject) => {
        flushes.push({ resolve, reject });
      }),
    async close() {},
  };
  return { handle: handle as unknown as FileHandle, flushes, written };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('Witness', () => {
  it('begins at 0 and keeps the newest tightening through a restart', async () => {
    expect(readWitness(folder)).toBe('missing');
    const witness = await openWitness(folder, 'sto_1');
    expect(readWitness(folder)).toEqual({ storeId: 'sto_1', seq: 0, auditHash: null });
    await witness.record(7, 'aa');
    expect(readWitness(folder)).toEqual({ storeId: 'sto_1', seq: 7, auditHash: 'aa' });
    await witness.record(9);
    await witness.close();
    const again = await openWitness(folder, 'sto_1');
    expect(again.newest).toEqual({ storeId: 'sto_1', seq: 9, auditHash: null });
    await again.record(10, 'bb');
    expect(readWitness(folder)).toMatchObject({ seq: 10 });
    await again.close();
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('never goes back', async () => {
    const witness = await openWitness(folder, 'sto_1');
    await Promise.all([witness.record(9, 'nine'), witness.record(7, 'seven'), witness.record(8)]);
    expect(readWitness(folder)).toMatchObject({ seq: 9, auditHash: 'nine' });
    await witness.record(3);
    expect(readWitness(folder)).toMatchObject({ seq: 9 });
    await witness.close();
  });

  it('shares one flush among tightenings that arrive during another', async () => {
    const { handle, flushes, written } = slowFile();
    const witness = new Witness(file, { storeId: 'sto_1', seq: 0, auditHash: null }, 1, handle);
    const done: number[] = [];
    const record = (seq: number) => witness.record(seq).then(() => done.push(seq));
    record(1);
    await settle();
    record(2);
    record(3);
    record(4);
    await settle();
    expect(flushes).toHaveLength(1);
    expect(done).toEqual([]);
    flushes[0]?.resolve();
    await settle();
    expect(done).toEqual([1]);
    expect(flushes).toHaveLength(2);
    flushes[1]?.resolve();
    await settle();
    expect(done).toEqual([1, 2, 3, 4]);
    expect(written).toHaveLength(2);
    await witness.close();
  });

  it('row 87: answers no tightening whose flush failed, and tries the same slot anew', async () => {
    const first = await openWitness(folder, 'sto_1');
    await first.record(4, 'four');
    await first.close();
    const { handle, flushes } = slowFile();
    const four = { storeId: 'sto_1', seq: 4, auditHash: 'four' };
    const witness = new Witness(file, four, 0, handle);
    const failed = witness.record(5);
    failed.catch(() => {});
    await settle();
    flushes[0]?.reject(new Error('EIO'));
    await expect(failed).rejects.toMatchObject({ name: 'StorageUnavailable' });
    expect(witness.newest.seq).toBe(4);
    await witness.record(6);
    expect(readWitness(folder)).toMatchObject({ seq: 6 });
    await witness.close();
  });

  it('survives a write torn anywhere: the note before it is still there', async () => {
    const witness = await openWitness(folder, 'sto_1');
    for (const seq of [1, 2, 3]) await witness.record(seq);
    await witness.close();
    const before = readFileSync(file);
    const next = await openWitness(folder, 'sto_1');
    await next.record(4);
    await next.close();
    const after = readFileSync(file);
    const changed = [...before.keys()].filter((at) => before[at] !== after[at]);
    for (const cut of changed) {
      writeFileSync(file, Buffer.concat([after.subarray(0, cut), before.subarray(cut)]));
      expect(readWitness(folder)).toMatchObject({ seq: 3 });
    }
    writeFileSync(file, after);
    expect(readWitness(folder)).toMatchObject({ seq: 4 });
  });

  it('says that it is damaged rather than guess', async () => {
    const witness = await openWitness(folder, 'sto_1');
    await witness.close();
    for (const content of ['', 'x', 'x'.repeat(1024), ' '.repeat(1024)]) {
      writeFileSync(file, content);
      expect(readWitness(folder)).toBe('damaged');
      await expect(openWitness(folder, 'sto_1')).rejects.toMatchObject({ name: 'StorageUnavailable' });
    }
  });

  it('is refused for another store', async () => {
    await (await openWitness(folder, 'sto_1')).close();
    await expect(openWitness(folder, 'sto_2')).rejects.toMatchObject({ name: 'StorageUnavailable' });
  });

  it('fails where it cannot be written at all', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    await expect(openWitness(join(folder, 'nowhere'), 'sto_1')).rejects.toMatchObject({ name: 'StorageUnavailable' });
  });
});
