import type { Engine } from '../manage/index.ts';
import { checkpointStatement, isCheckpointDue } from '../policy/index.ts';
import type { Checkpoint, CheckpointRecord, Instant, Transaction } from '../ports/index.ts';
import type { Job, Upkeep } from './job.ts';

const DELIVERED_AT_ONCE = 100;

/** Signs the audit chain when that is due, and tells the sink: what is signed elsewhere cannot be cut off here unseen. */
export const sealAudit: Job = {
  name: 'seal_audit',
  everyMs: 60_000,
  async run(upkeep, now) {
    const signed = await signCheckpoint(upkeep.engine, now, isCheckpointDue);
    if (signed === 'no_key') {
      upkeep.warn(
        'The audit chain is not signed: its checkpoints were signed with a key that the secrets folder does not have. Copy audit-keys.json there, or make a new key: keyhouse audit rotate-key',
      );
    }
    await deliver(upkeep, now);
  },
};

/**
 * Signs the chain as it stands, if `isDue`. Of processes that do so at the same moment one signs.
 * @returns the new checkpoint; null where none was due; `no_key` where earlier ones were signed with a key that is not here.
 */
export async function signCheckpoint(
  { store, auditSeal: { keys, storeId } }: Pick<Engine, 'store' | 'auditSeal'>,
  now: Instant,
  isDue: typeof isCheckpointDue,
): Promise<Checkpoint | null | 'no_key'> {
  const newest = await store.checkpoints.newest();
  if (!isDue(newest, { seq: await store.changeFeed.newest() }, now)) return null;
  return store.transact(async ({ checkpoints }: Transaction) => {
    const { head, newest } = await checkpoints.lockHead();
    if (!isDue(newest, head, now)) return null;
    const facts = { storeId, number: (newest?.number ?? 0) + 1, ...head, at: now };
    const signature = keys.sign(checkpointStatement(facts), newest === null);
    if (signature === null) return 'no_key';
    const checkpoint = { ...facts, ...signature };
    await checkpoints.insert(checkpoint);
    return checkpoint;
  });
}

/** In their order: a sink that does not take one gets no later one before it. */
async function deliver({ engine: { store, auditSeal }, stopped }: Upkeep, now: Instant): Promise<void> {
  const { sink } = auditSeal;
  if (sink === null) return;
  for (;;) {
    const waiting = await store.checkpoints.undelivered(DELIVERED_AT_ONCE);
    for (const checkpoint of waiting) {
      if (stopped.aborted) return;
      await sink.take(statementOf(checkpoint), stopped);
      await store.transact(({ checkpoints }) => checkpoints.noteDelivered(checkpoint.number, now));
    }
    if (waiting.length < DELIVERED_AT_ONCE) return;
  }
}

function statementOf({ deliveredAt: _, ...checkpoint }: CheckpointRecord): Checkpoint {
  return checkpoint;
}
