import type { Instant, TokenRecord } from './records.ts';

/** What people are reminded of, the most urgent first. */
export const REMINDER_KINDS = ['expiring', 'owner_ended', 'rotation_overdue', 'unused'] as const;

export type ReminderKind = (typeof REMINDER_KINDS)[number];

/** One thing that waits for the next mail to one person. */
export interface Reminder {
  /** An e-mail address. */
  readonly recipient: string;
  readonly kind: ReminderKind;
  /** The token; of `owner_ended` the owner. */
  readonly subjectId: string;
  readonly workspaceId: string;
  /** When the token ends; since when it is old, unused, or without its owner. */
  readonly about: Instant;
}

export interface ReminderReads {
  /** The ids of up to `limit` tokens to be looked at before `until`, longest due first. */
  dueTokens(until: Instant, limit: number): Promise<readonly string[]>;
  /** The ids of up to `limit` owners who were disabled or left a workspace and were not looked at since. */
  dueOwners(limit: number): Promise<readonly string[]>;
  /** Up to `limit` people for whom something waits at `now`. */
  waiting(now: Instant, limit: number): Promise<readonly string[]>;
}

/**
 * Reminders, inside one transaction. Every new or changed token, and every owner who is disabled or leaves a workspace, is to be
 * looked at anew: the store sees to that.
 */
export interface ReminderWrites {
  /** Those of these tokens that are still to be looked at before `until`, locked; without those that another process has locked. */
  lockDue(tokenIds: readonly string[], until: Instant): Promise<readonly TokenRecord[]>;
  /** When a token is looked at next; null when it is changed. */
  lookAt(tokenId: string, at: Instant | null): Promise<void>;
  /** @returns true for the one who is to look at the owner now. */
  takeOwner(ownerId: string): Promise<boolean>;
  /** In which workspaces the owner has how many tokens that could still be accepted at `at`. */
  liveTokens(
    ownerId: string,
    at: Instant,
  ): Promise<readonly { readonly workspaceId: string; readonly count: number }[]>;
}

/** What waits for the next mail to each person, inside one transaction. */
export interface DigestWrites extends Pick<ReminderReads, 'waiting'> {
  /** Lets something wait; what waits there already of the same kind and subject is replaced. */
  put(reminder: Reminder, at: Instant): Promise<void>;
  /** Takes away what is about tokens that do not work any more. */
  dropEnded(recipient: string, now: Instant): Promise<void>;
  /** Up to `limit` of what waits for one person at `now`, most urgent first. */
  mostUrgent(recipient: string, now: Instant, limit: number): Promise<readonly Reminder[]>;
  remove(reminder: Reminder): Promise<void>;
  /** Takes away everything that waits for one person at `now`. @returns how many there were. */
  removeAll(recipient: string, now: Instant): Promise<number>;
  /** Lets what waits for one person wait until `until`. */
  hold(recipient: string, until: Instant): Promise<void>;
}
