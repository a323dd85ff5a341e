/** What the main thread and the writer thread say to each other. */

export interface WriterFile {
  readonly file: string;
  readonly pragmas: readonly string[];
  /** A writer that only copies (`VACUUM INTO`) opens the file without the right to change it. */
  readonly readOnly: boolean;
}

/** Files by the name that requests use. */
export type WriterFiles = Readonly<Record<string, WriterFile>>;

export interface WriterRequest {
  readonly call: number;
  readonly database: string;
  readonly step: 'query' | 'begin' | 'commit' | 'rollback' | 'close';
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

export type WriterReply =
  | { readonly call: number; readonly outcome: QueryOutcome }
  | { readonly call: number; readonly failure: SqliteFailure };
