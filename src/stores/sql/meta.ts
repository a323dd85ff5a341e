import type { Session } from './session.ts';

/** Facts about the store itself: its id, the canaries of the peppers. Small texts by name. */
export interface MetaTable {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
  /** Writes unless there is a value already; returns the one in force. Of two processes starting together one wins. */
  putIfAbsent(key: string, value: string): Promise<string>;
}

export function metaTable(writes: Session, reads: Session): MetaTable {
  async function get(key: string): Promise<string | null> {
    const row = await reads.db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
    return row?.value ?? null;
  }

  return {
    get,

    async put(key, value) {
      await writes.db
        .insertInto('meta')
        .values({ key, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
    },

    async putIfAbsent(key, value) {
      await writes.db
        .insertInto('meta')
        .values({ key, value })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
      return (await get(key)) ?? value;
    },
  };
}
