import { deepEqual, equal } from 'node:assert/strict';
import type { Reminder, Store } from '../../ports/index.ts';
import { sampleId, sampleMembership, sampleToken, sampleWorkspace } from '../sample-records.ts';
import { type StoreCase, seedMember, seedTokens } from './store-case.ts';

/** Long before the other cases, so that what waits there is theirs alone. */
const NOW = 1_000_000;
const ALL = 100_000;

/** What reminders keep. */
export const reminderCases: readonly StoreCase[] = [
  {
    title: 'a token is to be looked at when it is new and whenever it is changed, until that is put off',
    async run({ store }) {
      const { ids } = await seedTokens({ store }, {}, {});
      const [one, other] = ids as [string, string];
      const due = async (until: number) =>
        (await store.reminders.dueTokens(until, ALL)).filter((id) => ids.includes(id)).toSorted();
      deepEqual(await due(1), ids.toSorted());
      await store.transact(async ({ reminders }) => {
        await reminders.lookAt(one, NOW);
        await reminders.lookAt(other, null);
      });
      deepEqual(await due(NOW), []);
      deepEqual(await due(NOW + 1), [one]);
      const locked = await store.transact(({ reminders }) => reminders.lockDue(ids, NOW + 1));
      deepEqual(
        locked.map(({ id }) => id),
        [one],
      );
      await store.transact(({ tokens }) => tokens.update(other, { name: 'renamed' }));
      deepEqual(await due(1), [other]);
      equal((await store.reminders.dueTokens(1, 1)).length, 1);
      await store.transact(({ reminders }) => reminders.lookAt(other, null));
    },
  },
  {
    title: 'what one process looks at, another passes by without waiting',
    leftOut: ({ store }) => (store.capabilities.soleWriter ? 'Its transactions are alone: there is no other.' : null),
    async run({ store }) {
      const { ids } = await seedTokens({ store }, {}, {});
      await store.transact(async ({ reminders }) => {
        equal((await reminders.lockDue(ids.slice(0, 1), 1)).length, 1);
        const there = await store.transact((other) => other.reminders.lockDue(ids, 1));
        deepEqual(
          there.map(({ id }) => id),
          ids.slice(1),
        );
      });
    },
  },
  {
    title:
      'an owner is to be looked at once after being disabled and once after leaving, and has live tokens by workspace',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const elsewhere = sampleWorkspace();
      const isDue = async () => (await store.reminders.dueOwners(ALL)).includes(owner.id);
      const take = () => store.transact(({ reminders }) => reminders.takeOwner(owner.id));
      await store.transact(async ({ owners, tokens }) => {
        await owners.directory.insertWorkspace(elsewhere);
        await owners.putMembership(sampleMembership(owner, elsewhere));
        await owners.updateOwner(owner.id, { name: 'renamed', disabledAt: null });
        await tokens.insert(sampleToken(owner, workspace));
        await tokens.insert(sampleToken(owner, workspace, { revokedAt: NOW }));
        await tokens.insert(sampleToken(owner, workspace, { expiresAt: NOW }));
        await tokens.insert(sampleToken(owner, elsewhere, { expiresAt: NOW + 1 }));
      });
      equal(await isDue(), false);
      for (const end of [
        ({ owners }: Parameters<Parameters<Store['transact']>[0]>[0]) =>
          owners.updateOwner(owner.id, { disabledByProviderAt: NOW }),
        ({ owners }: Parameters<Parameters<Store['transact']>[0]>[0]) =>
          owners.deleteMembership(owner.id, workspace.id),
      ]) {
        await store.transact(end);
        equal(await isDue(), true);
        deepEqual([await take(), await take()], [true, false]);
        equal(await isDue(), false);
      }
      const live = await store.transact(({ reminders }) => reminders.liveTokens(owner.id, NOW));
      deepEqual(
        live,
        [workspace.id, elsewhere.id].toSorted().map((workspaceId) => ({ workspaceId, count: 1 })),
      );
    },
  },
  {
    title: 'what waits for a person is found most urgent first, counted as it is taken, and waits on where it is held',
    async run({ store }) {
      const { ids } = await seedTokens({ store }, {}, {}, { revokedAt: NOW }, { expiresAt: NOW });
      const [one, other, revoked, expired] = ids as [string, string, string, string];
      const recipient = `${sampleId('to')}@example.com`;
      const waits = (kind: Reminder['kind'], subjectId: string, about: number): Reminder => ({
        ...{ recipient, kind, subjectId, workspaceId: 'wsp_1', about },
      });
      const [unused, soon, later] = [waits('unused', one, 1), waits('expiring', one, 5), waits('expiring', other, 9)];
      await store.transact(async ({ digests }) => {
        for (const each of [unused, { ...later, about: 1 }, soon, later]) await digests.put(each, NOW);
        for (const id of [revoked, expired]) await digests.put(waits('unused', id, 1), NOW);
        await digests.put(waits('owner_ended', 'own_1', 7), NOW);
      });
      const isWaiting = async (at: number) => (await store.reminders.waiting(at, ALL)).includes(recipient);
      deepEqual([await isWaiting(NOW - 1), await isWaiting(NOW)], [false, true]);
      await store.transact(async ({ digests }) => {
        await digests.dropEnded(recipient, NOW);
        deepEqual(await digests.mostUrgent(recipient, NOW, 2), [soon, later]);
        await digests.remove(later);
        const rest = await digests.mostUrgent(recipient, NOW, 9);
        deepEqual(
          rest.map(({ kind }) => kind),
          ['expiring', 'owner_ended', 'unused'],
        );
        await digests.hold(recipient, NOW + 10);
        deepEqual(await digests.mostUrgent(recipient, NOW + 9, 9), []);
        equal(await digests.removeAll(recipient, NOW + 9), 0);
        deepEqual(
          await digests.waiting(NOW + 9, ALL),
          (await digests.waiting(NOW + 9, ALL)).filter((to) => to !== recipient),
        );
      });
      deepEqual([await isWaiting(NOW + 9), await isWaiting(NOW + 10)], [false, true]);
      equal(await store.transact(({ digests }) => digests.removeAll(recipient, NOW + 10)), 3);
      equal(await isWaiting(NOW + 10), false);
    },
  },
];
