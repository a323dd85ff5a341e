import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Store, Transaction } from '../ports/index.ts';
import { sampleDraft, sampleId, sampleMembership, sampleOwner, sampleRole, sampleToken } from './sample-records.ts';
import { type StoreSubject, seedMember } from './store-cases/store-case.ts';

const AT = 1_700_000_000_000;

export interface StoreConcurrencyCase {
  readonly title: string;
  /** `one` and `other` are two openings of the same data, as two processes have them. */
  readonly run: (one: StoreSubject, other: StoreSubject) => Promise<void>;
}

/** Runs the same work many times at once, half of it through each opening. */
function atOnce<T>(
  times: number,
  [one, other]: readonly [Store, Store],
  work: (transaction: Transaction, index: number) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const runs = Array.from({ length: times }, (_, index) =>
    (index % 2 === 0 ? one : other).transact((transaction) => work(transaction, index)),
  );
  return Promise.allSettled(runs);
}

function valuesOf<T>(results: readonly PromiseSettledResult<T>[]): T[] {
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Of many who wanted the same unique thing one got it, and each other was told which thing was taken. */
function oneWon(results: readonly PromiseSettledResult<unknown>[], constraint: string): void {
  equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const result of results) {
    if (result.status === 'rejected') equal(result.reason.constraint, constraint);
  }
}

async function change({ changes, audit }: Transaction): Promise<number> {
  const seq = await changes.append([{ kind: 'owner', id: sampleId('own') }], AT);
  await audit.append(seq, sampleDraft({ personal: { ip: '203.0.113.5' } }));
  return seq;
}

