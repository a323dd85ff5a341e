import type { Page, PageRequest } from './page.ts';
import type { Instant } from './records.ts';

/** One mail that is to be sent. */
export interface MailDraft {
  readonly id: string;
  /** Names the text and what `data` must hold for it. */
  readonly template: string;
  readonly to: string;
  /** BCP 47; null is the company's own. */
  readonly locale: string | null;
  /** What the text is filled with; kept after sending, so nothing secret. */
  readonly data: Readonly<Record<string, string>>;
  /** The secret of a link, sealed under the pepper; erased once the mail was sent or given up. */
  readonly sealed: string | null;
  readonly createdAt: Instant;
}

/** Mail leaves with the change it tells about, or not at all: it is put into the same transaction. */
export interface Outbox {
  put(mail: MailDraft): Promise<void>;
}

export type MailState = 'pending' | 'sent' | 'given_up';

/** What became of a mail; nothing secret. */
export interface MailRecord {
  readonly id: string;
  readonly template: string;
  readonly to: string;
  readonly state: MailState;
  /** How often sending was begun. */
  readonly attempts: number;
  /** When it is tried again, while it is pending. */
  readonly nextAt: Instant;
  /** Why the last attempt failed; null when none did. */
  readonly lastError: string | null;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
}

export interface MailReads {
  /** Newest first by (created_at, id). */
  list(filter: { readonly state?: MailState }, page: PageRequest): Promise<Page<MailRecord>>;
}

/** A mail that one process has to itself for a while. `attempts` counts the one it was taken for. */
export interface ClaimedMail extends MailDraft {
  readonly attempts: number;
}

export type MailOutcome =
  | { readonly state: 'sent'; readonly at: Instant }
  | { readonly state: 'pending'; readonly nextAt: Instant; readonly error: string | null }
  | { readonly state: 'given_up'; readonly error: string };

/** The side of the outbox that sends. Any number of processes take mails from it. */
export interface MailQueue {
  /** Takes up to `limit` mails that are due at `now`, oldest due first. Until `until` nobody else is given them. */
  claim(now: Instant, until: Instant, limit: number): Promise<readonly ClaimedMail[]>;
  /**
   * Says what became of a claimed mail. Secrets go with `sent` and `given_up`.
   * @returns false when it was claimed again meanwhile, or its end is known already: nothing was written.
   */
  settle(mail: Pick<ClaimedMail, 'id' | 'attempts'>, outcome: MailOutcome): Promise<boolean>;
  /** Lets go of all claims; for a process that knows that no other has any. */
  release(): Promise<void>;
  /** Gives up what is pending since before `staleBefore`; deletes what ended and is older than `before`, or beyond the newest `rowsMax`. */
  trim(staleBefore: Instant, before: Instant, rowsMax: number): Promise<void>;
}
