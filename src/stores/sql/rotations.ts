import type { RotationWrites } from '../../ports/index.ts';
import type { Session } from './session.ts';

export function rotationWrites({ db }: Session): RotationWrites {
  return {
    async lookAt(tokenId, at) {
      await db.updateTable('token').set({ rotation_next_at: at }).where('id', '=', tokenId).execute();
    },

    async nextLookAt(tokenId) {
      const row = await db.selectFrom('token').select('rotation_next_at').where('id', '=', tokenId).executeTakeFirst();
      return row?.rotation_next_at ?? null;
    },

    async findDue(now, limit) {
      const rows = await db
        .selectFrom('token')
        .select('id')
        .where('rotation_next_at', 'is not', null)
        .where('rotation_next_at', '<=', now)
        .orderBy('rotation_next_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    async insertLink({ digest, tokenId, recipient, createdAt, expiresAt }) {
      await db
        .insertInto('claim_link')
        .values({ digest, token_id: tokenId, recipient, created_at: createdAt, expires_at: expiresAt })
        .execute();
    },

    async findLink(digest) {
      const row = await db.selectFrom('claim_link').selectAll().where('digest', '=', digest).executeTakeFirst();
      if (row === undefined) return null;
      const { token_id: tokenId, recipient, created_at: createdAt, expires_at: expiresAt } = row;
      return { digest, tokenId, recipient, createdAt, expiresAt };
    },

    async shortenLinks(tokenId, at) {
      await db
        .updateTable('claim_link')
        .set({ expires_at: at })
        .where('token_id', '=', tokenId)
        .where('expires_at', '>', at)
        .execute();
    },

    async purgeLinks(at) {
      await db.deleteFrom('claim_link').where('expires_at', '<=', at).execute();
    },
  };
}
