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

    async note(source, foreignId, tokenId, at) {
      await db.insertInto('imported_token').values({ source, foreign_id: foreignId, token_id: tokenId, at }).execute();
    },
  };
}
