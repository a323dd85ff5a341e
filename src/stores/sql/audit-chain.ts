import { createHash } from 'node:crypto';
import type { ActorRef, AuditEvent } from '../../ports/index.ts';

/** First element of every canonical form: what was hashed under one layout is verified under it for ever. */
const CANONICAL_VERSION = 1;

/** The hash before the first event. */
export const CHAIN_START = '';

/** What the chain covers of an event: all of it but the erasable clear text and the hashes themselves. */
export type ChainedFields = Omit<AuditEvent, 'personal' | 'previousHash' | 'hash'>;

/** A JSON array in fixed order, objects inside it with sorted keys: one event has one text, in any language. */
export function canonicalEvent(event: ChainedFields): string {
  return JSON.stringify([
    CANONICAL_VERSION,
    event.seq,
    event.at,
    event.action,
    canonicalActor(event.actor),
    event.onBehalfOf === null ? null : canonicalActor(event.onBehalfOf),
    event.subject === null ? null : [event.subject.kind, event.subject.id],
    event.workspaceId,
    event.requestId,
    sortKeys(event.details),
    sortKeys(event.commitments),
  ]);
}

/** SHA-256 hex of the previous hash followed by the canonical event. */
export function chainHash(previousHash: string, event: ChainedFields): string {
  return createHash('sha256').update(previousHash).update(canonicalEvent(event)).digest('hex');
}

/** SHA-256 hex of salt ‖ 0x00 ‖ field ‖ 0x00 ‖ value. With the salt erased, nobody can try values against it. */
export function commitment(salt: Uint8Array, field: string, value: string): string {
  return createHash('sha256').update(salt).update('\0').update(field).update('\0').update(value).digest('hex');
}

export type ChainProblem =
  /** Not larger than the sequence before it: reordered or doubled. */
  | 'order'
  /** Does not continue the event before it: one was deleted, inserted or moved. */
  | 'link'
  /** Its own fields were edited. */
  | 'content'
  /** All events given are sound, but the newest the store remembers is missing. */
  | 'end';

export type ChainVerdict =
  | { readonly sound: true; readonly seq: number; readonly hash: string }
  | { readonly sound: false; readonly seq: number; readonly problem: ChainProblem };

/**
 * Verifies a run of events, oldest first. A long chain is verified in pieces: give the last `{ seq, hash }` as `from`.
 * @param end what the epoch row says the newest event is; given with the last piece, it finds a cut-off tail.
 */
export function verifyAuditChain(
  events: Iterable<AuditEvent>,
  from: { readonly seq: number; readonly hash: string } = { seq: 0, hash: CHAIN_START },
  end: { readonly seq: number; readonly hash: string } | null = null,
): ChainVerdict {
  let { seq, hash } = from;
  for (const event of events) {
    if (event.seq <= seq) return { sound: false, seq: event.seq, problem: 'order' };
    if (event.previousHash !== hash) return { sound: false, seq: event.seq, problem: 'link' };
    if (event.hash !== chainHash(hash, event)) return { sound: false, seq: event.seq, problem: 'content' };
    ({ seq, hash } = event);
  }
  if (end !== null && (end.seq !== seq || end.hash !== hash)) return { sound: false, seq: end.seq, problem: 'end' };
  return { sound: true, seq, hash };
}

function canonicalActor({ kind, id }: ActorRef): readonly [string, string | null] {
  return [kind, id];
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys((value as Record<string, unknown>)[key])]));
}
