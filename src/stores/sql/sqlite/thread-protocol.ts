/** What the main thread and a thread of ours that holds SQLite files say to each other. */

export interface ThreadFile {
  readonly file: string;
  readonly readOnly: boolean;
  readonly pragmas: readonly string[];
  /** How long a statement waits for another process's lock. The thread serves nobody else meanwhile. */
  readonly lockWaitMs: number;
  /** A second file whose tables are read beside those of the first. */
  readonly beside?: string;
}

/** Files by the name that requests use. */
export type ThreadFiles = Readonly<Record<string, ThreadFile>>;

export interface ThreadRequest {
  readonly call: number;
  readonly database: string;
  /** `query` stands alone; `continue` is a statement of the transaction begun before, and fails if that was lost. */
  readonly step: 'query' | 'begin' | 'continue' | 'commit' | 'rollback' | 'close';
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export interface QueryOutcome {
  readonly rows: unknown[];
  readonly changes: number;
}

/** An error as SQLite tells it; `errcode` is the extended result code, null when it was not SQLite that failed. */
export interface SqliteFailure {
  readonly message: string;
  readonly errcode: number | null;
}

export type ThreadReply =
  | { readonly call: number; readonly outcome: QueryOutcome }
  | { readonly call: number; readonly failure: SqliteFailure };
