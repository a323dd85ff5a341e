import assert from 'node:assert/strict';
import type { Window } from '../policy/index.ts';
import type { RateLimitCounter } from '../ports/index.ts';
import { sampleId } from './sample-records.ts';

/** One promise of the rate-limit counter port. Cases share a counter and bring lineages of their own. */
export interface CounterCase {
  readonly title: string;
  /** `counters` count the same thing: several where the adapter is shared by processes, else one. */
  readonly run: (counters: readonly RateLimitCounter[]) => Promise<void>;
}

const day = (limit: number): readonly Window[] => [{ name: 'day', limit, seconds: 86_400 }];
const dayAndHour: readonly Window[] = [
  { name: 'day', limit: 10, seconds: 86_400 },
  { name: 'hour', limit: 4, seconds: 3_600 },
];

/** What every counter promises, whatever it counts in. */
export const counterConformance: readonly CounterCase[] = [
  {
    title: 'admits exactly the limit of what is asked at once, wherever it is asked',
    run: async (counters) => {
      const lineageId = sampleId('lin');
      const asked = Array.from({ length: 400 }, async (_, index) =>
        pick(counters, index).consume(lineageId, day(50), 1),
      );
      assert.equal((await Promise.all(asked)).filter(({ admitted }) => admitted).length, 50);
      const left = await pick(counters, 0).consume(lineageId, day(50), 0);
      assert.deepEqual([left.remaining, left.limit], [0, 50]);
    },
  },
  {
    title: 'admits one of many parallel requests on a quota of one',
    run: async (counters) => {
      for (let round = 0; round < 20; round++) {
        const lineageId = sampleId('lin');
        const asked = Array.from({ length: 8 }, async (_, index) =>
          pick(counters, index).consume(lineageId, day(1), 1),
        );
        assert.equal((await Promise.all(asked)).filter(({ admitted }) => admitted).length, 1);
      }
    },
  },
  {
    title: 'charges every window or none, and says how long to wait',
    run: async (counters) => {
      const lineageId = sampleId('lin');
      const asked = [3, 2, 1, 1].map(async (cost) => pick(counters, 0).consume(lineageId, dayAndHour, cost));
      const verdicts = await Promise.all(asked);
      assert.deepEqual(
        verdicts.map(({ admitted }) => admitted),
        [true, false, true, false],
      );
      assert.ok((verdicts[1]?.retryAfterMs ?? 0) > 0);
      const states = (await pick(counters, 1).consume(lineageId, dayAndHour, 0)).describe();
      assert.deepEqual(
        states.map(({ remaining }) => remaining),
        [6, 0],
      );
    },
  },
  {
    title: 'spends nothing on a question',
    run: async (counters) => {
      const lineageId = sampleId('lin');
      for (let asked = 0; asked < 5; asked++) {
        const verdict = await pick(counters, asked).consume(lineageId, day(1), 0);
        assert.deepEqual([verdict.admitted, verdict.remaining], [true, 1]);
      }
      assert.equal((await pick(counters, 0).consume(lineageId, day(1), 1)).admitted, true);
    },
  },
  {
    title: 'never admits what costs more than the limit, and says that no waiting helps',
    run: async (counters) => {
      const verdict = await pick(counters, 0).consume(sampleId('lin'), day(3), 4);
      assert.deepEqual([verdict.admitted, verdict.retryAfterMs], [false, Number.POSITIVE_INFINITY]);
    },
  },
  {
    title: 'row 64: counts what was spent under one limit under the next',
    run: async (counters) => {
      const lineageId = sampleId('lin');
      await pick(counters, 0).consume(lineageId, day(100), 30);
      assert.equal((await pick(counters, 1).consume(lineageId, day(40), 11)).admitted, false);
      const last = await pick(counters, 0).consume(lineageId, day(40), 10);
      assert.deepEqual([last.admitted, last.remaining], [true, 0]);
    },
  },
  {
    title: 'counts every lineage for itself',
    run: async (counters) => {
      const [one, other] = [sampleId('lin'), sampleId('lin')];
      await pick(counters, 0).consume(one, day(1), 1);
      assert.equal((await pick(counters, 0).consume(other, day(1), 1)).admitted, true);
    },
  },
];

function pick(counters: readonly RateLimitCounter[], index: number): RateLimitCounter {
  return counters[index % counters.length] as RateLimitCounter;
}
