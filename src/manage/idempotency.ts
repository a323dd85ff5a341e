import { createHash } from 'node:crypto';
import type { Transaction } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import { invalidInput, Rejection } from './rejection.ts';

const KEPT_MS = 24 * 3_600_000;

/** A create or rotation that carries an `Idempotency-Key`: who asked, for what, with which body. */
export interface Replayable {
  readonly keyDigest: string;
  readonly bodyDigest: string;
}

/**
 * @returns null when the caller sent no key.
 * @throws {Rejection} `invalid_input` for a key that is not 1 to 255 visible characters.
 */
export function replayable(caller: Caller, operation: string, input: unknown): Replayable | null {
  const key = caller.circumstances.idempotencyKey;
  if (key === null) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw invalidInput('Idempotency-Key', 'Between 1 and 255 visible ASCII characters.');
  // Staff are called what each sender calls them: the same name in another workspace is another person.
  const who = caller.self ?? caller.staff?.session.workspaceId ?? null;
  return {
    keyDigest: sha256(JSON.stringify([caller.actor, who, operation, key])),
    bodyDigest: sha256(JSON.stringify(input, sortedKeys)),
  };
}

/**
 * The token an earlier call with this key made; null when this call is the first.
 * @throws {Rejection} `idempotency_mismatch` when that call asked for something else.
 */
export async function findReplay(
  transaction: Transaction,
  replay: Replayable | null,
  now: number,
): Promise<string | null> {
  if (replay === null) return null;
  const earlier = await transaction.replays.findIdempotency(replay.keyDigest, now);
  if (earlier === null) return null;
  if (earlier.bodyDigest !== replay.bodyDigest) throw new Rejection('idempotency_mismatch');
  return earlier.tokenId;
}

export async function rememberReplay(
  transaction: Transaction,
  replay: Replayable | null,
  tokenId: string,
  now: number,
): Promise<void> {
  if (replay === null) return;
  await transaction.replays.insertIdempotency({ ...replay, tokenId, expiresAt: now + KEPT_MS });
}

/** What the answer says when the value was given out before and cannot be given again. */
export const ALREADY_ISSUED_HELP =
  'The value was shown in the first answer and cannot be shown again. If that answer was lost, revoke this token and create another with a new Idempotency-Key.';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
