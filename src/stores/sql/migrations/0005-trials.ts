import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Proposed tightenings that decisions are judged against without being refused. */
export function trials({ text, integer }: ColumnTypes): Migration {
  return {
    async up({ schema }: Kysely<unknown>) {
      await schema
        .createTable('trial')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('name', text)
        .addColumn('subject_kind', text, (column) => column.notNull())
        .addColumn('subject_id', text, (column) => column.notNull())
        .addColumn('workspace_id', text)
        .addColumn('operation', text, (column) => column.notNull())
        .addColumn('input', text, (column) => column.notNull())
        .addColumn('terms_before', text, (column) => column.notNull())
        .addColumn('terms_after', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('created_by_kind', text, (column) => column.notNull())
        .addColumn('created_by_id', text)
        .addColumn('ends_at', integer, (column) => column.notNull())
        .addColumn('ended_at', integer)
        .addColumn('ending', text)
        .execute();
      await schema.createIndex('trial_by_age').on('trial').columns(['created_at', 'id']).execute();
    },
  };
}

/** What trials have seen: the second file on SQLite, ordinary tables on PostgreSQL. */
export function trialSightings({ text, integer }: ColumnTypes): Migration {
  return {
    async up({ schema }: Kysely<unknown>) {
      await schema
        .createTable('trial_tally')
        .addColumn('trial_id', text, (column) => column.primaryKey())
        .addColumn('judged', integer, (column) => column.notNull())
        .addColumn('refused', integer, (column) => column.notNull())
        .addColumn('unlisted', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('trial_finding')
        .addColumn('trial_id', text, (column) => column.notNull())
        .addColumn('id', text, (column) => column.notNull())
        .addColumn('token_id', text, (column) => column.notNull())
        .addColumn('reason', text, (column) => column.notNull())
        .addColumn('about', text, (column) => column.notNull())
        .addColumn('count', integer, (column) => column.notNull())
        .addColumn('first_at', integer, (column) => column.notNull())
        .addColumn('last_at', integer, (column) => column.notNull())
        .addColumn('last_request_id', text)
        .addPrimaryKeyConstraint('trial_finding_key', ['trial_id', 'id'])
        .execute();
      await schema
        .createIndex('trial_finding_by_age')
        .on('trial_finding')
        .columns(['trial_id', 'first_at', 'id'])
        .execute();
    },
  };
}
