import { open } from 'node:fs/promises';
import { type CheckpointWire, checkpointSchema, readProvableEvent } from '../manage/index.ts';
import { jsonLine } from '../policy/index.ts';
import type { AuditHead, AuditPublicKey, Checkpoint } from '../ports/index.ts';
import { type AuditReport, AuditTrail, type SqlStoreHandle } from '../stores/sql/index.ts';
import { StartRefused } from './start-refused.ts';

const EVENTS_AT_ONCE = 1_000;

/** What the trail of a store is held to, beside the store itself. */
export interface Evidence {
  readonly keys: readonly AuditPublicKey[];
  /** Kept apart from the store, such as by a sink. */
  readonly checkpoints: readonly Checkpoint[];
  /** What the witness of a data folder has seen. */
  readonly witness: AuditHead | null;
}

/** Verifies the audit trail of a store, in pieces: it may be long, and requests are answered meanwhile. */
export async function verifyStoreTrail(
  { store, auditHead }: Pick<SqlStoreHandle, 'store' | 'auditHead'>,
  { keys, checkpoints, witness }: Evidence,
): Promise<AuditReport> {
  // What is signed first covers no event that is not yet there when it is read.
  const stored = await readCheckpoints(store.checkpoints);
  const head = await auditHead();
  const trail = new AuditTrail({ keys, checkpoints: together(stored, checkpoints) });
  trail.expect(head);
  if (witness !== null) trail.expect(witness);
  for (let after = 0; ; ) {
    const events = await store.audit.read(after, EVENTS_AT_ONCE);
    for (const event of events) trail.take(event);
    after = events.at(-1)?.seq ?? after;
    if (events.length < EVENTS_AT_ONCE) return trail.report(true);
  }
}

async function readCheckpoints(log: SqlStoreHandle['store']['checkpoints']): Promise<readonly Checkpoint[]> {
  const read: Checkpoint[] = [];
  for (;;) {
    const page = await log.read(read.at(-1)?.number ?? 0, EVENTS_AT_ONCE);
    read.push(...page);
    if (page.length < EVENTS_AT_ONCE) return read;
  }
}

/** The same checkpoint in both places counts once; two of one number are kept, and found. */
function together(stored: readonly Checkpoint[], apart: readonly Checkpoint[]): readonly Checkpoint[] {
  const all = new Map<string, Checkpoint>();
  for (const one of [...stored, ...apart]) {
    const { storeId, number, seq, hash, at, kid, signature } = one;
    all.set(JSON.stringify([storeId, number, seq, hash, at, kid, signature]), one);
  }
  return [...all.values()].sort((a, b) => a.number - b.number);
}

export interface AuditFiles {
  /** An export as JSON lines. */
  readonly events: string;
  readonly checkpoints: string;
  /** A JSON Web Key Set. */
  readonly keys: string;
  /** The export begins and ends anywhere. */
  readonly isPart: boolean;
}

/**
 * Verifies an export with nothing but files.
 * @throws {StartRefused} a file cannot be read, or is none of its kind.
 */
export async function verifyAuditFiles({ events, checkpoints, keys, isPart }: AuditFiles): Promise<AuditReport> {
  const trail = new AuditTrail({
    keys: await readKeyFile(keys),
    checkpoints: withoutRepeats(await readCheckpointFile(checkpoints)),
    isPart,
  });
  let number = 0;
  for await (const line of linesOf(events)) {
    number += 1;
    const value = parsed(line);
    const event = readProvableEvent(value);
    if (event === null || jsonLine(value) !== `${line}\n`) trail.misread(number);
    if (event !== null) trail.take(event);
  }
  return trail.report(false);
}

/** @throws {StartRefused} */
export async function readCheckpointFile(path: string): Promise<readonly Checkpoint[]> {
  const read: Checkpoint[] = [];
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    if (line.trim() === '') continue;
    const { success, data } = checkpointSchema.safeParse(parsed(line));
    if (!success) throw new StartRefused(`${path}: line ${number} is no checkpoint.`);
    read.push(checkpointOf(data));
  }
  return read;
}

/** A sink may have been told one twice after a crash. */
function withoutRepeats(checkpoints: readonly Checkpoint[]): readonly Checkpoint[] {
  return checkpoints.filter((one, at) => JSON.stringify(one) !== JSON.stringify(checkpoints[at - 1]));
}

function checkpointOf({ store_id, at, ...same }: CheckpointWire): Checkpoint {
  return { ...same, storeId: store_id, at: Date.parse(at) || 0 };
}

/** @throws {StartRefused} */
export async function readKeyFile(path: string): Promise<readonly AuditPublicKey[]> {
  let text = '';
  for await (const line of linesOf(path)) text += `${line}\n`;
  const { keys } = (parsed(text) ?? {}) as { readonly keys?: unknown };
  const isKey = (key: unknown): key is AuditPublicKey => {
    const { kid, x } = (key ?? {}) as Record<string, unknown>;
    return typeof kid === 'string' && typeof x === 'string' && Buffer.from(x, 'base64url').length === 32;
  };
  if (!Array.isArray(keys) || !keys.every(isKey)) throw new StartRefused(`${path} is no set of audit keys.`);
  return keys;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    const file = await open(path);
    for await (const line of file.readLines({ encoding: 'utf8' })) yield line;
  } catch (error) {
    throw new StartRefused(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
