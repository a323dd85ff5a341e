import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeConcurrency } from '../../../testing/store-concurrency.ts';
import { storeConformance } from '../../../testing/store-conformance.ts';
import { openSqliteStore, type SqlStoreHandle, verifyAuditChain } from '../index.ts';

describe('a store on SQLite', () => {
  let folder: string;
  let handle: SqlStoreHandle;
  let other: SqlStoreHandle;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyhouse-sqlite-'));
    const file = join(folder, 'keyhouse.sqlite');
    handle = await openSqliteStore({ file });
    other = await openSqliteStore({ file });
  });
  afterAll(async () => {
    await handle.store.close();
    await other.store.close();
    await rm(folder, { recursive: true });
  });

  for (const { title, run, leftOut } of storeConformance) {
    it(title, async ({ skip }) => {
      const reason = leftOut?.(handle) ?? null;
      skip(reason !== null, reason ?? '');
      await run(handle);
    });
  }

  for (const { title, run } of storeConcurrency) it(title, () => run(handle, other));

  it('has after all that an audit chain that verifies up to the head the epoch row remembers', async () => {
    const events = await handle.store.audit.read(0, 10_000);
    const head = await handle.auditHead();
    expect(verifyAuditChain(events, undefined, head)).toEqual({ sound: true, ...head });
  });
});
