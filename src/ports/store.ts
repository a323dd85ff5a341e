import type { AlertReads } from './alert-store.ts';
import type { AuditReads } from './audit-log.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { CheckpointReads } from './checkpoint-log.ts';
import type { FactsReads } from './facts-reads.ts';
import type { MailReads } from './outbox.ts';
import type { OversightReads } from './oversight-reads.ts';
import type { OwnerReads } from './owner-store.ts';
import type { PeopleReads } from './people-store.ts';
import type { PortalReads } from './portal-store.ts';
import type { ProfileReads } from './profile-store.ts';
import type { ReminderReads } from './reminder-store.ts';
import type { SessionReads } from './session-store.ts';
import type { StaffReads } from './staff-store.ts';
import type { TokenReads } from './token-store.ts';
import type { Transaction } from './transaction.ts';
import type { TrialReads } from './trial-store.ts';
import type { WebhookReads } from './webhook-store.ts';

/**
 * The authority: what it answers is the truth. Reads outside a transaction see every commit that was acknowledged before
 * the read began (the primary, never a replica).
 */
export interface Store {
  readonly capabilities: StoreCapabilities;
  readonly facts: FactsReads;
  readonly tokens: TokenReads;
  readonly owners: OwnerReads;
  readonly sessions: SessionReads;
  readonly people: PeopleReads;
  readonly portal: PortalReads;
  readonly staff: StaffReads;
  readonly profiles: ProfileReads;
  readonly trials: TrialReads;
  readonly audit: AuditReads;
  readonly checkpoints: CheckpointReads;
  readonly mails: MailReads;
  readonly reminders: ReminderReads;
  readonly webhooks: WebhookReads;
  readonly alerts: AlertReads;
  readonly oversight: OversightReads;
  readonly changeFeed: ChangeFeed;
  /**
   * Runs `work` in one serialised write transaction and commits it. An exception from `work` rolls everything back and is
   * rethrown. Only `changes/` and the idempotent side notes of `manage/` may call it.
   * @throws {StorageBusy} the write lock was not had within 2 s; nothing was written.
   * @throws {StorageUnavailable} the medium refused or the connection was lost; after a lost COMMIT the outcome is unknown.
   */
  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface StoreCapabilities {
  /**
   * True when exactly one process can write (SQLite): the facts cache may be filled without a lease because every change
   * passes through this process. False: until a lease is held every decision reads the primary.
   */
  readonly soleWriter: boolean;
}

/** Another writer held the lock too long; retry after a moment. Nothing was written. */
export class StorageBusy extends Error {
  override readonly name = 'StorageBusy';
}

/** The store cannot be reached or cannot write. Decisions fail closed, changes answer 503. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}

/** A unique value was already taken. `constraint` names which of ours. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';
  readonly constraint: string;
  constructor(constraint: string, options?: ErrorOptions) {
    super(`unique constraint ${constraint} violated`, options);
    this.constraint = constraint;
  }
}
