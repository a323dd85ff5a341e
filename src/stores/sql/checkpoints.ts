import type { CheckpointReads, CheckpointRecord, CheckpointWrites } from '../../ports/index.ts';
import { toPage } from './paging.ts';
import type { AuditCheckpointTable } from './schema.ts';
import type { Session } from './session.ts';

export function checkpointReads({ db }: Session): CheckpointReads {
  const all = db.selectFrom('audit_checkpoint').selectAll();
  return {
    async newest() {
      const row = await all.orderBy('number', 'desc').limit(1).executeTakeFirst();
      return row === undefined ? null : toCheckpoint(row);
    },

    async list({ limit, after }) {
      const from = after === null ? all : all.where('number', '<', Number(after.at));
      const rows = await from
        .orderBy('number', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toCheckpoint, ({ number }) => ({ at: number, id: '' }));
    },

    async read(afterNumber, limit) {
      const rows = await all.where('number', '>', afterNumber).orderBy('number').limit(limit).execute();
      return rows.map(toCheckpoint);
    },

    async undelivered(limit) {
      const rows = await all.where('delivered_at', 'is', null).orderBy('number').limit(limit).execute();
      return rows.map(toCheckpoint);
    },
  };
}

export function checkpointWrites({ db, rowLocks }: Session): CheckpointWrites {
  return {
    async lockHead() {
      const { audit_seq, audit_hash } = await db
        .selectFrom('auth_epoch')
        .select(['audit_seq', 'audit_hash'])
        .$if(rowLocks, (locked) => locked.forUpdate())
        .executeTakeFirstOrThrow();
      return { head: { seq: audit_seq, hash: audit_hash }, newest: await checkpointReads({ db, rowLocks }).newest() };
    },

    async insert({ number, seq, hash, at, storeId, kid, signature }) {
      await db
        .insertInto('audit_checkpoint')
        .values({ number, seq, hash, at, store_id: storeId, kid, signature, delivered_at: null })
        .execute();
    },

    async noteDelivered(number, at) {
      await db.updateTable('audit_checkpoint').set({ delivered_at: at }).where('number', '=', number).execute();
    },
  };
}

function toCheckpoint(row: AuditCheckpointTable): CheckpointRecord {
  const { number, seq, hash, at, kid, signature } = row;
  return { storeId: row.store_id, number, seq, hash, at, kid, signature, deliveredAt: row.delivered_at };
}
