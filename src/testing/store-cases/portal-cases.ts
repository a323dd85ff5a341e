import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { PortalSessionRecord, Store } from '../../ports/index.ts';
import { sampleId } from '../sample-records.ts';
import { type StoreCase, seedMember } from './store-case.ts';
import { isViolationOf } from './token-cases.ts';

const NOW = 1_700_000_000_000;

async function seedLink(store: Store, patch: Partial<PortalSessionRecord> = {}): Promise<PortalSessionRecord> {
  const { owner, workspace } = await seedMember(store);
  const link: PortalSessionRecord = {
    id: sampleId('pts'),
    linkDigest: sampleId('link'),
    linkExpiresAt: NOW + 10,
    digest: null,
    ownerId: owner.id,
    workspaceId: workspace.id,
    minter: { tokenId: 'tok_1' },
    actor: 'support-3',
    createdAt: NOW,
    lastUsedAt: NOW,
    expiresAt: NOW + 10,
    ...patch,
  };
  await store.transact(({ portal }) => portal.insert(link));
  return link;
}

/** Links of the provider's users to the page of their own tokens, and the sessions they open. */
export const portalCases: readonly StoreCase[] = [
  {
    title: 'a portal link is opened once, and is a session from then on',
    async run({ store }) {
      for (const minter of [null, { tokenId: 'tok_1' }, { ownerId: 'own_1', workspaceId: 'wsp_1' }]) {
        const link = await seedLink(store, { minter });
        const digest = sampleId('digest');
        equal(await store.portal.find(digest), null);
        const opened = { digest, at: NOW + 1, expiresAt: NOW + 100 };
        await store.transact(async ({ portal }) => {
          deepEqual(await portal.lockLink(link.linkDigest), link);
          equal(await portal.lockLink('none'), null);
          equal(await portal.open(link.id, opened), true);
          equal(await portal.open(link.id, { ...opened, digest: sampleId('digest') }), false);
          await portal.touch(link.id, NOW + 5);
          await portal.touch(link.id, NOW + 3);
        });
        const session = { ...link, digest, lastUsedAt: NOW + 5, expiresAt: NOW + 100 };
        deepEqual(await store.portal.find(digest), session);
      }
    },
  },
  {
    title: 'no two portal links and no two portal sessions have one secret',
    async run({ store }) {
      const link = await seedLink(store);
      const isTaken = isViolationOf('portal_link');
      await rejects(seedLink(store, { linkDigest: link.linkDigest }), isTaken);
    },
  },
  {
    title: 'portal links and sessions are cleared away when their time is over, and sessions when they lie unused',
    async run({ store }) {
      const waiting = await seedLink(store, { expiresAt: NOW + 10 });
      const unused = await seedLink(store, { digest: sampleId('digest'), expiresAt: NOW + 100, lastUsedAt: NOW - 50 });
      const used = await seedLink(store, { digest: sampleId('digest'), expiresAt: NOW + 100, lastUsedAt: NOW });
      const left = () =>
        store.transact(async ({ portal }) => {
          const found = await Promise.all([waiting, unused, used].map((one) => portal.lockLink(one.linkDigest)));
          return found.map((one) => one !== null);
        });
      await store.transact(({ portal }) => portal.purge(NOW, NOW - 50));
      deepEqual(await left(), [true, false, true]);
      await store.transact(({ portal }) => portal.purge(NOW + 10, NOW - 50));
      deepEqual(await left(), [false, false, true]);
    },
  },
  {
    title: 'portal links and sessions are found by id or by owner, and ended',
    async run({ store }) {
      const link = await seedLink(store);
      const second = await seedLink(store, { ownerId: link.ownerId, workspaceId: link.workspaceId });
      const other = await seedLink(store);
      await store.transact(async ({ portal }) => {
        deepEqual(await portal.lock({ id: link.id }), [link]);
        const both = [link, second].sort((a, b) => (a.id < b.id ? -1 : 1));
        deepEqual(await portal.lock({ ownerId: link.ownerId }), both);
        await portal.end([]);
        await portal.end([link.id, second.id]);
        deepEqual(await portal.lock({ ownerId: link.ownerId }), []);
        deepEqual(await portal.lock({ id: other.id }), [other]);
      });
    },
  },
];
