import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Denials of the last days: beside counted uses, in the second file on SQLite. */
export function denials({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;

      await schema
        .createTable('denial')
        .addColumn('request_id', text, (column) => column.primaryKey())
        .addColumn('at', integer, (column) => column.notNull())
        .addColumn('is_known', integer, (column) => column.notNull())
        .addColumn('door', text, (column) => column.notNull())
        .addColumn('method', text)
        .addColumn('path', text)
        .addColumn('reason', text, (column) => column.notNull())
        .addColumn('cause', text, (column) => column.notNull())
        .addColumn('ip', text)
        .addColumn('token_id', text)
        .addColumn('lineage_id', text)
        .addColumn('owner_id', text)
        .addColumn('workspace_id', text)
        .addColumn('details', text, (column) => column.notNull())
        .execute();
      await schema.createIndex('denial_age').on('denial').columns(['at', 'request_id']).execute();
      await schema.createIndex('denial_class').on('denial').columns(['is_known', 'at', 'request_id']).execute();
      await schema.createIndex('denial_lineage').on('denial').columns(['lineage_id', 'at', 'request_id']).execute();
      await schema.createIndex('denial_workspace').on('denial').columns(['workspace_id', 'at', 'request_id']).execute();
    },
  };
}
