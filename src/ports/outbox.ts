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

/** Something to send that one process has to itself for a while. `attempts` counts the one it was taken for. */
export interface ClaimedWork {
  readonly id: string;
  readonly attempts: number;
}

/** How an attempt ended; `status` is what the other side answered, where that is a number. */
export type WorkOutcome =
  | { readonly state: 'sent'; readonly at: Instant; readonly status?: number }
  | { readonly state: 'pending'; readonly nextAt: Instant; readonly error: string | null; readonly status?: number }
  | { readonly state: 'given_up'; readonly error: string; readonly status?: number };

/** What is to be sent, and the side that sends. Any number of processes take from it. */
export interface WorkQueue<Item extends ClaimedWork> {
  /**
   * Takes up to `limit` of what is due at `now`, oldest due first, and of one receiver no more than `limit` says of it. Until
   * `until` nobody else is given them.
   */
  claim(now: Instant, until: Instant, limit: WorkLimit): Promise<readonly Item[]>;
  /**
   * Says what became of something claimed.
   * @returns false when it was claimed again meanwhile, or its end is known already: nothing was written.
   */
  settle(item: Pick<Item, 'id' | 'attempts'>, outcome: WorkOutcome): Promise<boolean>;
  /** Lets go of all claims; for a process that knows that no other has any. */
  release(): Promise<void>;
}

export interface WorkLimit {
  readonly count: number;
  /** Of one receiver, for queues in which one may keep the others waiting; without it nobody is counted. */
  readonly perReceiver?: number;
  /** How many each receiver has under way already. */
  readonly underWay?: ReadonlyMap<string, number>;
}

export interface ClaimedMail extends MailDraft, ClaimedWork {}

/** The side of the outbox that sends. Secrets go when a mail is settled as sent or given up. */
export interface MailQueue extends WorkQueue<ClaimedMail> {
  /** Gives up what is pending since before `staleBefore`; deletes what ended and is older than `before`, or beyond the newest `rowsMax`. */
  trim(staleBefore: Instant, before: Instant, rowsMax: number): Promise<void>;
}
