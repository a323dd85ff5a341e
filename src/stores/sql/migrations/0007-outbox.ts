import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** What is to be mailed, written in the transaction of the change it tells about. */
export function outbox({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('outbox')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('template', text, (column) => column.notNull())
        .addColumn('recipient', text, (column) => column.notNull())
        .addColumn('locale', text)
        .addColumn('data', text, (column) => column.notNull())
        .addColumn('sealed', text)
        .addColumn('state', text, (column) => column.notNull())
        .addColumn('attempts', integer, (column) => column.notNull())
        .addColumn('next_at', integer, (column) => column.notNull())
        .addColumn('last_error', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('sent_at', integer)
        .execute();
      await schema.createIndex('outbox_due').on('outbox').columns(['state', 'next_at']).execute();
      await schema.createIndex('outbox_by_age').on('outbox').columns(['created_at', 'id']).execute();
    },
  };
}
