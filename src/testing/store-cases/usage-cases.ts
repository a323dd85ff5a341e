import { deepEqual, equal } from 'node:assert/strict';
import { USE_VALUES_MAX, type UseDetail } from '../../ports/index.ts';
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
    title:
      'row 74: of an hour so many networks are kept apart, the others are added up, and a day has what its hours have',
    async run({ usage }) {
      const tokenId = sampleId('tok');
      const seen = (hour: number, network: number, count: number): UseDetail => {
        const value = `10.0.${network}.0/24`;
        return { tokenId, hour: hour * HOUR, aspect: 'network', value, outcome: 'ok', count };
      };
      await usage.add([], [], [seen(1, 0, 1), seen(1, 0, 2), seen(1, 1, 1), { ...seen(1, 0, 5), outcome: 'free' }]);
      await usage.add(
        [],
        [],
        Array.from({ length: 100 }, (_, at) => seen(1, at, 1)),
      );
      await usage.add([], [], [seen(1, 99, 1), seen(1, 0, 1), seen(2, 99, 7)]);
      const hour = await usage.readDetails([tokenId], 'network', { unit: 'hour', from: HOUR, to: 2 * HOUR });
      equal(new Set(hour.map(({ value }) => value)).size, USE_VALUES_MAX + 1);
      const count = (value: string) => hour.find((row) => row.value === value && row.outcome === 'ok')?.count;
      equal(count('10.0.0.0/24'), 5);
      equal(count('other'), 37);
      equal(
        hour.reduce((sum, row) => sum + row.count, 0),
        111,
      );
      const day = await usage.readDetails([tokenId], 'network', { unit: 'day', from: 0, to: 24 * HOUR });
      equal(
        day.reduce((sum, row) => sum + row.count, 0),
        118,
      );
      deepEqual(await usage.readDetails([tokenId], 'permission', { unit: 'day', from: 0, to: 24 * HOUR }), []);
      equal(await usage.detailsSince(), 0);
      await usage.trimDetails(2 * HOUR, 0);
      equal((await usage.readDetails([tokenId], 'network', { unit: 'hour', from: 0, to: 24 * HOUR })).length, 1);
      await usage.trimDetails(2 * HOUR, 24 * HOUR);
      deepEqual(await usage.readDetails([tokenId], 'network', { unit: 'day', from: 0, to: 24 * HOUR }), []);
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
