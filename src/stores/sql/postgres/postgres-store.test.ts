import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../../../../test/services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../../../../test/services/postgres.ts';
import { storeConcurrency } from '../../../testing/store-concurrency.ts';
import { storeConformance } from '../../../testing/store-conformance.ts';
import { openPostgresStore, type SqlStoreHandle, verifyAuditChain } from '../index.ts';

suiteNeeding('postgresql', 'a store on PostgreSQL', () => {
  let database: FreshDatabase;
  let handle: SqlStoreHandle;
  let other: SqlStoreHandle;
  beforeAll(async () => {
    database = await requireDatabase();
    // Two processes start and migrate at the same time.
    [handle, other] = (await Promise.all([0, 1].map(() => openPostgresStore({ url: database.url })))) as [
      SqlStoreHandle,
      SqlStoreHandle,
    ];
  });
  afterAll(async () => {
    await handle?.store.close();
    await other?.store.close();
    await database?.drop();
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
