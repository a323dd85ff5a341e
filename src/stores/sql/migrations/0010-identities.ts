import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Whom OpenID providers mean: their subjects, and the users these are. */
export function identities({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('linked_identity')
        .addColumn('issuer', text, (column) => column.notNull())
        .addColumn('subject', text, (column) => column.notNull())
        .addColumn('owner_id', text, (column) => column.notNull().references('owner.id'))
        .addColumn('linked_at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('linked_identity_pkey', ['issuer', 'subject'])
        .execute();
      await schema
        .createIndex('unique_linked_identity_owner')
        .unique()
        .on('linked_identity')
        .columns(['owner_id', 'issuer'])
        .execute();
    },
  };
}
