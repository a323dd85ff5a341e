import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../../../../test/services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../../../../test/services/postgres.ts';
import type { Window } from '../../../policy/index.ts';
import type { RateLimitCounter } from '../../../ports/index.ts';
import { counterConformance } from '../../../testing/counter-conformance.ts';
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

  for (const { title, run } of counterConformance) it(`two processes: ${title}`, () => run(counters));

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
