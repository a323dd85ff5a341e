import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Samples of accepted requests: beside denials, in the second file on SQLite. */
export function useSamples({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('access')
        .addColumn('request_id', text, (column) => column.primaryKey())
        .addColumn('at', integer, (column) => column.notNull())
        .addColumn('door', text, (column) => column.notNull())
        .addColumn('method', text)
        .addColumn('path', text)
        .addColumn('agent', text, (column) => column.notNull())
        .addColumn('ip', text)
        .addColumn('token_id', text)
        .addColumn('lineage_id', text)
        .addColumn('owner_id', text)
        .addColumn('workspace_id', text)
        .addColumn('details', text, (column) => column.notNull())
        .execute();
      await schema.createIndex('access_age').on('access').columns(['at', 'request_id']).execute();
      await schema.createIndex('access_lineage').on('access').columns(['lineage_id', 'at', 'request_id']).execute();
      await schema.createIndex('access_workspace').on('access').columns(['workspace_id', 'at', 'request_id']).execute();
      await schema.createIndex('access_owner').on('access').column('owner_id').execute();
    },
  };
}
