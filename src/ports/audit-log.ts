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
  /** Oldest first, from `afterSeq`, for verifying the chain. Columns that cannot be read make an event that does not verify. */
  read(afterSeq: number, limit: number): Promise<readonly ProvableEvent[]>;
}

export interface AuditWrites {
  /** Appends one event at `seq` (from `ChangeWrites.append`) to the chain and returns its hash. */
  append(seq: number, draft: AuditDraft): Promise<string>;
}
