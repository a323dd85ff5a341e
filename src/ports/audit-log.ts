import type { Page, PageRequest } from './page.ts';
import type { AuditDraft, AuditEvent, Instant } from './records.ts';

/** An event with what proves its clear text, where that still is. */
export interface ProvableEvent extends AuditEvent {
  /** base64url, by field. */
  readonly salts: Readonly<Record<string, string>>;
}

export interface AuditFilter {
  readonly subjectId?: string;
  readonly actorId?: string;
  readonly action?: string;
  readonly requestId?: string;
  readonly workspaceId?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

export interface AuditReads {
  /** Newest first; positions are `{ at: seq, id: '' }`. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEvent>>;
  /** Oldest first, for taking out what a filter finds; positions are those of `list`. */
  walk(filter: AuditFilter, page: PageRequest): Promise<Page<ProvableEvent>>;
  /** Oldest first, from `afterSeq`, for verifying the chain. Columns that cannot be read make an event that does not verify. */
  read(afterSeq: number, limit: number): Promise<readonly ProvableEvent[]>;
}

/** How events about a person are found. */
export interface AboutPerson {
  /** The person's own id and those of their tokens. */
  readonly actorIds: readonly string[];
  readonly externalId: string | null;
  /** The person's own id and those of their lineages. */
  readonly subjectIds: readonly string[];
  readonly email: string | null;
}

export interface ErasedText {
  readonly events: number;
  readonly fields: number;
}

export interface AuditWrites {
  /** Appends one event at `seq` (from `ChangeWrites.append`) to the chain and returns its hash. */
  append(seq: number, draft: AuditDraft): Promise<string>;
  /** Deletes the clear text about a person, and the salts that would prove it. Events and chain stay as they are. */
  erase(about: AboutPerson): Promise<ErasedText>;
}
