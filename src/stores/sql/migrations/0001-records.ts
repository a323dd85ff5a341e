import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** Everything the authority knows. Unique indexes are named `unique_<constraint>` after the port's constraint names. */
export function records({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;

      await schema
        .createTable('owner')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('external_id', text)
        .addColumn('external_id_folded', text)
        .addColumn('name', text)
        .addColumn('name_folded', text)
        .addColumn('email', text)
        .addColumn('disabled_at', integer)
        .addColumn('disabled_by_provider_at', integer)
        .addColumn('deleted_at', integer)
        .addColumn('metadata', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createIndex('unique_owner_external_id')
        .unique()
        .on('owner')
        .column('external_id')
        .where(sql<SqlBool>`deleted_at is null`)
        .execute();
      await schema
        .createIndex('unique_owner_email')
        .unique()
        .on('owner')
        .column('email')
        .where(sql<SqlBool>`kind = 'user' and deleted_at is null`)
        .execute();
      await schema.createIndex('owner_by_age').on('owner').columns(['created_at', 'id']).execute();

      await schema
        .createTable('workspace')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('external_id', text)
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('is_home', integer, (column) => column.notNull())
        .addColumn('disabled_at', integer)
        .addColumn('metadata', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('unique_workspace_external_id').unique().on('workspace').column('external_id').execute();
      await schema
        .createIndex('unique_workspace_home')
        .unique()
        .on('workspace')
        .column('is_home')
        .where(sql<SqlBool>`is_home = 1`)
        .execute();
      await schema.createIndex('workspace_by_age').on('workspace').columns(['created_at', 'id']).execute();

      await schema
        .createTable('role')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('permissions', text, (column) => column.notNull())
        .addColumn('everything', integer, (column) => column.notNull())
        .addColumn('built_in', integer, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('unique_role_name').unique().on('role').column('name').execute();

      await schema
        .createTable('membership')
        .addColumn('owner_id', text, (column) => column.notNull().references('owner.id'))
        .addColumn('workspace_id', text, (column) => column.notNull().references('workspace.id'))
        .addColumn('permissions', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('membership_key', ['owner_id', 'workspace_id'])
        .execute();
      await schema.createIndex('membership_by_workspace').on('membership').column('workspace_id').execute();
      await schema
        .createTable('membership_role')
        .addColumn('owner_id', text, (column) => column.notNull())
        .addColumn('workspace_id', text, (column) => column.notNull())
        .addColumn('role_id', text, (column) => column.notNull().references('role.id'))
        .addPrimaryKeyConstraint('membership_role_key', ['owner_id', 'workspace_id', 'role_id'])
        .addForeignKeyConstraint(
          'membership_role_membership',
          ['owner_id', 'workspace_id'],
          'membership',
          ['owner_id', 'workspace_id'],
          (constraint) => constraint.onDelete('cascade'),
        )
        .execute();
      await schema.createIndex('membership_role_by_role').on('membership_role').column('role_id').execute();

      await schema
        .createTable('token')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('lineage_id', text, (column) => column.notNull())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('parent_id', text)
        .addColumn('client_id', text)
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('name_folded', text, (column) => column.notNull())
        .addColumn('description', text)
        .addColumn('hint', text, (column) => column.notNull())
        .addColumn('environment', text)
        .addColumn('digest', text, (column) => column.notNull())
        .addColumn('digest_scheme', text, (column) => column.notNull())
        .addColumn('pepper_version', integer, (column) => column.notNull())
        .addColumn('owner_id', text, (column) => column.notNull().references('owner.id'))
        .addColumn('workspace_id', text, (column) => column.notNull().references('workspace.id'))
        .addColumn('grant_mode', text, (column) => column.notNull())
        .addColumn('grant_value', text)
        .addColumn('ip_allowlist', text)
        .addColumn('expires_at', integer)
        .addColumn('expiry_explicit', integer, (column) => column.notNull())
        .addColumn('limits', text, (column) => column.notNull())
        .addColumn('rotation', text, (column) => column.notNull())
        .addColumn('metadata', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('created_by_kind', text, (column) => column.notNull())
        .addColumn('created_by_id', text)
        .addColumn('disabled_at', integer)
        .addColumn('revoked_at', integer)
        .addColumn('revoked_reason', text)
        .addColumn('superseded_at', integer)
        .addColumn('superseded_by', text)
        .addColumn('grace_ends_at', integer)
        .addColumn('supersedes', text)
        .addColumn('first_used_at', integer)
        .addColumn('sole_key', text)
        .execute();
      await schema.createIndex('unique_digest').unique().on('token').column('digest').execute();
      await schema.createIndex('unique_sole_key').unique().on('token').column('sole_key').execute();
      await schema.createIndex('token_by_age').on('token').columns(['created_at', 'id']).execute();
      for (const key of ['lineage_id', 'owner_id', 'workspace_id'] as const) {
        await schema.createIndex(`token_by_${key}`).on('token').columns([key, 'created_at', 'id']).execute();
      }
      await schema.createIndex('token_by_parent').on('token').column('parent_id').execute();
      await schema.createIndex('token_by_client').on('token').column('client_id').execute();
      await schema
        .createIndex('token_not_revoked')
        .on('token')
        .columns(['workspace_id', 'expires_at'])
        .where(sql<SqlBool>`revoked_at is null`)
        .execute();

      await schema
        .createTable('profile_version')
        .addColumn('version', integer, (column) => column.primaryKey())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('digest', text, (column) => column.notNull())
        .addColumn('document', text, (column) => column.notNull())
        .addColumn('applied_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('profile_version_by_digest').on('profile_version').column('digest').execute();

      await schema
        .createTable('idempotency')
        .addColumn('key_digest', text, (column) => column.notNull())
        .addColumn('body_digest', text, (column) => column.notNull())
        .addColumn('token_id', text, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('unique_idempotency').unique().on('idempotency').column('key_digest').execute();
      await schema.createIndex('idempotency_by_expiry').on('idempotency').column('expires_at').execute();
      await schema
        .createTable('sealed_value')
        .addColumn('token_id', text, (column) => column.primaryKey())
        .addColumn('predecessor_id', text, (column) => column.notNull())
        .addColumn('sealed', text, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('sealed_value_by_predecessor').on('sealed_value').column('predecessor_id').execute();
      await schema.createIndex('sealed_value_by_expiry').on('sealed_value').column('expires_at').execute();

      await schema
        .createTable('password')
        .addColumn('owner_id', text, (column) => column.primaryKey().references('owner.id'))
        .addColumn('hash', text, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('setup_code')
        .addColumn('id', integer, (column) => column.primaryKey().check(sql`id = 1`))
        .addColumn('code_digest', text, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('meta')
        .addColumn('key', text, (column) => column.primaryKey())
        .addColumn('value', text, (column) => column.notNull())
        .execute();
    },
  };
}
