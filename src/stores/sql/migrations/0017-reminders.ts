import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** When tokens and owners are looked at for what people are to be reminded of, and what waits for the next mail to each. */
export function reminders({ text, integer, keyed }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      // Whatever is there, and whatever comes, is looked at first.
      await schema
        .alterTable('token')
        .addColumn('reminder_next_at', integer, (column) => column.defaultTo(0))
        .execute();
      await sql`update token set reminder_next_at = null where revoked_at is not null`.execute(db);
      await schema
        .createIndex('token_by_reminder')
        .on('token')
        .columns(['reminder_next_at', 'id'])
        .where('reminder_next_at' as never, 'is not', null)
        .execute();
      await schema.alterTable('owner').addColumn('reminder_next_at', integer).execute();
      await sql`update owner set reminder_next_at = 0 where deleted_at is null and (
        disabled_at is not null or disabled_by_provider_at is not null or exists (
          select 1 from token where token.owner_id = owner.id and token.revoked_at is null and not exists (
            select 1 from membership
            where membership.owner_id = token.owner_id and membership.workspace_id = token.workspace_id
          )
        )
      )`.execute(db);
      await schema
        .createIndex('owner_by_reminder')
        .on('owner')
        .columns(['reminder_next_at', 'id'])
        .where('reminder_next_at' as never, 'is not', null)
        .execute();
      await schema
        .createTable('reminder')
        .addColumn('recipient', text, (column) => column.notNull())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('subject_id', text, (column) => column.notNull())
        .addColumn('workspace_id', text, (column) => column.notNull())
        .addColumn('about', integer, (column) => column.notNull())
        .addColumn('urgency', integer, (column) => column.notNull())
        .addColumn('waits_until', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('reminder_key', ['recipient', 'kind', 'subject_id', 'workspace_id'])
        .modifyEnd(keyed)
        .execute();
      await schema
        .createIndex('reminder_by_urgency')
        .on('reminder')
        .columns(['recipient', 'urgency', 'about', 'subject_id'])
        .execute();
      await schema.createIndex('reminder_by_wait').on('reminder').columns(['waits_until', 'recipient']).execute();
    },
  };
}
