import type { ImportWrites } from '../../ports/index.ts';
import type { Session } from './session.ts';

export function importWrites({ db }: Session): ImportWrites {
  return {
    async find(source, foreignId) {
      const row = await db
        .selectFrom('imported_token')
        .select('token_id')
        .where('source', '=', source)
        .where('foreign_id', '=', foreignId)
        .executeTakeFirst();
      return row?.token_id ?? null;
    },

    async foreignId(source, tokenId) {
      const row = await db
        .selectFrom('imported_token')
        .select('foreign_id')
        .where('token_id', '=', tokenId)
        .where('source', '=', source)
        .executeTakeFirst();
      return row?.foreign_id ?? null;
    },

    async note(source, foreignId, tokenId, at) {
      await db.insertInto('imported_token').values({ source, foreign_id: foreignId, token_id: tokenId, at }).execute();
    },
  };
}
