import { deepEqual, equal, rejects } from 'node:assert/strict';
import { sampleId, sampleOwner, sampleToken } from '../sample-records.ts';
import { type StoreCase, seedMember } from './store-case.ts';
import { isViolationOf } from './token-cases.ts';

/** All or nothing, and truthful about which. */
export const transactionCases: readonly StoreCase[] = [
  {
    title: 'a transaction answers what its work answers',
    async run({ store }) {
      deepEqual(await store.transact(async () => ({ answer: 42 })), { answer: 42 });
    },
  },
  {
    title: 'an exception rolls everything back and is rethrown as it is',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const token = sampleToken(owner, workspace);
      const reason = new RangeError('no');
      const work = store.transact(async ({ tokens, owners }) => {
        await tokens.insert(token);
        await owners.updateOwner(owner.id, { name: 'half-way' });
        throw reason;
      });
      await rejects(work, (error) => error === reason);
      equal(await store.tokens.findById(token.id), null);
      deepEqual(await store.owners.find({ id: owner.id }), owner);
    },
  },
  {
    title: 'a failed statement ends the transaction, even if the work goes on as if nothing had happened',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const token = sampleToken(owner, workspace);
      const id = sampleId('own');
      const work = store.transact(async ({ tokens, owners }) => {
        await tokens.insert(token);
        await tokens.insert({ ...sampleToken(owner, workspace), digest: token.digest }).catch(() => {});
        await owners.insertOwner(sampleOwner({ id })).catch(() => {});
      });
      await rejects(work, isViolationOf('digest'));
      equal(await store.tokens.findById(token.id), null);
      equal(await store.owners.find({ id }), null);
    },
  },
  {
    title: 'a transaction reads its own writes, and nobody else does before it has committed',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const token = sampleToken(owner, workspace);
      await store.transact(async ({ tokens }) => {
        await tokens.insert(token);
        equal((await tokens.findById(token.id))?.id, token.id);
        equal(await store.tokens.findById(token.id), null);
        equal(await store.facts.findByDigest([token.digest]), null);
      });
      equal((await store.facts.findByDigest([token.digest]))?.token.id, token.id);
    },
  },
  {
    title: 'a transaction that is over cannot be used',
    async run({ store }) {
      const { owner } = await seedMember(store);
      const tokens = await store.transact(async (transaction) => transaction.tokens);
      await rejects(tokens.lockOfOwner(owner.id));
    },
  },
];
