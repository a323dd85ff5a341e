import type { NoticeWrites } from '../../ports/index.ts';
import type { Session } from './session.ts';

export function noticeWrites({ db }: Session): NoticeWrites {
  return {
    async once(key, at) {
      // On PostgreSQL it waits for whoever has just taken the key, and takes it if that one rolls back.
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('notice')
        .values({ key, at })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async count(keys) {
      if (keys.length === 0) return 0;
      const { count } = await db
        .selectFrom('notice')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('key', 'in', keys)
        .executeTakeFirstOrThrow();
      return count;
    },
  };
}
