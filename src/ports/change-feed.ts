import type { ChangeLogEntry, Subject } from './records.ts';

/** The ordered log of what changed. Sequence order is commit order. */
export interface ChangeFeed {
  /** The newest committed sequence; 0 in an empty store. */
  newest(): Promise<number>;
  /** Entries with a larger sequence, ascending. */
  readAfter(seq: number, limit: number): Promise<readonly ChangeLogEntry[]>;
}

export interface ChangeWrites {
  /**
   * Takes the next sequence (a single row, locked until commit: `nextval` would break commit order) and logs the
   * subjects under it. Called once per transaction, after the state was changed.
   */
  append(subjects: readonly Subject[], at: number): Promise<number>;
}
