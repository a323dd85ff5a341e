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
