import { formatInstant } from './instant.ts';

/** What a signed checkpoint says: at this time the audit chain of this store had this hash at this event. */
export interface CheckpointFacts {
  readonly storeId: string;
  /** Counted from 1 without a gap, so that one that was taken out is missed. */
  readonly number: number;
  /** Of the newest event then. */
  readonly seq: number;
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The exact text that is signed. Its first line keeps the signature from being taken for one of anything else. */
export function checkpointStatement({ storeId, number, seq, hash, at }: CheckpointFacts): string {
  return `keyhouse-audit-checkpoint:1\n${JSON.stringify([storeId, number, seq, hash, formatInstant(at)])}`;
}

/** A checkpoint is due after so many events, */
const EVENTS_BETWEEN = 1_000;
/** or so long after the one before, if anything happened since. */
const CHECKPOINT_MS = 10 * 60_000;

/** Whether the chain is to be signed now. A clock that was set back is no reason to wait. */
export function isCheckpointDue(
  newest: Pick<CheckpointFacts, 'seq' | 'at'> | null,
  head: { readonly seq: number },
  now: number,
): boolean {
  if (head.seq <= (newest?.seq ?? 0)) return false;
  if (newest === null || now < newest.at) return true;
  return head.seq - newest.seq >= EVENTS_BETWEEN || now - newest.at >= CHECKPOINT_MS;
}
