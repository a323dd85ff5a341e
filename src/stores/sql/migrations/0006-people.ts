import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** How people come in: sessions, second factors, invitations, password resets. */
export function people({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;

      await schema
        .createTable('session')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('digest', text, (column) => column.notNull())
        .addColumn('owner_id', text, (column) => column.notNull().references('owner.id'))
        .addColumn('workspace_id', text, (column) => column.notNull().references('workspace.id'))
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('last_used_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('ip', text)
        .addColumn('user_agent', text)
        .execute();
      await schema.createIndex('unique_session_digest').unique().on('session').column('digest').execute();
      await schema.createIndex('session_by_owner').on('session').column('owner_id').execute();
      await schema.createIndex('session_by_expiry').on('session').column('expires_at').execute();

      await schema
        .createTable('second_factor')
        .addColumn('owner_id', text, (column) => column.primaryKey().references('owner.id'))
        .addColumn('sealed_secret', text, (column) => column.notNull())
        .addColumn('confirmed_at', integer)
        .addColumn('last_step', integer, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('recovery_code')
        .addColumn('owner_id', text, (column) => column.notNull().references('owner.id'))
        .addColumn('digest', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('recovery_code_key', ['owner_id', 'digest'])
        .execute();

      await schema
        .createTable('invitation')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('digest', text, (column) => column.notNull())
        .addColumn('email', text, (column) => column.notNull())
        .addColumn('name', text)
        .addColumn('workspace_id', text, (column) => column.notNull().references('workspace.id'))
        .addColumn('permissions', text, (column) => column.notNull())
        .addColumn('role_ids', text, (column) => column.notNull())
        .addColumn('created_by_kind', text, (column) => column.notNull())
        .addColumn('created_by_id', text)
        .addColumn('inviter_owner_id', text)
        .addColumn('inviter_workspace_id', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('unique_invitation_digest').unique().on('invitation').column('digest').execute();
      await schema.createIndex('invitation_by_age').on('invitation').columns(['created_at', 'id']).execute();
      await schema
        .createTable('password_reset')
        .addColumn('digest', text, (column) => column.primaryKey())
        .addColumn('owner_id', text, (column) => column.notNull().references('owner.id'))
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('password_reset_by_owner').on('password_reset').column('owner_id').execute();
    },
  };
}
