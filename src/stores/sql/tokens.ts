import { type ExpressionBuilder, sql } from 'kysely';
import type { TokenFilter, TokenReads, TokenRecord, TokenWrites } from '../../ports/index.ts';
import { byAge, contains, isAfter, toPage } from './paging.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';
import { type TokenRow, tokenColumns, toToken, toTokenPatchRow, toTokenRow } from './token-row.ts';

export function tokenReads({ db }: Session): TokenReads {
  const tokens = db.selectFrom('token').select(tokenColumns);

  return {
    async findById(id) {
      const row = await tokens.where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toToken(row);
    },

    async findByLineage(lineageId) {
      const rows = await tokens.where('lineage_id', '=', lineageId).orderBy('created_at').orderBy('id').execute();
      return rows.map(toToken);
    },

    async list(filter, { limit, after }) {
      let query = tokens.where((where) => where.and(conditions(where, filter)));
      if (after !== null) query = query.where(isAfter(after));
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toToken, byAge);
    },

    async countLive(workspaceId, at) {
      const row = await db
        .selectFrom('token')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('workspace_id', '=', workspaceId)
        .where((where) => isLive(where, at))
        .executeTakeFirstOrThrow();
      return row.count;
    },
  };
}

export function tokenWrites(session: Session): TokenWrites {
  const { db, rowLocks } = session;
  const locked = db
    .selectFrom('token')
    .select(tokenColumns)
    .$if(rowLocks, (query) => query.forUpdate());

  /**
   * Locks the rows a query finds, in one order so that two transactions cannot wait for each other. A row that was
   * inserted while we waited for one of its siblings is not in the first answer: the second, asked with the locks held,
   * has it.
   */
  async function lockAll(query: typeof locked): Promise<readonly TokenRecord[]> {
    const inOrder = query.orderBy('created_at').orderBy('id');
    let rows: TokenRow[] = await inOrder.execute();
    if (rowLocks && rows.length > 0) rows = await inOrder.execute();
    return rows.map(toToken);
  }

  return {
    ...tokenReads(session),

    async insert(token) {
      await db.insertInto('token').values(toTokenRow(token)).execute();
    },

    async update(id, patch) {
      const row = toTokenPatchRow(patch);
      if (Object.keys(row).length > 0) await db.updateTable('token').set(row).where('id', '=', id).execute();
    },

    async lockLineage(lineageId) {
      // Rows alone have no safe order: a successor can sort before its predecessor (same millisecond, another node's
      // clock), and then of two that wait for one row each holds what the other wants next.
      if (rowLocks) await sql`select pg_advisory_xact_lock(hashtextextended(${lineageId}, 0))`.execute(db);
      return lockAll(locked.where('lineage_id', '=', lineageId));
    },

    async lockChildren(parentIds) {
      if (parentIds.length === 0) return [];
      return lockAll(locked.where('parent_id', 'in', parentIds));
    },

    async lockSole(soleKey) {
      const query = locked.where('sole_key', '=', soleKey);
      for (;;) {
        const row = await query.executeTakeFirst();
        if (row !== undefined) return toToken(row);
        // While we waited for the row, its transaction may have handed the key to a new one.
        const successor = rowLocks
          ? await db.selectFrom('token').select('id').where('sole_key', '=', soleKey).executeTakeFirst()
          : undefined;
        if (successor === undefined) return null;
      }
    },

    lockOfOwner(ownerId, workspaceId) {
      const query = locked.where('owner_id', '=', ownerId).where('revoked_at', 'is', null);
      return lockAll(workspaceId === undefined ? query : query.where('workspace_id', '=', workspaceId));
    },
  };
}

type Where = ExpressionBuilder<Schema, 'token'>;

function conditions(where: Where, filter: TokenFilter) {
  const { ownerId, workspaceId, lineageId, environment, search, liveAt } = filter;
  const all = [];
  if (ownerId !== undefined) all.push(where('owner_id', '=', ownerId));
  if (workspaceId !== undefined) all.push(where('workspace_id', '=', workspaceId));
  if (lineageId !== undefined) all.push(where('lineage_id', '=', lineageId));
  if (environment !== undefined) all.push(where('environment', '=', environment));
  if (search !== undefined)
    all.push(where.or([contains(sql.ref('name_folded'), search), contains(sql`lower(hint)`, search)]));
  if (liveAt !== undefined) all.push(isLive(where, liveAt));
  return all;
}

/** Could still be accepted: neither revoked nor expired, and not replaced beyond its grace. */
function isLive(where: Where, at: number) {
  return where.and([
    where('revoked_at', 'is', null),
    where.or([where('expires_at', 'is', null), where('expires_at', '>', at)]),
    where.or([where('superseded_at', 'is', null), where('grace_ends_at', '>', at)]),
  ]);
}
