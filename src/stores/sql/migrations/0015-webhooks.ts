import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Endpoints that are told what happens, what happened, and what became of it at each of them. */
export function webhooks({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('webhook')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('workspace_id', text)
        .addColumn('url', text, (column) => column.notNull())
        .addColumn('description', text)
        .addColumn('event_types', text)
        .addColumn('sealed_secret', text, (column) => column.notNull())
        .addColumn('previous_sealed', text)
        .addColumn('previous_ends_at', integer)
        .addColumn('disabled_at', integer)
        .addColumn('disabled_why', text)
        .addColumn('failing_since', integer)
        .addColumn('last_failed_at', integer)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('created_by_kind', text, (column) => column.notNull())
        .addColumn('created_by_id', text)
        .execute();
      await schema.createIndex('webhook_by_workspace').on('webhook').column('workspace_id').execute();

      await schema
        .createTable('webhook_event')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('type', text, (column) => column.notNull())
        .addColumn('at', integer, (column) => column.notNull())
        .addColumn('workspace_id', text)
        .addColumn('data', text, (column) => column.notNull())
        .execute();
      await schema.createIndex('webhook_event_by_age').on('webhook_event').columns(['at', 'id']).execute();

      const deliveries = 'webhook_delivery';
      await schema
        .createTable(deliveries)
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('webhook_id', text, (column) => column.notNull())
        .addColumn('event_id', text, (column) => column.notNull())
        .addColumn('state', text, (column) => column.notNull())
        .addColumn('attempts', integer, (column) => column.notNull())
        .addColumn('attempts_before', integer, (column) => column.notNull())
        .addColumn('begun_at', integer, (column) => column.notNull())
        .addColumn('next_at', integer, (column) => column.notNull())
        .addColumn('claimed_until', integer)
        .addColumn('last_status', integer)
        .addColumn('last_error', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('sent_at', integer)
        .execute();
      await schema
        .createIndex('unique_webhook_delivery')
        .unique()
        .on(deliveries)
        .columns(['event_id', 'webhook_id'])
        .execute();
      await schema.createIndex('webhook_delivery_due').on(deliveries).columns(['state', 'next_at']).execute();
      await schema
        .createIndex('webhook_delivery_by_age')
        .on(deliveries)
        .columns(['webhook_id', 'created_at', 'id'])
        .execute();
    },
  };
}