/** What a store promises when everything happens at once. */
export const storeConcurrency: readonly StoreConcurrencyCase[] = [
  {
    title: 'no update is lost between transactions that lock what they read',
    async run({ store }, { store: other }) {
      const { owner } = await seedMember(store);
      const results = await atOnce(40, [store, other], async ({ owners }) => {
        const locked = await owners.lockOwner({ id: owner.id });
        const count = Number(locked?.metadata.count ?? 0) + 1;
        await owners.updateOwner(owner.id, { metadata: { count } });
      });
      valuesOf(results);
      deepEqual((await store.owners.find({ id: owner.id }))?.metadata, { count: 40 });
    },
  },
  {
    title: 'of many who insert the same unique value at once exactly one succeeds',
    async run({ store }, { store: other }) {
      const { owner, workspace } = await seedMember(store);
      const digest = sampleId('digest');
      const key = { keyDigest: sampleId('key'), bodyDigest: 'b', tokenId: 't', expiresAt: AT };
      const externalId = sampleId('ext');
      const stores = [store, other] as const;
      const insertToken = ({ tokens }: Transaction) => tokens.insert(sampleToken(owner, workspace, { digest }));
      oneWon(await atOnce(12, stores, insertToken), 'digest');
      oneWon(await atOnce(12, stores, ({ replays }) => replays.insertIdempotency(key)), 'idempotency');
      const insertOwner = ({ owners }: Transaction) => owners.insertOwner(sampleOwner({ externalId }));
      oneWon(await atOnce(12, stores, insertOwner), 'owner_external_id');
    },
  },
  {
    title: 'change sequences have no gap and no double, and no reader ever sees one before a smaller one',
    async run({ store }, { store: other }) {
      const start = await store.changeFeed.newest();
      let isWriting = true;
      const watching = (async () => {
        for (let applied = start; isWriting; ) {
          for (const { seq } of await other.changeFeed.readAfter(applied, 1_000)) {
            equal(seq, applied + 1, 'a sequence was skipped');
            applied = seq;
          }
          await new Promise(setImmediate);
        }
      })();
      const results = await atOnce(50, [store, other], async (transaction, index) => {
        const seq = await change(transaction);
        if (index % 5 === 4) throw new Error('rolled back');
        return seq;
      });
      isWriting = false;
      await watching;
      const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const expected = Array.from({ length: 40 }, (_, index) => start + 1 + index);
      deepEqual(
        taken.sort((a, b) => a - b),
        expected,
      );
      equal(await store.changeFeed.newest(), start + 40);
    },
  },
  {
    title: 'the audit chain has no break under fifty writers at once',
    async run({ store }, { store: other }) {
      const start = await store.changeFeed.newest();
      valuesOf(await atOnce(50, [store, other], change));
      const events = await store.audit.read(start, 100);
      equal(events.length, 50);
      events.forEach((event, index) => {
        equal(event.seq, start + 1 + index);
        if (index > 0) equal(event.previousHash, events[index - 1]?.hash);
      });
    },
  },
  {
    title: 'row 65: what was committed is read at once, through every opening',
    async run({ store }, { store: other }) {
      const { owner, workspace } = await seedMember(store);
      for (let round = 0; round < 60; round++) {
        const token = sampleToken(owner, workspace);
        await store.transact(({ tokens }) => tokens.insert(token));
        ok(await store.facts.findByDigest([token.digest]));
        ok(await other.facts.findByDigest([token.digest]));
        await other.transact(({ tokens }) => tokens.update(token.id, { revokedAt: AT }));
        equal((await store.facts.findByDigest([token.digest]))?.token.revokedAt, AT);
      }
    },
  },
  {
    title: 'row 60: many rotate a lineage at once, and one successor is made',
    async run({ store }, { store: other }) {
      const { owner, workspace } = await seedMember(store);
      const first = sampleToken(owner, workspace);
      await store.transact(({ tokens }) => tokens.insert(first));
      const rotated = await atOnce(20, [store, other], async ({ tokens }) => {
        const lineage = await tokens.lockLineage(first.lineageId);
        const current = lineage.filter(({ supersededAt }) => supersededAt === null);
        if (lineage.length > 1 || current.length !== 1) return false;
        const successor = sampleToken(owner, workspace, { lineageId: first.lineageId, createdAt: AT + 1 });
        await tokens.update(first.id, { supersededAt: AT, supersededBy: successor.id, graceEndsAt: AT });
        await tokens.insert(successor);
        return true;
      });
      equal(valuesOf(rotated).filter(Boolean).length, 1);
      equal((await store.tokens.findByLineage(first.lineageId)).length, 2);
    },
  },
  {
    title: 'row 59: a lineage revoked while it is being rotated has nothing left that is not revoked',
    async run({ store }, { store: other }) {
      const { owner, workspace } = await seedMember(store);
      for (let round = 0; round < 15; round++) {
        const first = sampleToken(owner, workspace);
        await store.transact(({ tokens }) => tokens.insert(first));
        const rotation = store.transact(async ({ tokens }) => {
          const lineage = await tokens.lockLineage(first.lineageId);
          if (lineage.some(({ revokedAt }) => revokedAt !== null)) return;
          const successor = sampleToken(owner, workspace, { lineageId: first.lineageId, createdAt: AT + 1 });
          await tokens.update(first.id, { supersededAt: AT, supersededBy: successor.id, graceEndsAt: AT });
          await tokens.insert(successor);
        });
        const revocation = other.transact(async ({ tokens }) => {
          for (const { id } of await tokens.lockLineage(first.lineageId)) await tokens.update(id, { revokedAt: AT });
        });
        await Promise.all([rotation, revocation]);
        const lineage = await store.tokens.findByLineage(first.lineageId);
        ok(lineage.every(({ revokedAt }) => revokedAt === AT));
      }
    },
  },
  {
    title: 'row 63: many replace the one token of an owner at once, and one is live afterwards',
    async run({ store }, { store: other }) {
      const { owner, workspace } = await seedMember(store);
      const soleKey = `${owner.id}/${workspace.id}`;
      await store.transact(({ tokens }) => tokens.insert(sampleToken(owner, workspace, { soleKey })));
      const results = await atOnce(30, [store, other], async ({ tokens }) => {
        const live = await tokens.lockSole(soleKey);
        if (live !== null) await tokens.update(live.id, { soleKey: null, revokedAt: AT });
        await tokens.insert(sampleToken(owner, workspace, { soleKey }));
      });
      valuesOf(results);
      const page = await store.tokens.list({ ownerId: owner.id }, { limit: 100, after: null });
      equal(page.rows.length, 31);
      equal(page.rows.filter(({ revokedAt }) => revokedAt === null).length, 1);
    },
  },
  {
    title: 'row 30c: a set-up code is used by one of many',
    async run({ store }, { store: other }) {
      await store.transact(({ people }) => people.putSetupCode({ codeDigest: 'd', expiresAt: AT }));
      const results = await atOnce(20, [store, other], async ({ people }) => {
        const code = await people.lockSetupCode();
        await people.deleteSetupCode();
        return code !== null;
      });
      equal(valuesOf(results).filter(Boolean).length, 1);
    },
  },
  {
    title: 'profile versions appended at once are all there, each under its own number',
    async run({ store }, { store: other }) {
      const before = (await store.profiles.inForce())?.version ?? 0;
      const results = await atOnce(10, [store, other], ({ profiles }) =>
        profiles.append({ name: 'keyhouse', digest: sampleId('digest'), document: '{}', appliedAt: AT }),
      );
      const expected = Array.from({ length: 10 }, (_, index) => before + 1 + index);
      deepEqual(
        valuesOf(results).sort((a, b) => a - b),
        expected,
      );
    },
  },
  {
    title: 'a role that is locked for deletion cannot be given to anyone meanwhile',
    async run({ store }, { store: other }) {
      const { owner, workspace } = await seedMember(store);
      for (let round = 0; round < 10; round++) {
        const role = sampleRole();
        await store.transact(({ owners }) => owners.directory.insertRole(role));
        const deletion = store.transact(async ({ owners }) => {
          await owners.directory.lockRole(role.id);
          if ((await owners.countRoleHolders(role.id)) > 0) return false;
          await owners.directory.deleteRole(role.id);
          return true;
        });
        const giving = other.transact(async ({ owners }) => {
          if ((await owners.directory.lockRole(role.id)) === null) return false;
          await owners.putMembership(sampleMembership(owner, workspace, { roleIds: [role.id] }));
          return true;
        });
        const [isDeleted, isGiven] = await Promise.all([deletion, giving]);
        equal(isDeleted, !isGiven);
      }
    },
  },
  {
    title: 'memberships put at once end as one of them, whole',
    async run({ store }, { store: other }) {
      const { owner, workspace } = await seedMember(store);
      const roles = Array.from({ length: 6 }, () => sampleRole());
      await store.transact(async ({ owners }) => {
        for (const role of roles) await owners.directory.insertRole(role);
        await owners.deleteMembership(owner.id, workspace.id);
      });
      const results = await atOnce(18, [store, other], ({ owners }, index) => {
        const pair = [roles[index % 6], roles[(index + 1) % 6]].flatMap((role) =>
          role === undefined ? [] : [role.id],
        );
        const permissions = pair.toSorted();
        return owners.putMembership(sampleMembership(owner, workspace, { permissions, roleIds: pair }));
      });
      valuesOf(results);
      const [membership] = await store.owners.memberships(owner.id);
      deepEqual(membership?.roleIds, membership?.permissions);
    },
  },
  {
    title: 'uses counted at once add up exactly',
    async run({ usage }, { usage: other }) {
      const tokenIds = Array.from({ length: 20 }, () => sampleId('tok'));
      const flush = (log: typeof usage, order: readonly string[]) =>
        log.add(
          order.map((tokenId) => ({ tokenId, hour: 0, outcome: 'ok', count: 1 })),
          order.map((tokenId, index) => ({ tokenId, at: AT + index, ip: null })),
        );
      const flushes = Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? flush(usage, tokenIds) : flush(other, tokenIds.toReversed()),
      );
      await Promise.all(flushes);
      for (const tokenId of tokenIds) equal((await usage.read(tokenId, 0, 1))[0]?.count, 20);
    },
  },
];
