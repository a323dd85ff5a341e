import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** What tokens of other systems look like, and which of them are here already. */
export function imports({ text, integer, keyed }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema.alterTable('profile_version').addColumn('imports', text).execute();
      await schema
        .createTable('imported_token')
        .addColumn('source', text, (column) => column.notNull())
        .addColumn('foreign_id', text, (column) => column.notNull())
        .addColumn('token_id', text, (column) => column.notNull())
        .addColumn('at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('imported_token_pkey', ['source', 'foreign_id'])
        .modifyEnd(keyed)
        .execute();
      await schema.createIndex('imported_token_by_token').on('imported_token').column('token_id').execute();
    },
  };
}
