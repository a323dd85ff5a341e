import { type RawBuilder, sql } from 'kysely';
import type { OversightReads, OversightScope, UsageSpan } from '../../ports/index.ts';
import type { Session } from './session.ts';
import { hasOwnerEnded, isLive, type TokenWhere } from './tokens.ts';

const DAY_MS = 86_400_000;

/** Reads the uses beside the tokens they belong to: the session must see both. */
export function oversightReads({ db }: Session): OversightReads {
  const tokensIn = ({ ownerId, workspaceId, lineageId }: OversightScope) => {
    let tokens = db.selectFrom('token');
    if (ownerId !== undefined) tokens = tokens.where('owner_id', '=', ownerId);
    if (workspaceId !== undefined) tokens = tokens.where('workspace_id', '=', workspaceId);
    if (lineageId !== undefined) tokens = tokens.where('lineage_id', '=', lineageId);
    return tokens;
  };

  const usesIn = (scope: OversightScope, { unit, from, to }: UsageSpan) => {
    const byHour = db.selectFrom('usage_hour').select(['token_id', 'hour as at', 'outcome', 'count']);
    const byDay = db.selectFrom('usage_day').select(['token_id', 'day as at', 'outcome', 'count']);
    const rows = unit === 'day' ? byDay : byHour;
    const query = db.selectFrom(rows.as('uses')).where('at', '>=', from).where('at', '<', to);
    if (isEverything(scope)) return query;
    return query.where(tokenOf(scope), 'in', tokensIn(scope).select('id'));
  };

  return {
    async uses(scope, span) {
      const { unit, from, to } = span;
      const totals = db
        .selectFrom('usage_total')
        .select([
          sql<number>`hour / ${sql.lit(unit === 'day' ? DAY_MS : 1)} * ${sql.lit(unit === 'day' ? DAY_MS : 1)}`.as(
            'at',
          ),
          'outcome',
          'count',
        ])
        .where('hour', '>=', from)
        .where('hour', '<', to);
      const source = isEverything(scope) ? db.selectFrom(totals.as('uses')) : usesIn(scope, span);
      const rows = await source
        .select((select) => ['at', 'outcome', select.fn.sum<number | string>('count').as('sum')])
        .groupBy(['at', 'outcome'])
        .orderBy('at')
        .orderBy('outcome')
        .execute();
      // PostgreSQL sums whole numbers into a type of its own, which arrives as text.
      return rows.map(({ at, outcome, sum }) => ({ at, outcome, count: Number(sum) }));
    },

    async topTokens(scope, of, span, limit) {
      const rows = await usesIn(scope, span)
        .where('outcome', of === 'accepted' ? '=' : '!=', 'ok')
        .select((select) => [tokenOf(scope).as('id'), select.fn.sum<number | string>('count').as('sum')])
        .groupBy('id')
        .orderBy('sum', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id, sum }) => ({ tokenId: id, count: Number(sum) }));
    },

    async tally(scope, { liveAt, endsBefore, unusedSince }) {
      const isUnused = sql`created_at < ${unusedSince} and coalesce(last_use.at, 0) < ${unusedSince}`;
      const held = tokensIn(scope)
        .leftJoin('last_use', 'last_use.token_id', 'token.id')
        .where((where) => isLive(where as unknown as TokenWhere, liveAt))
        .select((select) => [
          'owner_id',
          'workspace_id',
          select.fn.countAll<number>().as('live'),
          countIf(sql`expires_at < ${endsBefore}`).as('ending'),
          countIf(sql`expires_at is null`).as('never_expire'),
          countIf(isUnused).as('unused'),
        ])
        .groupBy(['owner_id', 'workspace_id']);
      const sum = (column: RawBuilder<unknown>) => sql<number | string>`coalesce(sum(${column}), 0)`;
      const row = await db
        .selectFrom(held.as('held'))
        .select([
          sum(sql`live`).as('live'),
          sum(sql`ending`).as('ending'),
          sum(sql`never_expire`).as('never_expire'),
          sum(sql`unused`).as('unused'),
          sum(sql`case when ${hasOwnerEnded('held')} then live else 0 end`).as('owner_ended'),
        ])
        .executeTakeFirstOrThrow();
      return {
        live: Number(row.live),
        ending: Number(row.ending),
        neverExpire: Number(row.never_expire),
        unused: Number(row.unused),
        ownerEnded: Number(row.owner_ended),
      };
    },
  };
}

function isEverything({ ownerId, workspaceId, lineageId }: OversightScope): boolean {
  return ownerId === undefined && workspaceId === undefined && lineageId === undefined;
}

/**
 * One's own few tokens are looked up. Those of a workspace may be most of all: their uses are found by time, which no index of
 * tokens may take the place of.
 */
function tokenOf({ ownerId, lineageId }: OversightScope): RawBuilder<string> {
  const isFew = ownerId !== undefined || lineageId !== undefined;
  return isFew ? sql<string>`token_id` : sql<string>`token_id || ''`;
}

function countIf(condition: RawBuilder<unknown>): RawBuilder<number | string> {
  return sql<number | string>`sum(case when ${condition} then 1 else 0 end)`;
}
