import type { IdentityWrites } from '../../ports/index.ts';
import type { Session } from './session.ts';

export function identityWrites({ db }: Session): IdentityWrites {
  return {
    async find(by) {
      const row = await db
        .selectFrom('linked_identity')
        .selectAll()
        .where('issuer', '=', by.issuer)
        .$if('subject' in by, (query) => query.where('subject', '=', 'subject' in by ? by.subject : ''))
        .$if('ownerId' in by, (query) => query.where('owner_id', '=', 'ownerId' in by ? by.ownerId : ''))
        .executeTakeFirst();
      if (row === undefined) return null;
      return { issuer: row.issuer, subject: row.subject, ownerId: row.owner_id, linkedAt: row.linked_at };
    },

    async put({ issuer, subject, ownerId, linkedAt }) {
      await db
        .deleteFrom('linked_identity')
        .where('issuer', '=', issuer)
        .where((either) => either.or([either('subject', '=', subject), either('owner_id', '=', ownerId)]))
        .execute();
      await db
        .insertInto('linked_identity')
        .values({ issuer, subject, owner_id: ownerId, linked_at: linkedAt })
        .execute();
    },

    async deleteOf(ownerId) {
      const gone = await db
        .deleteFrom('linked_identity')
        .where('owner_id', '=', ownerId)
        .returning('owner_id')
        .execute();
      return gone.length > 0;
    },
  };
}
