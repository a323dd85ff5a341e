import { type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { TokenState } from '../../policy/index.ts';
import type {
  Page,
  PageRequest,
  TokenFilter,
  TokenOrder,
  TokenReads,
  TokenRecord,
  TokenWrites,
} from '../../ports/index.ts';
import { contains, toPage } from './paging.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';
import { type TokenRow, tokenColumns, toToken, toTokenPatchRow, toTokenRow } from './token-row.ts';

export function tokenReads({ db }: Session): TokenReads {
  const tokens = db.selectFrom('token').select(tokenColumns);

  /** Those that were used, along their uses; then, for what is left of the page, those that were not. */
  async function listByUse(filter: TokenFilter, { limit, after }: PageRequest): Promise<Page<TokenRecord>> {
    const rowsMax = limit + 1;
    const isPastUses = after !== null && after.at === NOT_USED;
    let used = tokens
      .innerJoin('last_use', 'last_use.token_id', 'token.id')
      .select('last_use.at as position')
      .where((where) => where.and(conditions(where as unknown as TokenWhere, filter)));
    if (after !== null) used = used.where(sql<SqlBool>`(last_use.at, last_use.token_id) < (${after.at}, ${after.id})`);
    const rows = isPastUses
      ? []
      : await used.orderBy('last_use.at', 'desc').orderBy('last_use.token_id', 'desc').limit(rowsMax).execute();
    let unused = tokens
      .leftJoin('last_use', 'last_use.token_id', 'token.id')
      .select(sql.lit(NOT_USED).as('position'))
      .where('last_use.token_id', 'is', null)
      .where((where) => where.and(conditions(where as unknown as TokenWhere, filter)));
    if (isPastUses) unused = unused.where('token.id', '<', after.id);
    if (rows.length < rowsMax) {
      rows.push(
        ...(await unused
          .orderBy('token.id', 'desc')
          .limit(rowsMax - rows.length)
          .execute()),
      );
    }
    return toPage(rows, limit, toToken, ({ position, id }) => ({ at: position, id }));
  }

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
      const isRare = findsFew(filter);
      if (order === 'last_used' && !isRare) return listByUse(filter, { limit, after });
      const { key: walked, direction } = ORDERS[order];
      const key = isRare ? sortedAnew(walked, order) : walked;
      let query = tokens.select(key.as('position')).where((where) => where.and(conditions(where, filter)));
      if (order === 'last_used' || filter.unusedSince !== undefined) {
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
      if (Object.keys(row).length === 0) return;
      const changed = { ...row, reminder_next_at: 0 };
      await db.updateTable('token').set(changed).where('id', '=', id).execute();
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

export type TokenWhere = ExpressionBuilder<Schema, 'token'>;

interface Ordering {
  /** What is compared, never null. */
  readonly key: RawBuilder<number | string>;
  readonly direction: 'asc' | 'desc';
}

/** Before every use there can be. */
const NOT_USED = 0;
const LAST_USE = sql<number>`coalesce(last_use.at, ${sql.lit(NOT_USED)})`;
/** After every expiry there can be (year 9999). */
const NEVER = 999_999_999_999_999;

const ORDERS: Readonly<Record<TokenOrder, Ordering>> = {
  newest: { key: sql.ref('created_at'), direction: 'desc' },
  oldest: { key: sql.ref('created_at'), direction: 'asc' },
  name: { key: sql.ref('name_folded'), direction: 'asc' },
  last_used: { key: LAST_USE, direction: 'desc' },
  expires: { key: sql`coalesce(expires_at, ${sql.lit(NEVER)})`, direction: 'asc' },
};

/** Walking an index in the order of the list until a page is full may take a look at every token. */
function findsFew({ search, state, ownerEnded }: TokenFilter): boolean {
  return search !== undefined || ownerEnded !== undefined || (state !== undefined && state.is !== 'active');
}

/** The same order, from no index: the tokens are read as they lie and those that are found are sorted. By age is how they lie. */
function sortedAnew(key: Ordering['key'], order: TokenOrder): Ordering['key'] {
  if (order === 'name') return sql<string>`${key} || ''`;
  return order === 'expires' ? sql<number>`${key} + 0` : key;
}

/**
 * What hardly narrows (an expiry or none, an age) is written so that no index answers it: the databases would else read most of the
 * table through that index, and then sort it.
 */
function conditions(where: TokenWhere, filter: TokenFilter) {
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
    all.push(sql<SqlBool>`created_at + 0 < ${unusedSince}`, sql<SqlBool>`${LAST_USE} < ${unusedSince}`);
  if (expires !== undefined) all.push(where('expires_at', '>=', expires.from), where('expires_at', '<', expires.to));
  if (neverExpires !== undefined) all.push(sql<SqlBool>`coalesce(expires_at, 0) = 0`);
  if (ownerEnded !== undefined) all.push(hasOwnerEnded('token'));
  return all;
}

/** The order is that of `tokenState`: each state excludes those that are looked for before it. */
function isInState(where: TokenWhere, state: TokenState, at: number) {
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

/** Of a row with the owner and workspace of tokens. The judge refuses these as long as that lasts; with the owner they come back. */
export function hasOwnerEnded(table: 'token' | 'held'): RawBuilder<SqlBool> {
  const [ownerId, workspaceId] = [sql.ref(`${table}.owner_id`), sql.ref(`${table}.workspace_id`)];
  return sql<SqlBool>`not (
    exists (
      select 1 from owner where owner.id = ${ownerId}
        and owner.disabled_at is null and owner.disabled_by_provider_at is null and owner.deleted_at is null
    ) and exists (
      select 1 from membership where membership.owner_id = ${ownerId} and membership.workspace_id = ${workspaceId}
    )
  )`;
}

/** Could still be accepted: neither revoked nor expired, and not replaced beyond its grace. */
export function isLive(where: TokenWhere, at: number) {
  return where.and([
    where('revoked_at', 'is', null),
    sql<SqlBool>`(expires_at <= ${at}) is not true`,
    where.or([where('superseded_at', 'is', null), where('grace_ends_at', '>', at)]),
  ]);
}
