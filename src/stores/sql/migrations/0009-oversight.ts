import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The audit log by request, as somebody asks who has nothing but the id of an answer. */
export function auditRequests(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const columns = ['request_id', 'seq'] as const;
      await db.schema
        .createIndex('audit_event_by_request_id')
        .on('audit_event')
        .columns([...columns])
        .execute();
    },
  };
}

/** What every token did in the last hours, without reading what each of them ever did. */
export function usageByHour(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.createIndex('usage_hour_by_hour').on('usage_hour').columns(['hour']).execute();
    },
  };
}
