import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Counted uses and rate-limit counters: the second file on SQLite, ordinary tables on PostgreSQL. */
export function usage({ text, integer, bytes }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;

      await schema
        .createTable('usage_hour')
        .addColumn('token_id', text, (column) => column.notNull())
        .addColumn('hour', integer, (column) => column.notNull())
        .addColumn('outcome', text, (column) => column.notNull())
        .addColumn('count', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('usage_hour_key', ['token_id', 'hour', 'outcome'])
        .execute();
      await schema
        .createTable('last_use')
        .addColumn('token_id', text, (column) => column.primaryKey())
        .addColumn('at', integer, (column) => column.notNull())
        .addColumn('ip', text)
        .execute();
      await schema
        .createTable('rate_limit_counts')
        .addColumn('lineage_id', text, (column) => column.primaryKey())
        .addColumn('counts', bytes, (column) => column.notNull())
        .addColumn('version', integer, (column) => column.notNull())
        .execute();
    },
  };
}
