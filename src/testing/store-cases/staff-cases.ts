import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { StaffSessionRecord, Store } from '../../ports/index.ts';
import { sampleId } from '../sample-records.ts';
import { type StoreCase, seedMember } from './store-case.ts';
import { isViolationOf } from './token-cases.ts';

const NOW = 1_700_000_000_000;

async function seedLink(store: Store, patch: Partial<StaffSessionRecord> = {}): Promise<StaffSessionRecord> {
  const { workspace } = await seedMember(store);
  const link: StaffSessionRecord = {
    id: sampleId('pts'),
    linkDigest: sampleId('link'),
    linkExpiresAt: NOW + 10,
    digest: null,
    externalId: sampleId('support'),
    name: 'Grace',
    email: null,
    roleId: 'rol_1',
    workspaceId: workspace.id,
    minter: { tokenId: 'tok_1' },
    createdBy: { kind: 'token', id: 'tok_1' },
    createdAt: NOW,
    lastUsedAt: NOW,
    expiresAt: NOW + 10,
    ...patch,
  };
  await store.transact(({ staff }) => staff.insert(link));
  return link;
}

/** Links of the provider's staff to the dashboard, and the sessions they open. */
export const staffCases: readonly StoreCase[] = [
  {
    title: 'a link of staff is opened once, and is a session from then on',
    async run({ store }) {
      const link = await seedLink(store, { minter: null, createdBy: { kind: 'host', id: null } });
      const digest = sampleId('digest');
      equal(await store.staff.find(digest), null);
      const opened = { digest, at: NOW + 1, expiresAt: NOW + 100 };
      await store.transact(async ({ staff }) => {
        deepEqual(await staff.lockLink(link.linkDigest), link);
        equal(await staff.lockLink('none'), null);
        equal(await staff.open(link.id, opened), true);
        equal(await staff.open(link.id, { ...opened, digest: sampleId('digest') }), false);
        await staff.touch(link.id, NOW + 5);
        await staff.touch(link.id, NOW + 3);
      });
      const session = { ...link, digest, lastUsedAt: NOW + 5, expiresAt: NOW + 100 };
      deepEqual(await store.staff.find(digest), session);
      await rejects(seedLink(store, { linkDigest: link.linkDigest }), isViolationOf('staff_link'));
      await rejects(seedLink(store, { digest }), isViolationOf('staff_digest'));
    },
  },
  {
    title: 'links and sessions of staff are found by id or by person, ended, and cleared away',
    async run({ store }) {
      const waiting = await seedLink(store);
      const { externalId } = waiting;
      const used = await seedLink(store, { externalId, digest: sampleId('digest'), expiresAt: NOW + 100 });
      const unused = await seedLink(store, { digest: sampleId('digest'), expiresAt: NOW + 100, lastUsedAt: NOW - 50 });
      await store.transact(async ({ staff }) => {
        deepEqual(await staff.lock({ id: used.id }), [used]);
        deepEqual((await staff.lock({ externalId })).length, 2);
        await staff.purge(NOW, NOW - 50);
        deepEqual(await staff.lock({ id: unused.id }), []);
        await staff.purge(NOW + 10, NOW - 50);
        deepEqual(await staff.lock({ externalId }), [used]);
        await staff.end([used.id]);
        deepEqual(await staff.lock({ externalId }), []);
      });
    },
  },
];
