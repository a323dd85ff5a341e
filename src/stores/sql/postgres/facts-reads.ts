import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { type FactsReads, type FactsRow, StorageUnavailable } from '../../../ports/index.ts';
import { compileFacts, toFacts } from '../facts.ts';
import type { Schema } from '../schema.ts';
import { toStorageError } from './postgres-errors.ts';

/** From asking to answer, a free connection included: a request must not wait longer to hear that there is no answer. */
const DEADLINE_MS = 1_000;

/** The facts statement, prepared once on each connection. */
export function factsReads(pool: Pool, db: Kysely<Schema>): FactsReads {
  const byDigest: string[] = [];
  const byId = compileFacts(db, 'id', 1);

  async function read(name: string, text: string, values: readonly string[]): Promise<FactsRow | null> {
    const query = { name, text, values: [...values], rowMode: 'array' as const };
    return withDeadline(async (deadline) => {
      for (let isRetry = false; ; isRetry = true) {
        try {
          const { rows } = await pool.query<unknown[]>(query);
          return toFacts(rows);
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
      return read(`keyhouse_facts_by_digest_${digests.length}`, byDigest[digests.length] as string, digests);
    },
    findByTokenId: (id) => read('keyhouse_facts_by_id', byId, [id]),
  };
}

async function withDeadline<T>(work: (deadline: { readonly isOver: boolean }) => Promise<T>): Promise<T> {
  const deadline = { isOver: false };
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      deadline.isOver = true;
      reject(new StorageUnavailable('PostgreSQL did not answer in time'));
    }, DEADLINE_MS);
  });
  try {
    return await Promise.race([work(deadline), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
