import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { type FactsReads, type SessionReads, StorageUnavailable } from '../../../ports/index.ts';
import { compileFacts, toFacts } from '../facts.ts';
import type { Schema } from '../schema.ts';
import { compileSession, toSessionRow } from '../sessions.ts';
import { inTime } from './deadline.ts';
import { toStorageError } from './postgres-errors.ts';

/**
 * Lookups under way or waiting for a connection. A cold start asks as much as there are connections to our listeners; what
 * is beyond that would only wait to be refused.
 */
const LOOKUPS_MAX = 10_000;

/** The facts statement, prepared once on each connection. */
export function factsReads(pool: Pool, db: Kysely<Schema>): FactsReads & { readonly sessions: SessionReads } {
  const byDigest: string[] = [];
  const byId = compileFacts(db, 'id', 1);
  const session = compileSession(db);
  let underWay = 0;

  async function read(name: string, text: string, values: readonly string[]): Promise<unknown[][]> {
    if (underWay >= LOOKUPS_MAX) throw new StorageUnavailable('too many lookups wait for PostgreSQL');
    underWay += 1;
    try {
      return await readInTime(name, text, values);
    } finally {
      underWay -= 1;
    }
  }

  function readInTime(name: string, text: string, values: readonly string[]): Promise<unknown[][]> {
    const query = { name, text, values: [...values], rowMode: 'array' as const };
    return inTime(async (deadline) => {
      for (let isRetry = false; ; isRetry = true) {
        try {
          const { rows } = await pool.query<unknown[]>(query);
          return rows;
        } catch (error) {
          const failure = toStorageError(error);
          // After a restart of the server every idle connection fails once: that read may be asked again.
          if (isRetry || deadline.isOver || !(failure instanceof StorageUnavailable)) throw failure;
        }
      }
    });
  }

  return {
    async findByDigest(digests) {
      if (digests.length === 0) return null;
      byDigest[digests.length] ??= compileFacts(db, 'digest', digests.length);
      const text = byDigest[digests.length] as string;
      return toFacts(await read(`keyhouse_facts_by_digest_${digests.length}`, text, digests));
    },
    findByTokenId: async (id) => toFacts(await read('keyhouse_facts_by_id', byId, [id])),
    sessions: { find: async (digest) => toSessionRow(await read('keyhouse_session', session, [digest])) },
  };
}
