import type { CheckpointFacts } from '../policy/index.ts';
import type { Page, PageRequest } from './page.ts';
import type { Instant } from './records.ts';

/** The newest audit event; `seq` 0 and an empty hash before the first one. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** A signed statement about the audit chain. */
export interface Checkpoint extends CheckpointFacts {
  /** Thumbprint of the key (RFC 7638, SHA-256). */
  readonly kid: string;
  /** Ed25519 over `checkpointStatement`, base64url. */
  readonly signature: string;
}

export interface CheckpointRecord extends Checkpoint {
  /** When the sink took it; null while it has not. */
  readonly deliveredAt: Instant | null;
}

export interface CheckpointReads {
  newest(): Promise<CheckpointRecord | null>;
  /** Newest first; positions are `{ at: number, id: '' }`. */
  list(page: PageRequest): Promise<Page<CheckpointRecord>>;
  /** Oldest first, from `afterNumber`. */
  read(afterNumber: number, limit: number): Promise<readonly CheckpointRecord[]>;
  /** Those that no sink has taken, oldest first. */
  undelivered(limit: number): Promise<readonly CheckpointRecord[]>;
}

/** Checkpoints are written beside the chain: they alter nothing that a request may do. */
export interface CheckpointWrites {
  /** Holds the chain where it is until commit. */
  lockHead(): Promise<{ readonly head: AuditHead; readonly newest: CheckpointRecord | null }>;
  insert(checkpoint: Checkpoint): Promise<void>;
  noteDelivered(number: number, at: Instant): Promise<void>;
}

/** A key that checkpoints can be verified with. */
export interface AuditPublicKey {
  readonly kid: string;
  /** The 32 bytes of an Ed25519 key, base64url. */
  readonly x: string;
}

/** The keys that the audit chain is signed with, and nothing else is. */
export interface AuditKeys {
  /** All that ever signed, the oldest first; [] before the first. */
  published(): readonly AuditPublicKey[];
  /**
   * Signs with the newest one.
   * @param makes whether the first key is made where there is none.
   * @returns null where there is none.
   */
  sign(text: string, makes: boolean): Pick<Checkpoint, 'kid' | 'signature'> | null;
  /** Makes another one, which signs from now on; of the one before only the public part is kept. */
  rotate(): AuditPublicKey;
}

/** A place apart from the store that keeps checkpoints. */
export interface CheckpointSink {
  /** For messages: a path, or the origin of an address. */
  readonly name: string;
  /**
   * Keeps one. After a crash the same one may come again.
   * @throws it is not known to be kept.
   */
  take(checkpoint: Checkpoint, signal: AbortSignal): Promise<void>;
}

/** How the audit chain of this installation is sealed. */
export interface AuditSeal {
  readonly storeId: string;
  readonly keys: AuditKeys;
  /** null where checkpoints stay in the store. */
  readonly sink: CheckpointSink | null;
}
