import { type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { TokenState } from '../../policy/index.ts';
import type { TokenFilter, TokenOrder, TokenReads, TokenRecord, TokenWrites } from '../../ports/index.ts';
import { contains, toPage } from './paging.ts';
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

    async list(filter, { limit, after }, order = 'newest') {
      const { key, direction, usesLastUse = false } = ORDERS[order];
      let query = tokens.select(key.as('position')).where((where) => where.and(conditions(where, filter)));
      if (usesLastUse || filter.unusedSince !== undefined) {
        query = query.leftJoin('last_use', 'last_use.token_id', 'token.id') as typeof query;
      }
      if (after !== null) {
        const passed = sql.raw(direction === 'desc' ? '<' : '>');
        query = query.where(sql<SqlBool>`(${key}, id) ${passed} (${after.at}, ${after.id})`);
      }
      const rows = await query
        .orderBy(key, direction)
        .orderBy('id', direction)
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toToken, ({ position, id }) => ({ at: position, id }));
    },

    async count(filter) {
      let query = db.selectFrom('token').where((where) => where.and(conditions(where, filter)));
      if (filter.unusedSince !== undefined) {
        query = query.leftJoin('last_use', 'last_use.token_id', 'token.id') as typeof query;
      }
      const row = await query.select((select) => select.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
      return row.count;
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

interface Ordering {
  /** What is compared, never null. */
  readonly key: RawBuilder<number | string>;
  readonly direction: 'asc' | 'desc';
  readonly usesLastUse?: true;
}

const LAST_USE = sql<number>`coalesce(last_use.at, 0)`;
/** After every expiry there can be (year 9999). */
const NEVER = 999_999_999_999_999;

const ORDERS: Readonly<Record<TokenOrder, Ordering>> = {
  newest: { key: sql.ref('created_at'), direction: 'desc' },
  oldest: { key: sql.ref('created_at'), direction: 'asc' },
  name: { key: sql.ref('name_folded'), direction: 'asc' },
  last_used: { key: LAST_USE, direction: 'desc', usesLastUse: true },
  expires: { key: sql`coalesce(expires_at, ${sql.lit(NEVER)})`, direction: 'asc' },
};

function conditions(where: Where, filter: TokenFilter) {
  const { ownerId, workspaceId, lineageId, environment, search, liveAt, state, unusedSince, expires } = filter;
  const { neverExpires, ownerEnded } = filter;
  const all = [];
  if (ownerId !== undefined) all.push(where('owner_id', '=', ownerId));
  if (workspaceId !== undefined) all.push(where('workspace_id', '=', workspaceId));
  if (lineageId !== undefined) all.push(where('lineage_id', '=', lineageId));
  if (environment !== undefined) all.push(where('environment', '=', environment));
  if (search !== undefined)
    all.push(where.or([contains(sql.ref('name_folded'), search), contains(sql`lower(hint)`, search)]));
  if (liveAt !== undefined) all.push(isLive(where, liveAt));
  if (state !== undefined) all.push(isInState(where, state.is, state.at));
  if (unusedSince !== undefined)
    all.push(where('created_at', '<', unusedSince), sql<SqlBool>`${LAST_USE} < ${unusedSince}`);
  if (expires !== undefined) all.push(where('expires_at', '>=', expires.from), where('expires_at', '<', expires.to));
  if (neverExpires !== undefined) all.push(where('expires_at', 'is', null));
  if (ownerEnded !== undefined) all.push(hasOwnerEnded(where));
  return all;
}

/** The order is that of `tokenState`: each state excludes those that are looked for before it. */
function isInState(where: Where, state: TokenState, at: number) {
  const isRevoked = where('revoked_at', 'is not', null);
  const isDisabled = where('disabled_at', 'is not', null);
  const isSuperseded = where('superseded_at', 'is not', null);
  const isReplaced = where.and([
    isSuperseded,
    where.or([where('grace_ends_at', 'is', null), where('grace_ends_at', '<=', at)]),
  ]);
  const isExpired = where('expires_at', '<=', at);
  const none = (...states: (typeof isRevoked)[]) => where.and(states.map((one) => sql<SqlBool>`(${one}) is not true`));
  switch (state) {
    case 'revoked':
      return isRevoked;
    case 'disabled':
      return where.and([isDisabled, none(isRevoked)]);
    case 'replaced':
      return where.and([isReplaced, none(isRevoked, isDisabled)]);
    case 'expired':
      return where.and([isExpired, none(isRevoked, isDisabled, isReplaced)]);
    case 'superseded':
      return where.and([isSuperseded, none(isRevoked, isDisabled, isReplaced, isExpired)]);
    case 'active':
      return none(isRevoked, isDisabled, isSuperseded, isExpired);
  }
}

/** The judge refuses such a token as long as that lasts; with the owner it comes back to life. */
function hasOwnerEnded(where: Where) {
  const owner = where
    .selectFrom('owner')
    .select('owner.id')
    .whereRef('owner.id', '=', 'token.owner_id')
    .where('owner.disabled_at', 'is', null)
    .where('owner.disabled_by_provider_at', 'is', null)
    .where('owner.deleted_at', 'is', null);
  const membership = where
    .selectFrom('membership')
    .select('membership.owner_id')
    .whereRef('membership.owner_id', '=', 'token.owner_id')
    .whereRef('membership.workspace_id', '=', 'token.workspace_id');
  return where.not(where.and([where.exists(owner), where.exists(membership)]));
}

/** Could still be accepted: neither revoked nor expired, and not replaced beyond its grace. */
function isLive(where: Where, at: number) {
  return where.and([
    where('revoked_at', 'is', null),
    where.or([where('expires_at', 'is', null), where('expires_at', '>', at)]),
    where.or([where('superseded_at', 'is', null), where('grace_ends_at', '>', at)]),
  ]);
}
