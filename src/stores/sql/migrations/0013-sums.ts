import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Tokens that need a look, counted in an index alone, owner after owner; and lists by expiry, where none comes last. */
export function tokenStanding(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createIndex('token_standing')
        .on('token')
        .columns(['owner_id', 'workspace_id', 'expires_at', 'superseded_at', 'grace_ends_at', 'created_at', 'id'])
        .where(sql<SqlBool>`revoked_at is null`)
        .execute();
      await db.schema
        .createIndex('token_by_end')
        .on('token')
        .expression(sql`coalesce(expires_at, 999999999999999), id`)
        .execute();
    },
  };
}

/**
 * Counted uses summed up as they are written: by day, so that a month of many tokens is read in a fraction of its hours, and over
 * all tokens. What a process of the version before counts after this step is in its tokens' hours and in no sum.
 */
export function usageSums({ text, integer, keyed }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('usage_day')
        .addColumn('day', integer, (column) => column.notNull())
        .addColumn('token_id', text, (column) => column.notNull())
        .addColumn('outcome', text, (column) => column.notNull())
        .addColumn('count', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('usage_day_key', ['day', 'token_id', 'outcome'])
        .modifyEnd(keyed)
        .execute();
      await schema
        .createTable('usage_total')
        .addColumn('hour', integer, (column) => column.notNull())
        .addColumn('outcome', text, (column) => column.notNull())
        .addColumn('count', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('usage_total_key', ['hour', 'outcome'])
        .modifyEnd(keyed)
        .execute();
      await sql`insert into usage_day (day, token_id, outcome, count)
        select hour / 86400000 * 86400000, token_id, outcome, sum(count) from usage_hour group by 1, 2, 3`.execute(db);
      await sql`insert into usage_total (hour, outcome, count)
        select hour, outcome, sum(count) from usage_hour group by 1, 2`.execute(db);
      await schema.createIndex('last_use_by_age').on('last_use').columns(['at', 'token_id']).execute();
    },
  };
}
