import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { InvitationRecord, SessionRecord, Store } from '../../ports/index.ts';
import { sampleId } from '../sample-records.ts';
import { type StoreCase, seedMember } from './store-case.ts';
import { isViolationOf } from './token-cases.ts';

const NOW = 1_700_000_000_000;

async function seedSession(store: Store, patch: Partial<SessionRecord> = {}) {
  const { owner, workspace } = await seedMember(store);
  const session: SessionRecord = {
    id: sampleId('ses'),
    digest: sampleId('digest'),
    ownerId: owner.id,
    workspaceId: workspace.id,
    createdAt: NOW,
    lastUsedAt: NOW,
    expiresAt: NOW + 100,
    ip: '192.0.2.7',
    userAgent: 'Chromium',
    ...patch,
  };
  await store.transact(({ sessions }) => sessions.insert(session));
  return { owner, workspace, session };
}

/** Sessions, second factors, and the links that let somebody in once. */
export const sessionCases: readonly StoreCase[] = [
  {
    title: 'row 29: a session is read with its user, workspace and membership as they are at that moment',
    async run({ store }) {
      const { owner, workspace, session } = await seedSession(store);
      const row = await store.sessions.find(session.digest);
      deepEqual(row?.session, session);
      deepEqual([row?.owner, row?.workspace, row?.membership?.workspaceId], [owner, workspace, workspace.id]);
      equal(await store.sessions.find('none'), null);
      await store.transact(({ owners }) => owners.deleteMembership(owner.id, workspace.id));
      equal((await store.sessions.find(session.digest))?.membership, null);
      await store.transact(({ owners }) => owners.updateOwner(owner.id, { disabledAt: NOW }));
      equal((await store.sessions.find(session.digest))?.owner.disabledAt, NOW);
    },
  },
  {
    title: 'a session is noted as used forwards only, moves, and ends alone, with all others, or when its time is over',
    async run({ store }) {
      const { owner, workspace, session } = await seedSession(store);
      const others = ['a', 'b'].map((letter) => ({
        ...session,
        id: sampleId(`ses${letter}`),
        digest: sampleId('dig'),
      }));
      const elsewhere = await seedMember(store);
      await store.transact(async ({ sessions }) => {
        for (const other of others) await sessions.insert(other);
        await sessions.touch(session.id, NOW + 5);
        await sessions.touch(session.id, NOW + 3);
        await sessions.moveTo(session.id, elsewhere.workspace.id);
        deepEqual(await sessions.end(owner.id, { id: 'none' }), []);
        deepEqual(await sessions.end(elsewhere.owner.id, { id: session.id }), []);
        deepEqual(await sessions.end(owner.id, { exceptId: session.id }), others.map(({ id }) => id).sort());
      });
      const moved = { ...session, lastUsedAt: NOW + 5, workspaceId: elsewhere.workspace.id };
      deepEqual(await store.people.listSessions(owner.id), [moved]);
      await store.transact(({ sessions }) => sessions.purge(NOW + 99, NOW));
      equal((await store.people.listSessions(owner.id)).length, 1);
      await store.transact(({ sessions }) => sessions.purge(NOW + 100, NOW));
      deepEqual(await store.people.listSessions(owner.id), []);
      equal(workspace.id !== elsewhere.workspace.id, true);
      const twice = store.transact(async ({ sessions }) => {
        await sessions.insert(session);
        await sessions.insert({ ...session, id: sampleId('ses') });
      });
      await rejects(twice, isViolationOf('session_digest'));
    },
  },
  {
    title: 'a second factor is replaced as a whole, and a recovery code is taken once',
    async run({ store }) {
      const { owner } = await seedMember(store);
      const factor = { ownerId: owner.id, sealedSecret: '1.c2VhbGVk', confirmedAt: null, lastStep: 0, createdAt: NOW };
      await store.transact(async ({ secondFactors }) => {
        equal(await secondFactors.lock(owner.id), null);
        await secondFactors.put(factor);
        await secondFactors.put({ ...factor, confirmedAt: NOW, lastStep: 7 });
        await secondFactors.putRecoveryCodes(owner.id, ['old']);
        await secondFactors.putRecoveryCodes(owner.id, ['one', 'two']);
        deepEqual(
          [
            await secondFactors.takeRecoveryCode(owner.id, 'old'),
            await secondFactors.takeRecoveryCode(owner.id, 'one'),
            await secondFactors.takeRecoveryCode(owner.id, 'one'),
          ],
          [false, true, false],
        );
      });
      deepEqual(await store.people.readSecondFactor(owner.id), { ...factor, confirmedAt: NOW, lastStep: 7 });
      await store.transact(async ({ secondFactors }) => {
        equal(await secondFactors.delete(owner.id), true);
        equal(await secondFactors.delete(owner.id), false);
        equal(await secondFactors.takeRecoveryCode(owner.id, 'two'), false);
      });
      equal(await store.people.readSecondFactor(owner.id), null);
    },
  },
  {
    title: 'invitations and resets are found by their digest until they are deleted or purged',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const invitation: InvitationRecord = {
        id: sampleId('inv'),
        digest: sampleId('digest'),
        email: 'ada@example.com',
        name: null,
        workspaceId: workspace.id,
        permissions: ['servers:read'],
        roleIds: [],
        createdBy: { kind: 'operator', id: null },
        inviter: { ownerId: owner.id, workspaceId: workspace.id },
        createdAt: NOW,
        expiresAt: NOW + 10,
      };
      const reset = { digest: sampleId('digest'), ownerId: owner.id, createdAt: NOW, expiresAt: NOW + 10 };
      await store.transact(async ({ links }) => {
        await links.insertInvitation(invitation);
        await links.insertReset(reset);
        deepEqual(await links.lockInvitation({ digest: invitation.digest }), invitation);
        deepEqual(await links.lockInvitation({ id: invitation.id }), invitation);
        deepEqual(await links.lockReset(reset.digest), reset);
        deepEqual([await links.countResets(owner.id, NOW), await links.countResets(owner.id, NOW + 10)], [1, 0]);
      });
      const listed = (now: number) =>
        store.people.listInvitations({ workspaceId: workspace.id, now }, { limit: 5, after: null });
      deepEqual([(await listed(NOW)).rows, (await listed(NOW + 10)).rows], [[invitation], []]);
      await store.transact(async ({ links }) => {
        await links.purge(NOW + 9);
        await links.deleteResets(owner.id);
        equal(await links.lockReset(reset.digest), null);
        equal((await links.lockInvitation({ id: invitation.id }))?.id, invitation.id);
        await links.purge(NOW + 10);
        equal(await links.lockInvitation({ id: invitation.id }), null);
      });
    },
  },
  {
    title: 'an identity of another house means one user, and a user has one with each issuer',
    async run({ store }) {
      const [ada, bob] = [(await seedMember(store)).owner, (await seedMember(store)).owner];
      const issuer = `https://${sampleId('issuer')}.example.com`;
      const identity = { issuer, subject: 'A-1', ownerId: ada.id, linkedAt: NOW };
      await store.transact(async ({ identities }) => {
        await identities.put(identity);
        deepEqual(await identities.find({ issuer, subject: 'A-1' }), identity);
        deepEqual(await identities.find({ issuer, ownerId: ada.id }), identity);
        equal(await identities.find({ issuer, subject: 'a-1' }), null);
        equal(await identities.find({ issuer: `${issuer}/`, subject: 'A-1' }), null);
        // The same person under another subject, then the same subject for another user.
        await identities.put({ ...identity, subject: 'A-2' });
        equal(await identities.find({ issuer, subject: 'A-1' }), null);
        await identities.put({ ...identity, subject: 'A-2', ownerId: bob.id });
        equal(await identities.find({ issuer, ownerId: ada.id }), null);
        deepEqual([await identities.deleteOf(ada.id), await identities.deleteOf(bob.id)], [false, true]);
        equal(await identities.find({ issuer, subject: 'A-2' }), null);
      });
    },
  },
  {
    title: 'a mail is put with its change, or not at all',
    async run({ store }) {
      const id = sampleId('mal');
      const mail = {
        id,
        template: 'invitation',
        to: 'ada@example.com',
        locale: null,
        data: {},
        sealed: null,
        createdAt: NOW,
      };
      await rejects(
        store.transact(async ({ outbox }) => {
          await outbox.put(mail);
          throw new Error('the change failed');
        }),
        /the change failed/,
      );
      // The same id is free: nothing of the first attempt is there.
      await store.transact(({ outbox }) => outbox.put(mail));
      await rejects(store.transact(({ outbox }) => outbox.put(mail)));
    },
  },
];
