import type { Outbox } from '../../ports/index.ts';
import type { Session } from './session.ts';

export function outboxWrites({ db }: Session): Outbox {
  return {
    async put({ id, template, to, locale, data, sealed, createdAt }) {
      await db
        .insertInto('outbox')
        .values({
          id,
          template,
          recipient: to,
          locale,
          data: JSON.stringify(data),
          sealed,
          state: 'pending',
          attempts: 0,
          next_at: createdAt,
          last_error: null,
          created_at: createdAt,
          sent_at: null,
        })
        .execute();
    },
  };
}
