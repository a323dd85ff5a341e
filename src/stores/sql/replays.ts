import type { ReplayWrites } from '../../ports/index.ts';
import type { Session } from './session.ts';

export function replayWrites({ db }: Session): ReplayWrites {
  return {
    async findIdempotency(keyDigest, at) {
      // An expired row must not stand in the way of the same key's next use.
      await db.deleteFrom('idempotency').where('key_digest', '=', keyDigest).where('expires_at', '<=', at).execute();
      const row = await db
        .selectFrom('idempotency')
        .select(['key_digest', 'body_digest', 'token_id', 'expires_at'])
        .where('key_digest', '=', keyDigest)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        keyDigest: row.key_digest,
        bodyDigest: row.body_digest,
        tokenId: row.token_id,
        expiresAt: row.expires_at,
      };
    },

    async insertIdempotency({ keyDigest, bodyDigest, tokenId, expiresAt }) {
      await db
        .insertInto('idempotency')
        .values({ key_digest: keyDigest, body_digest: bodyDigest, token_id: tokenId, expires_at: expiresAt })
        .execute();
    },

    async insertSealed({ tokenId, predecessorId, sealed, expiresAt }) {
      await db
        .insertInto('sealed_value')
        .values({ token_id: tokenId, predecessor_id: predecessorId, sealed, expires_at: expiresAt })
        .execute();
    },

    async findSealed(predecessorId, at) {
      const row = await db
        .selectFrom('sealed_value')
        .select(['token_id', 'predecessor_id', 'sealed', 'expires_at'])
        .where('predecessor_id', '=', predecessorId)
        .where('expires_at', '>', at)
        .orderBy('expires_at', 'desc')
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        tokenId: row.token_id,
        predecessorId: row.predecessor_id,
        sealed: row.sealed,
        expiresAt: row.expires_at,
      };
    },

    async eraseSealed(tokenIds) {
      if (tokenIds.length === 0) return;
      await db
        .deleteFrom('sealed_value')
        .where((where) => where.or([where('token_id', 'in', tokenIds), where('predecessor_id', 'in', tokenIds)]))
        .execute();
    },

    async purgeExpired(at) {
      await db.deleteFrom('idempotency').where('expires_at', '<=', at).execute();
      await db.deleteFrom('sealed_value').where('expires_at', '<=', at).execute();
    },
  };
}
