import type { Pool } from 'pg';
import { consumeStored, type RateLimitVerdict, type Window } from '../../../policy/index.ts';
import { type RateLimitCounter, StorageUnavailable } from '../../../ports/index.ts';
import { type Deadline, inTime } from './deadline.ts';
import { toStorageError } from './postgres-errors.ts';

/** The row as it is now and the server's clock, which all processes count with. */
const READ = `
  select (extract(epoch from clock_timestamp()) * 1000)::bigint as now, stored.counts, stored.version
  from (select $1::text as lineage_id) as asked left join rate_limit_counts as stored using (lineage_id)`;
const INSERT = `
  insert into rate_limit_counts (lineage_id, counts, version) values ($1, $2, 1) on conflict do nothing`;
const UPDATE = `
  update rate_limit_counts set counts = $2, version = version + 1 where lineage_id = $1 and version = $3`;

interface StoredRow {
  readonly now: number;
  readonly counts: Uint8Array | null;
  readonly version: number | null;
}

interface Ask {
  readonly windows: readonly Window[];
  readonly cost: number;
  readonly resolve: (verdict: RateLimitVerdict) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Rate-limit counters as rows, exact over all processes: each decision is a compare-and-set of the lineage's row. What
 * one process asks of a lineage while a decision is under way is decided together in the next round trip.
 */
export class PostgresCounters implements RateLimitCounter {
  readonly #pool: Pool;
  /** Who waits for a lineage that is being decided; no entry means that nobody is asking. */
  readonly #waiting = new Map<string, Ask[]>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  consume(lineageId: string, windows: readonly Window[], cost: number): Promise<RateLimitVerdict> {
    return new Promise((resolve, reject) => {
      const ask: Ask = { windows, cost, resolve, reject };
      const waiting = this.#waiting.get(lineageId);
      if (waiting !== undefined) {
        waiting.push(ask);
        return;
      }
      this.#waiting.set(lineageId, []);
      void this.#serve(lineageId, [ask]);
    });
  }

  /** Nothing is held back in memory; the pool is the store's. */
  async close(): Promise<void> {}

  async #serve(lineageId: string, first: readonly Ask[]): Promise<void> {
    for (let batch = first; batch.length > 0; batch = this.#takeWaiting(lineageId)) {
      try {
        const verdicts = await inTime((deadline) => this.#decide(lineageId, batch, deadline));
        for (const [index, { resolve }] of batch.entries()) resolve(verdicts[index] as RateLimitVerdict);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#waiting.delete(lineageId);
  }

  #takeWaiting(lineageId: string): readonly Ask[] {
    const waiting = this.#waiting.get(lineageId) ?? [];
    if (waiting.length > 0) this.#waiting.set(lineageId, []);
    return waiting;
  }

  /** Tries until nobody else has changed the row between reading and writing; each time one of those who try succeeds. */
  async #decide(lineageId: string, batch: readonly Ask[], deadline: Deadline): Promise<readonly RateLimitVerdict[]> {
    while (!deadline.isOver) {
      const row = await this.#read(lineageId);
      const { verdicts, counts } = decideAll(row, batch);
      if (counts === null || (await this.#write(lineageId, counts, row.version))) return verdicts;
    }
    throw new StorageUnavailable('too many processes count this lineage at once');
  }

  async #read(lineageId: string): Promise<StoredRow> {
    const { rows } = await this.#run<StoredRow>('read', READ, [lineageId]);
    return rows[0] as StoredRow;
  }

  /** @returns false when the row is no longer the one that was read. */
  async #write(lineageId: string, counts: Uint8Array, version: number | null): Promise<boolean> {
    const { rowCount } =
      version === null
        ? await this.#run('insert', INSERT, [lineageId, counts])
        : await this.#run('update', UPDATE, [lineageId, counts, version]);
    return rowCount === 1;
  }

  async #run<Row extends object>(name: string, text: string, values: unknown[]) {
    try {
      return await this.#pool.query<Row>({ name: `keyhouse_counts_${name}`, text, values });
    } catch (error) {
      throw toStorageError(error);
    }
  }
}

/** `counts` is null when nothing of the batch was admitted and nothing is to be written. */
function decideAll(row: StoredRow, batch: readonly Ask[]) {
  let { counts: stored } = row;
  let counts: Uint8Array | null = null;
  const verdicts = batch.map(({ windows, cost }) => {
    const step = consumeStored(stored, windows, row.now, cost);
    if (step === null) throw new StorageUnavailable('the counts of this lineage cannot be read');
    if (step.counts !== null) stored = counts = step.counts;
    return step.verdict;
  });
  return { verdicts, counts };
}
