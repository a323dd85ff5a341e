import { deepEqual, equal } from 'node:assert/strict';
import { sampleId, sampleToken } from '../sample-records.ts';
import { type StoreCase, seedMember } from './store-case.ts';

/** Long before the other cases, so that of tokens to be looked at there are only these. */
const NOW = 1_000_000;

/** What automatic rotation keeps. */
export const rotationCases: readonly StoreCase[] = [
  {
    title: 'row 66: tokens are found when they are to be looked at, longest due first, until that is put off',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const tokens = [sampleToken(owner, workspace), sampleToken(owner, workspace), sampleToken(owner, workspace)];
      const [late, early, never] = tokens.map(({ id }) => id) as [string, string, string];
      await store.transact(async (transaction) => {
        for (const token of tokens) await transaction.tokens.insert(token);
        const { rotations } = transaction;
        equal(await rotations.nextLookAt(never), null);
        await rotations.lookAt(late, NOW);
        await rotations.lookAt(early, NOW - 1);
      });
      await store.transact(async ({ rotations }) => {
        deepEqual(await rotations.findDue(NOW - 1, 10), [early]);
        deepEqual(await rotations.findDue(NOW, 10), [early, late]);
        deepEqual(await rotations.findDue(NOW, 1), [early]);
        await rotations.lookAt(early, NOW + 1);
        await rotations.lookAt(late, null);
        deepEqual(await rotations.findDue(NOW, 10), []);
        equal(await rotations.nextLookAt(early), NOW + 1);
        await rotations.lookAt(early, null);
      });
    },
  },
  {
    title: 'a claim link is found by its digest, runs out no later than it did, and goes when it has',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const token = sampleToken(owner, workspace);
      const link = (expiresAt: number) => ({
        digest: sampleId('digest'),
        tokenId: token.id,
        recipient: 'ops@example.com',
        createdAt: NOW,
        expiresAt,
      });
      const [short, long] = [link(NOW + 5), link(NOW + 50)];
      await store.transact(async (transaction) => {
        await transaction.tokens.insert(token);
        const { rotations } = transaction;
        for (const one of [short, long]) await rotations.insertLink(one);
        deepEqual(await rotations.findLink(long.digest), long);
        equal(await rotations.findLink('none'), null);
        await rotations.shortenLinks(token.id, NOW + 10);
        equal((await rotations.findLink(long.digest))?.expiresAt, NOW + 10);
        equal((await rotations.findLink(short.digest))?.expiresAt, NOW + 5);
        await rotations.purgeLinks(NOW + 5);
        equal(await rotations.findLink(short.digest), null);
        equal((await rotations.findLink(long.digest))?.tokenId, token.id);
      });
    },
  },
];
