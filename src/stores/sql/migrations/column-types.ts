import { type RawBuilder, sql } from 'kysely';

/** The few words in which the two databases name a column type differently. */
export interface ColumnTypes {
  readonly text: RawBuilder<unknown>;
  /** 64 bits; values stay within the safe integers of JavaScript. */
  readonly integer: RawBuilder<unknown>;
  readonly bytes: RawBuilder<unknown>;
  /** Ends the statement that makes a table whose rows are read by ranges of their key, and lie in its order where they can. */
  readonly keyed: RawBuilder<unknown>;
}

export const sqliteTypes: ColumnTypes = {
  text: sql`text`,
  integer: sql`integer`,
  bytes: sql`blob`,
  keyed: sql`without rowid`,
};

/** Text compares by bytes as on SQLite: an index in a language's order breaks when the system's tables for it change. */
export const postgresTypes: ColumnTypes = {
  text: sql`text collate "C"`,
  integer: sql`bigint`,
  bytes: sql`bytea`,
  keyed: sql``,
};
