import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Ways of external owners to their own tokens: links, and the sessions they opened. */
export function portal({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('portal_session')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('link_digest', text, (column) => column.notNull())
        .addColumn('link_expires_at', integer, (column) => column.notNull())
        .addColumn('digest', text)
        .addColumn('owner_id', text, (column) => column.notNull().references('owner.id'))
        .addColumn('workspace_id', text, (column) => column.notNull().references('workspace.id'))
        .addColumn('minter_token_id', text)
        .addColumn('minter_owner_id', text)
        .addColumn('minter_workspace_id', text)
        .addColumn('actor', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('last_used_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .execute();
      const table = 'portal_session';
      await schema.createIndex('unique_portal_link').unique().on(table).column('link_digest').execute();
      await schema.createIndex('unique_portal_digest').unique().on(table).column('digest').execute();
      await schema.createIndex('portal_session_by_expiry').on(table).column('expires_at').execute();
    },
  };
}
