import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Ways of the provider's staff to the dashboard: links, and the sessions they opened. */
export function staffSessions({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      const table = 'staff_session';
      await schema
        .createTable(table)
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('link_digest', text, (column) => column.notNull())
        .addColumn('link_expires_at', integer, (column) => column.notNull())
        .addColumn('digest', text)
        .addColumn('external_id', text, (column) => column.notNull())
        .addColumn('name', text)
        .addColumn('email', text)
        .addColumn('role_id', text, (column) => column.notNull())
        .addColumn('workspace_id', text, (column) => column.notNull().references('workspace.id'))
        .addColumn('minter_token_id', text)
        .addColumn('minter_owner_id', text)
        .addColumn('minter_workspace_id', text)
        .addColumn('created_by_kind', text, (column) => column.notNull())
        .addColumn('created_by_id', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('last_used_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('unique_staff_link').unique().on(table).column('link_digest').execute();
      await schema.createIndex('unique_staff_digest').unique().on(table).column('digest').execute();
      await schema.createIndex('staff_session_by_person').on(table).column('external_id').execute();
      await schema.createIndex('staff_session_by_expiry').on(table).column('expires_at').execute();
      await schema.createIndex('portal_session_by_owner').on('portal_session').column('owner_id').execute();
    },
  };
}
