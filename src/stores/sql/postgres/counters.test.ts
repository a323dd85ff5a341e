import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../../../../test/services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../../../../test/services/postgres.ts';
import type { Window } from '../../../policy/index.ts';
import type { RateLimitCounter } from '../../../ports/index.ts';
import { sampleId } from '../../../testing/sample-records.ts';
import { openPostgresStore, type SqlStoreHandle } from '../index.ts';

const day = (limit: number): readonly Window[] => [{ name: 'day', limit, seconds: 86_400 }];

suiteNeeding('postgresql', 'rate-limit counters on PostgreSQL', () => {
  let database: FreshDatabase;
  let handles: SqlStoreHandle[];
  let counters: readonly [RateLimitCounter, RateLimitCounter];
  beforeAll(async () => {
    database = await requireDatabase();
    handles = await Promise.all([0, 1].map(() => openPostgresStore({ url: database.url })));
    counters = handles.map((handle) => handle.counters) as never;
  });
  afterAll(async () => {
    await Promise.all((handles ?? []).map(({ store }) => store.close()));
    await database?.drop();
  });

  it('two processes asked two hundred times each at once admit exactly the limit', async () => {
    const lineageId = sampleId('lin');
    const verdicts = await Promise.all(
      Array.from({ length: 400 }, (_, index) => counters[index % 2 === 0 ? 0 : 1].consume(lineageId, day(50), 1)),
    );
    expect(verdicts.filter(({ admitted }) => admitted)).toHaveLength(50);
    expect(await counters[0].consume(lineageId, day(50), 0)).toMatchObject({ remaining: 0, limit: 50 });
  });

  it('parallel calls on a limit of one admit one', async () => {
    for (let round = 0; round < 20; round++) {
      const lineageId = sampleId('lin');
      const both = [...counters, ...counters].map((each) => each.consume(lineageId, day(1), 1));
      expect((await Promise.all(both)).filter(({ admitted }) => admitted)).toHaveLength(1);
    }
  });

  it('all windows are charged or none is, whatever was asked together', async () => {
    const lineageId = sampleId('lin');
    const windows = [...day(10), { name: 'hour', limit: 4, seconds: 3_600 }];
    const costs = [3, 2, 1, 1];
    const verdicts = await Promise.all(costs.map((cost) => counters[0].consume(lineageId, windows, cost)));
    expect(verdicts.map(({ admitted }) => admitted)).toEqual([true, false, true, false]);
    expect(verdicts[1]?.retryAfterMs).toBeGreaterThan(0);
    const states = (await counters[1].consume(lineageId, windows, 0)).describe();
    expect(states.map(({ remaining }) => remaining)).toEqual([6, 0]);
  });

  it('row 64: what was spent under one limit is spent under the next', async () => {
    const lineageId = sampleId('lin');
    await counters[0].consume(lineageId, day(100), 30);
    expect(await counters[1].consume(lineageId, day(40), 11)).toMatchObject({ admitted: false });
    expect(await counters[0].consume(lineageId, day(40), 10)).toMatchObject({ admitted: true, remaining: 0 });
  });

  it('counts that cannot be read refuse everything and are left as they are', async () => {
    const lineageId = sampleId('lin');
    await counters[0].consume(lineageId, day(5), 1);
    await spoil(lineageId);
    for (const each of counters) {
      await expect(each.consume(lineageId, day(5), 1)).rejects.toMatchObject({ name: 'StorageUnavailable' });
    }
  });

  async function spoil(lineageId: string): Promise<void> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`update keyhouse.rate_limit_counts set counts = '\\xff00' where lineage_id = $1`, [lineageId]);
    await client.end();
  }
});
