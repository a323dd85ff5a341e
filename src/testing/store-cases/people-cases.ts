import { deepEqual, equal, rejects } from 'node:assert/strict';
import { sampleId, sampleOwner } from '../sample-records.ts';
import type { StoreCase } from './store-case.ts';
import { isViolationOf } from './token-cases.ts';

const NOW = 1_700_000_000_000;

/** Signing in, replay protection and versions of the profile. */
export const peopleCases: readonly StoreCase[] = [
  {
    title: 'a password hash is kept per owner and replaced as a whole',
    async run({ store }) {
      const owner = sampleOwner({ kind: 'user', externalId: null });
      await store.transact(async ({ owners, people }) => {
        await owners.insertOwner(owner);
        equal(await people.readPasswordHash(owner.id), null);
        await people.putPasswordHash(owner.id, '$argon2id$first', NOW);
        await people.putPasswordHash(owner.id, '$argon2id$second', NOW + 1);
        equal(await people.readPasswordHash(owner.id), '$argon2id$second');
        equal(await people.hasUsers(), true);
      });
    },
  },
  {
    title: 'there is one set-up code, replaced by the next, gone once deleted',
    async run({ store }) {
      await store.transact(async ({ people }) => {
        await people.putSetupCode({ codeDigest: 'one', expiresAt: NOW });
        await people.putSetupCode({ codeDigest: 'two', expiresAt: NOW + 1 });
        deepEqual(await people.lockSetupCode(), { codeDigest: 'two', expiresAt: NOW + 1 });
        await people.deleteSetupCode();
        equal(await people.lockSetupCode(), null);
      });
    },
  },
  {
    title: 'row 67: an idempotency key is taken once until it expires',
    async run({ store }) {
      const record = { keyDigest: sampleId('key'), bodyDigest: 'body', tokenId: 'tok_1', expiresAt: NOW };
      await store.transact(({ replays }) => replays.insertIdempotency(record));
      const again = store.transact(({ replays }) => replays.insertIdempotency(record));
      await rejects(again, isViolationOf('idempotency'));
      await store.transact(async ({ replays }) => {
        deepEqual(await replays.findIdempotency(record.keyDigest, NOW - 1), record);
        equal(await replays.findIdempotency('none', NOW - 1), null);
        equal(await replays.findIdempotency(record.keyDigest, NOW), null);
        await replays.insertIdempotency({ ...record, tokenId: 'tok_2', expiresAt: NOW + 5 });
        equal((await replays.findIdempotency(record.keyDigest, NOW))?.tokenId, 'tok_2');
      });
    },
  },
  {
    title: 'a sealed value is found by its predecessor until it expires or either token is named for erasure',
    async run({ store }) {
      const seal = (expiresAt = NOW) => ({
        tokenId: sampleId('tok'),
        predecessorId: sampleId('tok'),
        sealed: 'c2VhbGVk',
        expiresAt,
      });
      const [kept, bySuccessor, byPredecessor] = [seal(), seal(), seal()];
      await store.transact(async ({ replays }) => {
        for (const value of [kept, bySuccessor, byPredecessor]) await replays.insertSealed(value);
        deepEqual(await replays.findSealed(kept.predecessorId, NOW - 1), kept);
        equal(await replays.findSealed(kept.predecessorId, NOW), null);
        await replays.eraseSealed([]);
        await replays.eraseSealed([bySuccessor.tokenId, byPredecessor.predecessorId]);
        equal(await replays.findSealed(bySuccessor.predecessorId, NOW - 1), null);
        equal(await replays.findSealed(byPredecessor.predecessorId, NOW - 1), null);
        deepEqual(await replays.findSealed(kept.predecessorId, NOW - 1), kept);
      });
    },
  },
  {
    title: 'purging drops what has expired and keeps the rest',
    async run({ store }) {
      const [old, fresh] = [sampleId('key'), sampleId('key')];
      const predecessorId = sampleId('tok');
      await store.transact(async ({ replays }) => {
        const row = { bodyDigest: 'b', tokenId: 'tok_1' };
        await replays.insertIdempotency({ ...row, keyDigest: old, expiresAt: NOW });
        await replays.insertIdempotency({ ...row, keyDigest: fresh, expiresAt: NOW + 1 });
        await replays.insertSealed({ tokenId: sampleId('tok'), predecessorId, sealed: 's', expiresAt: NOW });
        await replays.purgeExpired(NOW);
        equal(await replays.findIdempotency(old, 0), null);
        equal((await replays.findIdempotency(fresh, 0))?.keyDigest, fresh);
        equal(await replays.findSealed(predecessorId, 0), null);
      });
    },
  },
  {
    title: 'profile versions count up, the newest is in force, and an old one is found by its digest',
    async run({ store }) {
      const version = (digest: string) => ({ name: 'keyhouse', digest, document: '{"ä":1}', appliedAt: NOW });
      const [first, second] = [sampleId('digest'), sampleId('digest')];
      const numbers: number[] = [];
      for (const digest of [first, second, first]) {
        numbers.push(await store.transact(({ profiles }) => profiles.append(version(digest))));
      }
      const [a, b, c] = numbers as [number, number, number];
      deepEqual([b, c], [a + 1, a + 2]);
      deepEqual(await store.profiles.inForce(), { ...version(first), version: c });
      equal((await store.profiles.findByDigest(first))?.version, c);
      equal((await store.profiles.findByDigest(second))?.version, b);
      equal(await store.profiles.findByDigest('none'), null);
    },
  },
];
