import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** When the job looks at a token that rotates automatically, and the links that were mailed for its successor. */
export function rotation({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema.alterTable('token').addColumn('rotation_next_at', integer).execute();
      // Few tokens rotate by themselves: the others are not in it.
      await schema
        .createIndex('token_by_rotation')
        .on('token')
        .columns(['rotation_next_at', 'id'])
        .where('rotation_next_at' as never, 'is not', null)
        .execute();
      await schema
        .createTable('claim_link')
        .addColumn('digest', text, (column) => column.primaryKey())
        .addColumn('token_id', text, (column) => column.notNull().references('token.id'))
        .addColumn('recipient', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('claim_link_by_token').on('claim_link').column('token_id').execute();
      await schema.createIndex('claim_link_by_expiry').on('claim_link').column('expires_at').execute();
    },
  };
}
