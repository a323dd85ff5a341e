import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Which reminders, warnings and alerts have been written. */
export function notices({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('notice')
        .addColumn('key', text, (column) => column.primaryKey())
        .addColumn('at', integer, (column) => column.notNull())
        .execute();
    },
  };
}
