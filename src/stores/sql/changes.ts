import type { ChangeFeed, ChangeWrites, Subject } from '../../ports/index.ts';
import type { Session } from './session.ts';

export function changeFeed({ db }: Session): ChangeFeed {
  return {
    async newest() {
      const { seq } = await db.selectFrom('auth_epoch').select('seq').executeTakeFirstOrThrow();
      return seq;
    },

    async readAfter(seq, limit) {
      // Up to the end of the sequence that the limit falls into: whoever reads on from the last one must not miss its rest.
      const rows = await db
        .selectFrom('change_log')
        .select(['seq', 'kind', 'subject_id'])
        .where('seq', '>', seq)
        .where('seq', '<=', (entries) =>
          entries
            .selectFrom((first) =>
              first
                .selectFrom('change_log')
                .select('seq')
                .where('seq', '>', seq)
                .orderBy('seq')
                .limit(limit)
                .as('first'),
            )
            .select((select) => select.fn.max('first.seq').as('last')),
        )
        .orderBy('seq')
        .orderBy('kind')
        .orderBy('subject_id')
        .execute();
      return rows.map((row) => ({ seq: row.seq, kind: row.kind as Subject['kind'], id: row.subject_id }));
    },
  };
}

export function changeWrites({ db }: Session): ChangeWrites {
  return {
    async append(subjects, at) {
      const { seq } = await db
        .updateTable('auth_epoch')
        .set((epoch) => ({ seq: epoch('seq', '+', 1) }))
        .returning('seq')
        .executeTakeFirstOrThrow();
      const rows = subjects.map(({ kind, id }) => ({ seq, kind, subject_id: id, at }));
      if (rows.length > 0) {
        await db
          .insertInto('change_log')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      return seq;
    },
  };
}
