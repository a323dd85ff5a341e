import { equal, rejects } from 'node:assert/strict';
import { sampleId } from '../sample-records.ts';
import type { StoreCase } from './store-case.ts';

const NOW = 1_700_000_000_000;

/** What people are told by themselves. */
export const noticeCases: readonly StoreCase[] = [
  {
    title: 'the key of a notice is taken once, and again only if whoever took it took it all back',
    async run({ store }) {
      const key = `expiry:${sampleId('tok')}:30d`;
      const failed = store.transact(async ({ notices }) => {
        equal(await notices.once(key, NOW), true);
        throw new Error('killed');
      });
      await rejects(failed, /killed/);
      const atOnce = await Promise.all([1, 2, 3].map(() => store.transact(({ notices }) => notices.once(key, NOW))));
      equal(atOnce.filter((isFirst) => isFirst).length, 1);
      equal(await store.transact(({ notices }) => notices.once(`${key}:another`, NOW)), true);
      const keys = [key, `${key}:another`, `${key}:a third`];
      equal(await store.transact(({ notices }) => notices.count(keys)), 2);
      equal(await store.transact(({ notices }) => notices.count([])), 0);
    },
  },
];
