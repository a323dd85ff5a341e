import type { AgentClass } from '../policy/index.ts';
import type { DenialFilter, DenialRecord } from './denial-log.ts';
import type { Page, PageRequest } from './page.ts';
import type { Instant } from './records.ts';

/** Rows kept at most; the oldest go first. */
export const ACCESSES_MAX = 200_000;

/** One accepted request as it was seen at its door, out of many: its reason and cause are `ok`. */
export interface AccessRecord extends DenialRecord {
  /** The kind of client, by its own word. */
  readonly agent: AgentClass;
}

/** Where samples of accepted requests are kept for a while, outside the audit chain. */
export interface AccessLog {
  /** A request id that is there already keeps its first record. */
  add(records: readonly AccessRecord[]): Promise<void>;
  /** Newest first; positions are `{ at, id: request id }`. */
  list(filter: DenialFilter, page: PageRequest): Promise<Page<AccessRecord>>;
  /** Deletes what is older than `before`, and the oldest beyond `rowsMax`, in small steps. */
  trim(before: Instant, rowsMax: number): Promise<void>;
  /** Takes the addresses out of what an owner's tokens did. @returns how many. */
  eraseAddresses(ownerId: string): Promise<number>;
}
