import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { Checkpoint, PagePosition, Store } from '../../ports/index.ts';
import { sampleDraft, sampleId } from '../sample-records.ts';
import { recordChange } from './history-cases.ts';
import type { StoreCase } from './store-case.ts';

const NOW = 1_700_000_000_000;

/** The next checkpoint of what there is; what signs it is no matter here. */
function checkpointNow(store: Store): Promise<Checkpoint> {
  return store.transact(async ({ checkpoints }) => {
    const { head, newest } = await checkpoints.lockHead();
    const facts = { storeId: 'sto_1', number: (newest?.number ?? 0) + 1, ...head, at: NOW };
    const checkpoint = { ...facts, kid: 'key', signature: 'signature' };
    await checkpoints.insert(checkpoint);
    return checkpoint;
  });
}

/** Signed checkpoints of the audit log, and what is erased beside it. */
export const checkpointCases: readonly StoreCase[] = [
  {
    title: 'a checkpoint stands for the newest event, and one number is taken once',
    async run({ store }) {
      const seq = await recordChange(store, []);
      const [event] = await store.audit.read(seq - 1, 1);
      const made = await checkpointNow(store);
      deepEqual({ seq: made.seq, hash: made.hash }, { seq, hash: event?.hash });
      deepEqual(await store.checkpoints.newest(), { ...made, deliveredAt: null });
      await rejects(store.transact(({ checkpoints }) => checkpoints.insert(made)));
    },
  },
  {
    title: 'checkpoints are listed newest first, read oldest first, and waited for by a sink until it took them',
    async run({ store }) {
      const made = [await checkpointNow(store), await checkpointNow(store), await checkpointNow(store)];
      const numbers = made.map(({ number }) => number);
      const before = (numbers[0] as number) - 1;
      deepEqual(
        (await store.checkpoints.read(before, 10)).map(({ number }) => number),
        numbers,
      );
      const listed: number[] = [];
      let after: PagePosition | null = null;
      for (let pages = 0; pages < 3; pages++) {
        const page = await store.checkpoints.list({ limit: 1, after });
        listed.push(...page.rows.map(({ number }) => number));
        after = page.next;
      }
      deepEqual(listed, numbers.toReversed());
      const waiting = async () => (await store.checkpoints.undelivered(1_000)).map(({ number }) => number);
      const [first = 0, ...rest] = numbers;
      ok((await waiting()).includes(first));
      await store.transact(({ checkpoints }) => checkpoints.noteDelivered(first, NOW + 1));
      equal((await store.checkpoints.read(before, 1))[0]?.deliveredAt, NOW + 1);
      deepEqual(
        (await waiting()).filter((number) => number >= first),
        rest,
      );
    },
  },
  {
    title: 'erasing a person takes what is theirs as who acted, was acted for and was meant, and the events stay',
    async run({ store }) {
      const [person, other, token, lineage] = [sampleId('own'), sampleId('own'), sampleId('tok'), sampleId('lin')];
      const email = `${person}@example.com`.toLowerCase();
      const write = (fields: Parameters<typeof sampleDraft>[0]) => recordChange(store, [], sampleDraft(fields));
      const first = await write({
        actor: { kind: 'token', id: token },
        subject: { kind: 'owner', id: other },
        personal: { ip: '203.0.113.1', name: 'Abe', reason: 'mine' },
      });
      await write({
        onBehalfOf: { kind: 'external', id: person },
        personal: { ip: '203.0.113.2', actor_ip: '203.0.113.3' },
      });
      await write({ subject: { kind: 'lineage', id: lineage }, personal: { ip: '203.0.113.2', name: 'laptop' } });
      await write({ personal: { email, name: 'Invited', ip: '203.0.113.2' } });
      const about = { actorIds: [token], externalId: person, subjectIds: [person, lineage], email };
      deepEqual(await store.transact(({ audit }) => audit.erase(about)), { events: 4, fields: 6 });
      const events = await store.audit.read(first - 1, 4);
      deepEqual(
        events.map(({ personal }) => personal),
        [{ name: 'Abe' }, { ip: '203.0.113.2' }, { ip: '203.0.113.2' }, { ip: '203.0.113.2' }],
      );
      deepEqual(Object.keys(events[0]?.salts ?? {}), ['name']);
      equal(Object.keys(events[0]?.commitments ?? {}).length, 3);
      deepEqual(await store.transact(({ audit }) => audit.erase(about)), { events: 0, fields: 0 });
    },
  },
  {
    title: 'events are walked through oldest first, a page at a time',
    async run({ store }) {
      const workspaceId = sampleId('wsp');
      const seqs: number[] = [];
      for (let count = 0; count < 3; count++) seqs.push(await recordChange(store, [], sampleDraft({ workspaceId })));
      const walked: number[] = [];
      let after: PagePosition | null = null;
      do {
        const page = await store.audit.walk({ workspaceId }, { limit: 2, after });
        walked.push(...page.rows.map(({ seq }) => seq));
        after = page.next;
      } while (after !== null);
      deepEqual(walked, seqs);
    },
  },
];
