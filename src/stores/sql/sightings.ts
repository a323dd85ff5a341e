import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { FailureCount, SeenNetwork, SightingLog } from '../../ports/index.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Pairs per statement, well below what either database binds. */
const AT_ONCE = 200;
const ROWS_PER_DELETE = 1_000;
const ADDRESSES_MAX = 20;
/** What counts as a refusal here, in the words of the index over it. */
const REFUSED = sql<SqlBool>`outcome <> 'ok' and outcome <> 'rate_limited'`;

/** Reads go to `reads`, which may be another connection than the one that writes. */
export function sightingLog({ db: writes }: Session, { db: reads }: Session): SightingLog {
  const each = async (networks: readonly SeenNetwork[], work: (some: readonly SeenNetwork[]) => Promise<unknown>) => {
    for (let from = 0; from < networks.length; from += AT_ONCE) await work(networks.slice(from, from + AT_ONCE));
  };
  return {
    networks: {
      async note(uses, at) {
        const rows = [...uses].sort(byToken).map(({ tokenId, network }) => ({ token_id: tokenId, network }));
        for (let from = 0; from < rows.length; from += AT_ONCE) {
          const some = rows.slice(from, from + AT_ONCE);
          await writes
            .insertInto('token_network')
            .values(some.map((row) => ({ ...row, first_at: at, last_at: at, is_known: 0 })))
            .onConflict((conflict) =>
              conflict
                .columns(['token_id', 'network'])
                .doUpdateSet({ last_at: at })
                .where('token_network.last_at', '<', at - DAY_MS),
            )
            .execute();
        }
      },

      async findNew(limit) {
        const rows = await reads
          .selectFrom('token_network')
          .select(['token_id', 'network', 'first_at'])
          .where(sql<SqlBool>`is_known = 0`)
          .orderBy('first_at')
          .orderBy('token_id')
          .orderBy('network')
          .limit(limit)
          .execute();
        return rows.map(({ token_id, network, first_at }) => ({ tokenId: token_id, network, firstAt: first_at }));
      },

      async of(tokenIds) {
        if (tokenIds.length === 0) return [];
        const rows = await reads
          .selectFrom('token_network')
          .selectAll()
          .where('token_id', 'in', tokenIds)
          .orderBy('first_at')
          .orderBy('network')
          .execute();
        return rows.map((row) => ({
          tokenId: row.token_id,
          network: row.network,
          firstAt: row.first_at,
          isKnown: row.is_known === 1,
        }));
      },

      async countUses(tokenIds, at) {
        if (tokenIds.length === 0) return 0;
        const { uses } = await reads
          .selectFrom('usage_hour')
          .select((select) => select.fn.sum<number | string | null>('count').as('uses'))
          .where('token_id', 'in', tokenIds)
          .where('outcome', '=', 'ok')
          .where('hour', '<=', at)
          .executeTakeFirstOrThrow();
        return Number(uses ?? 0);
      },

      learn: (networks) =>
        each(networks, (some) =>
          writes
            .updateTable('token_network')
            .set({ is_known: 1 })
            .where((where) => where.or(some.map((one) => isNetwork(where, one))))
            .execute(),
        ),

      forget: (networks) =>
        each(networks, (some) =>
          writes
            .deleteFrom('token_network')
            .where((where) => where.or(some.map((one) => isNetwork(where, one))))
            .execute(),
        ),

      async forgetUnused(before) {
        const rows = await reads
          .selectFrom('token_network as old')
          .select(['old.token_id as tokenId', 'old.network', 'old.first_at as firstAt'])
          .where('old.last_at', '<', before)
          .where((where) =>
            where.exists(
              where
                .selectFrom('token_network as first')
                .select('first.network')
                .whereRef('first.token_id', '=', 'old.token_id')
                .whereRef('first.first_at', '<', 'old.first_at'),
            ),
          )
          .limit(ROWS_PER_DELETE)
          .execute();
        await each(rows, (some) =>
          writes
            .deleteFrom('token_network')
            .where('last_at', '<', before)
            .where((where) => where.or(some.map((one) => isNetwork(where, one))))
            .execute(),
        );
      },
    },

    refusals: {
      async bursts({ fromHour, countMin, limit }) {
        const many = await reads
          .selectFrom('usage_hour')
          .select(['token_id', 'hour'])
          .where('hour', '>=', fromHour)
          .where(REFUSED)
          .groupBy(['hour', 'token_id'])
          .having((having) => having(having.fn.sum('count'), '>=', countMin))
          .orderBy((order) => order.fn.sum('count'), 'desc')
          .limit(limit)
          .execute();
        const bursts = [];
        for (const [tokenId, day] of daysOf(many.map(({ token_id, hour }) => [token_id, hour]))) {
          const row = await reads
            .selectFrom('usage_hour')
            .select((select) => [
              select.fn.sum<number | string>('count').as('count'),
              select.fn.min('hour').as('firstHour'),
              select.fn.max('hour').as('lastHour'),
            ])
            .where('token_id', '=', tokenId)
            .where('hour', '>=', day)
            .where('hour', '<', day + DAY_MS)
            .where(REFUSED)
            .executeTakeFirstOrThrow();
          bursts.push({ tokenId, day, ...row, count: Number(row.count) });
        }
        return bursts;
      },

      async endedUses(from, limit) {
        const ended = ['revoked', 'replaced'];
        const recent = await reads
          .selectFrom('denial')
          .select(['token_id', 'lineage_id'])
          .select(sql<number>`(at / 86400000) * 86400000`.as('day'))
          .where('is_known', '=', 1)
          .where('at', '>=', from)
          .where('cause', 'in', ended)
          .groupBy(['token_id', 'lineage_id', 'day'])
          .limit(limit)
          .execute();
        const uses = [];
        for (const { token_id: tokenId, lineage_id: lineageId, day } of recent) {
          if (tokenId === null || lineageId === null) continue;
          const row = await reads
            .selectFrom('denial')
            .select((select) => [
              select.fn.countAll<number | string>().as('count'),
              select.fn.min('at').as('firstAt'),
              select.fn.max('at').as('lastAt'),
            ])
            .where('lineage_id', '=', lineageId)
            .where('at', '>=', day)
            .where('at', '<', day + DAY_MS)
            .where('token_id', '=', tokenId)
            .where('cause', 'in', ended)
            .executeTakeFirstOrThrow();
          uses.push({ tokenId, day, ...row, count: Number(row.count) });
        }
        return uses;
      },

      async addressesOf(lineageId, from, to) {
        const rows = await reads
          .selectFrom('denial')
          .select('ip')
          .distinct()
          .where('lineage_id', '=', lineageId)
          .where('at', '>=', from)
          .where('at', '<', to)
          .where('ip', 'is not', null)
          .limit(ADDRESSES_MAX)
          .execute();
        return rows.flatMap(({ ip }) => (ip === null ? [] : [ip]));
      },
    },

    failures: {
      async add(counts) {
        const rows = [...counts].sort(byKey).map(({ lastAt, ...row }) => ({ ...row, last_at: lastAt }));
        for (let from = 0; from < rows.length; from += AT_ONCE) {
          await writes
            .insertInto('failure_hour')
            .values(rows.slice(from, from + AT_ONCE))
            .onConflict((conflict) =>
              conflict.columns(['hour', 'kind', 'network']).doUpdateSet((set) => ({
                count: set('failure_hour.count', '+', set.ref('excluded.count')),
                last_at: set.ref('excluded.last_at'),
              })),
            )
            .execute();
        }
      },

      async bursts(kind, { fromHour, countMin, limit }) {
        const many = await reads
          .selectFrom('failure_hour')
          .select(['network', 'hour'])
          .where('hour', '>=', fromHour)
          .where('kind', '=', kind)
          .where('count', '>=', countMin)
          .orderBy('count', 'desc')
          .limit(limit)
          .execute();
        const bursts = [];
        for (const [network, day] of daysOf(many.map((row) => [row.network, row.hour]))) {
          const hours = Array.from({ length: 24 }, (_, index) => day + index * HOUR_MS);
          const row = await reads
            .selectFrom('failure_hour')
            .select((select) => [
              select.fn.sum<number | string>('count').as('count'),
              select.fn.min('hour').as('firstHour'),
              select.fn.max('last_at').as('lastAt'),
            ])
            .where('hour', 'in', hours)
            .where('kind', '=', kind)
            .where('network', '=', network)
            .executeTakeFirstOrThrow();
          bursts.push({ network, day, ...row, count: Number(row.count) });
        }
        return bursts;
      },

      async forget(beforeHour) {
        await writes.deleteFrom('failure_hour').where('hour', '<', beforeHour).execute();
      },
    },
  };
}

function isNetwork(where: ExpressionBuilder<Schema, 'token_network'>, { tokenId, network }: SeenNetwork) {
  return where.and([where('token_id', '=', tokenId), where('network', '=', network)]);
}

/** Each pair of a name and the day of its hour, once. */
function daysOf(hours: readonly (readonly [name: string, hour: number])[]): (readonly [string, number])[] {
  const days = hours.map(([name, hour]) => [name, Math.floor(hour / DAY_MS) * DAY_MS] as const);
  return [...new Map(days.map((pair) => [pair.join(' '), pair])).values()];
}

/** In one order, as below. */
function byToken(one: Omit<SeenNetwork, 'firstAt'>, other: Omit<SeenNetwork, 'firstAt'>): number {
  return compare(one.tokenId, other.tokenId) || compare(one.network, other.network);
}

/** In one order, so that two processes never deadlock. */
function byKey(one: FailureCount, other: FailureCount): number {
  return one.hour - other.hour || compare(one.kind, other.kind) || compare(one.network, other.network);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
