import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import type { PagePosition, Store, Subject } from '../../ports/index.ts';
import { sampleDraft, sampleId } from '../sample-records.ts';
import type { StoreCase } from './store-case.ts';

const NOW = 1_700_000_000_000;

/** One change as every change is: subjects under a new sequence, and an audit event. */
export function recordChange(store: Store, subjects: readonly Subject[], draft = sampleDraft()): Promise<number> {
  return store.transact(async ({ changes, audit }) => {
    const seq = await changes.append(subjects, draft.at);
    await audit.append(seq, draft);
    return seq;
  });
}

/** The change sequence and the audit log. */
export const historyCases: readonly StoreCase[] = [
  {
    title: 'each change takes the next sequence, and a change that fails takes none',
    async run({ store }) {
      const before = await store.changeFeed.newest();
      equal(await recordChange(store, []), before + 1);
      const failing = store.transact(async ({ changes }) => {
        await changes.append([{ kind: 'owner', id: 'own_x' }], NOW);
        throw new Error('changed my mind');
      });
      await rejects(failing, /changed my mind/);
      equal(await store.changeFeed.newest(), before + 1);
      equal(await recordChange(store, []), before + 2);
      deepEqual(await store.changeFeed.readAfter(before, 10), []);
    },
  },
  {
    title: 'the feed is read in order, and a limit never cuts a change in two',
    async run({ store }) {
      const before = await store.changeFeed.newest();
      const first: Subject[] = [
        { kind: 'lineage', id: 'a' },
        { kind: 'lineage', id: 'b' },
        { kind: 'owner', id: 'c' },
      ];
      await recordChange(store, [...first, { kind: 'lineage', id: 'a' }]);
      await recordChange(store, [{ kind: 'profile', id: '*' }]);
      const entries = first.map((subject) => ({ seq: before + 1, ...subject }));
      deepEqual(await store.changeFeed.readAfter(before, 1), entries);
      deepEqual(await store.changeFeed.readAfter(before, 3), entries);
      const all = [...entries, { seq: before + 2, kind: 'profile', id: '*' }];
      deepEqual(await store.changeFeed.readAfter(before, 4), all);
      deepEqual(await store.changeFeed.readAfter(before + 2, 10), []);
    },
  },
  {
    title: 'an audit event comes back as it was drafted, its personal fields beside commitments to them',
    async run({ store }) {
      const draft = sampleDraft({
        action: 'token.revoked',
        actor: { kind: 'token', id: 'tok_1' },
        onBehalfOf: { kind: 'external', id: 'u-7' },
        subject: { kind: 'lineage', id: sampleId('lin') },
        workspaceId: sampleId('wsp'),
        requestId: 'req_1',
        details: { before: { b: 1, a: [null, 'ü'] }, after: null },
        personal: { ip: '203.0.113.5', reason: 'left' },
      });
      const seq = await recordChange(store, [], draft);
      const [event] = await store.audit.read(seq - 1, 1);
      ok(event);
      const { commitments, salts, previousHash, hash, ...facts } = event;
      deepEqual(Object.keys(salts).sort(), ['ip', 'reason']);
      deepEqual(facts, { ...draft, seq });
      deepEqual(Object.keys(commitments).sort(), ['ip', 'reason']);
      for (const text of Object.values(commitments)) match(text, /^[0-9a-f]{64}$/);
      match(hash, /^[0-9a-f]{64}$/);
      notEqual(hash, previousHash);
    },
  },
  {
    title: 'appending an audit event tells its hash, which the next event continues',
    async run({ store }) {
      const [seq, hash] = await store.transact(async ({ changes, audit }) => {
        const taken = await changes.append([], NOW);
        return [taken, await audit.append(taken, sampleDraft())] as const;
      });
      await recordChange(store, []);
      const [event, next] = await store.audit.read(seq - 1, 2);
      equal(event?.hash, hash);
      equal(next?.previousHash, hash);
    },
  },
  {
    title: 'two equal personal values have unlike commitments',
    async run({ store }) {
      const personal = { ip: '203.0.113.5' };
      const first = await recordChange(store, [], sampleDraft({ personal }));
      await recordChange(store, [], sampleDraft({ personal }));
      const [a, b] = await store.audit.read(first - 1, 2);
      notEqual(a?.commitments.ip, b?.commitments.ip);
    },
  },
  {
    title: 'audit events are listed newest first, by subject, actor, action, workspace and time',
    async run({ store }) {
      const workspaceId = sampleId('wsp');
      const subject: Subject = { kind: 'owner', id: sampleId('own') };
      const actor = { kind: 'user', id: sampleId('own') } as const;
      const one = await recordChange(store, [], sampleDraft({ workspaceId, at: NOW }));
      const two = await recordChange(
        store,
        [],
        sampleDraft({ workspaceId, at: NOW + 1, subject, action: 'owner.put' }),
      );
      const three = await recordChange(store, [], sampleDraft({ workspaceId, at: NOW + 2, actor }));
      const list = async (filter: Parameters<typeof store.audit.list>[0]) =>
        (await store.audit.list({ workspaceId, ...filter }, { limit: 9, after: null })).rows.map(({ seq }) => seq);
      deepEqual(await list({}), [three, two, one]);
      deepEqual(await list({ subjectId: subject.id }), [two]);
      deepEqual(await list({ actorId: actor.id }), [three]);
      deepEqual(await list({ action: 'owner.put' }), [two]);
      deepEqual(await list({ from: NOW + 1 }), [three, two]);
      deepEqual(await list({ to: NOW + 1 }), [one]);
      deepEqual(await list({ workspaceId: 'wsp_none' }), []);

      const seen: number[] = [];
      let after: PagePosition | null = null;
      do {
        const page = await store.audit.list({ workspaceId }, { limit: 1, after });
        seen.push(...page.rows.map(({ seq }) => seq));
        after = page.next;
      } while (after !== null);
      deepEqual(seen, [three, two, one]);
    },
  },
  {
    title: 'an audit event cannot be written under a sequence of another transaction',
    async run({ store }) {
      const seq = await recordChange(store, []);
      const late = store.transact(({ audit }) => audit.append(seq - 1, sampleDraft()));
      await rejects(late, TypeError);
    },
  },
];
