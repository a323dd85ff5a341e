import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** What happened: the change sequence, its log, and the audit chain with its erasable side table. */
export function history({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;

      await schema
        .createTable('auth_epoch')
        .addColumn('id', integer, (column) => column.primaryKey().check(sql`id = 1`))
        .addColumn('seq', integer, (column) => column.notNull())
        .addColumn('audit_seq', integer, (column) => column.notNull())
        .addColumn('audit_hash', text, (column) => column.notNull())
        .execute();
      await sql`insert into auth_epoch (id, seq, audit_seq, audit_hash) values (1, 0, 0, '')`.execute(db);

      await schema
        .createTable('change_log')
        .addColumn('seq', integer, (column) => column.notNull())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('subject_id', text, (column) => column.notNull())
        .addColumn('at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('change_log_key', ['seq', 'kind', 'subject_id'])
        .execute();

      await schema
        .createTable('audit_event')
        .addColumn('seq', integer, (column) => column.primaryKey())
        .addColumn('at', integer, (column) => column.notNull())
        .addColumn('action', text, (column) => column.notNull())
        .addColumn('actor_kind', text, (column) => column.notNull())
        .addColumn('actor_id', text)
        .addColumn('behalf_kind', text)
        .addColumn('behalf_id', text)
        .addColumn('subject_kind', text)
        .addColumn('subject_id', text)
        .addColumn('workspace_id', text)
        .addColumn('request_id', text)
        .addColumn('details', text, (column) => column.notNull())
        .addColumn('commitments', text, (column) => column.notNull())
        .addColumn('previous_hash', text, (column) => column.notNull())
        .addColumn('hash', text, (column) => column.notNull())
        .execute();
      for (const key of ['subject_id', 'actor_id', 'action', 'workspace_id', 'at'] as const) {
        await schema.createIndex(`audit_event_by_${key}`).on('audit_event').columns([key, 'seq']).execute();
      }
      await schema
        .createTable('audit_personal')
        .addColumn('seq', integer, (column) => column.notNull().references('audit_event.seq'))
        .addColumn('field', text, (column) => column.notNull())
        .addColumn('value', text, (column) => column.notNull())
        .addColumn('salt', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('audit_personal_key', ['seq', 'field'])
        .execute();
    },
  };
}
