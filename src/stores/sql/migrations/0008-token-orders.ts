import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Lists of tokens by name and by expiry, without sorting them all for a page. */
export function tokenOrders(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await schema.createIndex('token_by_name').on('token').columns(['name_folded', 'id']).execute();
      await schema.createIndex('token_by_expiry').on('token').columns(['expires_at', 'id']).execute();
    },
  };
}
