import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

/** What was unusual, each once in its window, and how far what is watched has been looked through. */
export function alerts({ text, integer }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('alert')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('key', text, (column) => column.notNull())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('token_id', text)
        .addColumn('lineage_id', text)
        .addColumn('owner_id', text)
        .addColumn('workspace_id', text)
        .addColumn('networks', text, (column) => column.notNull())
        .addColumn('first_at', integer, (column) => column.notNull())
        .addColumn('last_at', integer, (column) => column.notNull())
        .addColumn('count', integer, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('acknowledged_at', integer)
        .addColumn('acknowledged_by_kind', text)
        .addColumn('acknowledged_by_id', text)
        .addColumn('note', text)
        .execute();
      await schema.createIndex('unique_alert').unique().on('alert').column('key').execute();
      await schema.createIndex('alert_by_age').on('alert').columns(['created_at', 'id']).execute();
      await schema
        .createIndex('alert_by_workspace')
        .on('alert')
        .columns(['workspace_id', 'created_at', 'id'])
        .execute();
      await schema.createIndex('alert_by_lineage').on('alert').columns(['lineage_id', 'created_at', 'id']).execute();
      await schema.createIndex('alert_by_owner').on('alert').column('owner_id').execute();
      await schema
        .createTable('alert_watch')
        .addColumn('name', text, (column) => column.primaryKey())
        .addColumn('position', integer, (column) => column.notNull())
        .execute();
    },
  };
}

/** Networks each token is used from, and failures by network and hour: beside counted uses, in the second file on SQLite. */
export function sightings({ text, integer, keyed }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema
        .createTable('token_network')
        .addColumn('token_id', text, (column) => column.notNull())
        .addColumn('network', text, (column) => column.notNull())
        .addColumn('first_at', integer, (column) => column.notNull())
        .addColumn('last_at', integer, (column) => column.notNull())
        .addColumn('is_known', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('token_network_key', ['token_id', 'network'])
        .modifyEnd(keyed)
        .execute();
      await schema
        .createIndex('token_network_new')
        .on('token_network')
        .columns(['first_at', 'token_id', 'network'])
        .where(sql<SqlBool>`is_known = 0`)
        .execute();
      await schema.createIndex('token_network_by_age').on('token_network').column('last_at').execute();
      await schema
        .createTable('failure_hour')
        .addColumn('hour', integer, (column) => column.notNull())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('network', text, (column) => column.notNull())
        .addColumn('count', integer, (column) => column.notNull())
        .addColumn('last_at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('failure_hour_key', ['hour', 'kind', 'network'])
        .modifyEnd(keyed)
        .execute();
      await schema
        .createIndex('usage_hour_refused')
        .on('usage_hour')
        .columns(['hour', 'token_id', 'count'])
        .where(sql<SqlBool>`outcome <> 'ok' and outcome <> 'rate_limited'`)
        .execute();
    },
  };
}
