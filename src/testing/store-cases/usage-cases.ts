import { deepEqual, equal } from 'node:assert/strict';
import { sampleId } from '../sample-records.ts';
import type { StoreCase, StoreSubject } from './store-case.ts';

const HOUR = 3_600_000;
const reservationsOf = (subject: StoreSubject) =>
  subject.reservations === null ? 'counters are shared rows in this store, nothing is reserved' : null;

/** Counted uses, last use, reservations. */
export const usageCases: readonly StoreCase[] = [
  {
    title: 'counts of one hour and outcome add up, within a batch and across batches',
    async run({ usage }) {
      const tokenId = sampleId('tok');
      const count = (hour: number, outcome: string, by: number) => ({ tokenId, hour: hour * HOUR, outcome, count: by });
      await usage.add([count(1, 'ok', 2), count(1, 'ok', 3), count(1, 'rate_limited', 1), count(3, 'ok', 1)], []);
      await usage.add([count(1, 'ok', 5), count(2, 'ok', 1)], []);
      await usage.add([], []);
      deepEqual(await usage.read(tokenId, HOUR, 3 * HOUR), [
        count(1, 'ok', 10),
        count(1, 'rate_limited', 1),
        count(2, 'ok', 1),
      ]);
      deepEqual(await usage.read(tokenId, 4 * HOUR, 9 * HOUR), []);
    },
  },
  {
    title: 'row 83: last use only ever moves forward',
    async run({ usage }) {
      const tokenId = sampleId('tok');
      const use = (at: number, ip: string | null) => ({ tokenId, at, ip });
      await usage.add([], [use(5, '203.0.113.5'), use(9, '203.0.113.9'), use(7, null)]);
      await usage.add([], [use(8, '203.0.113.8')]);
      deepEqual(await usage.lastUses([tokenId, 'tok_none']), [use(9, '203.0.113.9')]);
      await usage.add([], [use(10, null)]);
      deepEqual(await usage.lastUses([tokenId]), [use(10, null)]);
      deepEqual(await usage.lastUses([]), []);
    },
  },
  {
    title: 'a batch of thousands is written whole',
    async run({ usage }) {
      const tokenId = sampleId('tok');
      const counts = Array.from({ length: 2_500 }, (_, hour) => ({ tokenId, hour, outcome: 'ok', count: 1 }));
      await usage.add(counts, []);
      equal((await usage.read(tokenId, 0, 2_500)).length, 2_500);
    },
  },
  {
    title: 'reservations are loaded as last saved, and gone once removed',
    leftOut: reservationsOf,
    async run({ reservations }) {
      if (reservations === null) return;
      const [kept, removed] = [sampleId('lin'), sampleId('lin')];
      const row = (lineageId: string, ...counts: number[]) => ({ lineageId, counts: Uint8Array.from(counts) });
      await reservations.save([row(kept, 1, 2), row(removed, 3)]);
      await reservations.save([row(kept, 0, 255, 10)]);
      await reservations.save([]);
      await reservations.remove([removed, 'lin_none']);
      const loaded = (await reservations.load()).filter(({ lineageId }) => [kept, removed].includes(lineageId));
      deepEqual(
        loaded.map(({ lineageId, counts }) => row(lineageId, ...counts)),
        [row(kept, 0, 255, 10)],
      );
    },
  },
];
