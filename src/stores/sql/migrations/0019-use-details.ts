import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Counted uses by permission, network and kind of client: by the hour, and by the day for longer. */
export function useDetails({ text, integer, keyed }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      for (const unit of ['hour', 'day']) {
        const table = `use_${unit}`;
        await db.schema
          .createTable(table)
          .addColumn('token_id', text, (column) => column.notNull())
          .addColumn('at', integer, (column) => column.notNull())
          .addColumn('aspect', text, (column) => column.notNull())
          .addColumn('value', text, (column) => column.notNull())
          .addColumn('outcome', text, (column) => column.notNull())
          .addColumn('count', integer, (column) => column.notNull())
          .addPrimaryKeyConstraint(`${table}_key`, ['token_id', 'at', 'aspect', 'value', 'outcome'])
          .modifyEnd(keyed)
          .execute();
        await db.schema.createIndex(`${table}_age`).on(table).columns(['at', 'token_id']).execute();
      }
    },
  };
}
