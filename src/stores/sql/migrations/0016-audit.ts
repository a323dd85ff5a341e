import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Signed checkpoints of the audit chain; and who was acted for, to find what is kept about a person. */
export function auditCheckpoints({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('audit_checkpoint')
        .addColumn('number', integer, (column) => column.primaryKey())
        .addColumn('seq', integer, (column) => column.notNull())
        .addColumn('hash', text, (column) => column.notNull())
        .addColumn('at', integer, (column) => column.notNull())
        .addColumn('store_id', text, (column) => column.notNull())
        .addColumn('kid', text, (column) => column.notNull())
        .addColumn('signature', text, (column) => column.notNull())
        .addColumn('delivered_at', integer)
        .execute();
      const table = 'audit_checkpoint';
      await schema.createIndex('audit_checkpoint_by_delivery').on(table).column('delivered_at').execute();
    },
  };
}
