import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** A database to ask, and what it can do: all that the queries know about which one it is. */
export interface Session {
  readonly db: Kysely<Schema>;
  /**
   * Whether a row can be locked until commit (PostgreSQL). Where it cannot (SQLite), a transaction is alone from its
   * beginning and every read in it is safe to act on.
   */
  readonly rowLocks: boolean;
}
