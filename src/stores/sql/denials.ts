import { sql } from 'kysely';
import type { DenialDoor, DenialLog, DenialRecord } from '../../ports/index.ts';
import { toPage } from './paging.ts';
import type { DenialTable } from './schema.ts';
import type { Session } from './session.ts';

/** Rows per statement: fourteen values each, well below what either database binds. */
const ROWS_PER_INSERT = 200;
/** Deleted at once; more would keep the writer from others. */
const ROWS_PER_DELETE = 1_000;

/** Reads go to `reads`, which may be another connection than the one that writes. */
export function denialLog({ db: writes }: Session, { db: reads }: Session): DenialLog {
  const deleteWhile = async (deleteSome: () => Promise<{ numDeletedRows: bigint }>) => {
    while ((await deleteSome()).numDeletedRows > 0n);
  };

  return {
    async add(records) {
      for (let from = 0; from < records.length; from += ROWS_PER_INSERT) {
        const rows = records.slice(from, from + ROWS_PER_INSERT).map(rowOf);
        await writes
          .insertInto('denial')
          .values(rows)
          .onConflict((conflict) => conflict.column('request_id').doNothing())
          .execute();
      }
    },

    async find(requestId) {
      const row = await reads.selectFrom('denial').selectAll().where('request_id', '=', requestId).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },

    async list(filter, { limit, after }) {
      const { reason, tokenId, lineageId, ownerId, workspaceId, ip, from, to } = filter;
      let query = reads.selectFrom('denial').selectAll();
      if (reason !== undefined) query = query.where('reason', '=', reason);
      if (tokenId !== undefined) query = query.where('token_id', '=', tokenId);
      if (lineageId !== undefined) query = query.where('lineage_id', '=', lineageId);
      if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
      if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
      if (ip !== undefined) query = query.where('ip', '=', ip);
      if (from !== undefined) query = query.where('at', '>=', from);
      if (to !== undefined) query = query.where('at', '<', to);
      if (after !== null) query = query.where(sql<boolean>`(at, request_id) < (${after.at}, ${after.id})`);
      const rows = await query
        .orderBy('at', 'desc')
        .orderBy('request_id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, recordOf, ({ at, request_id }) => ({ at, id: request_id }));
    },

    async tallyUnknown({ workspaceId, from, to }) {
      let query = reads.selectFrom('denial').where('is_known', '=', 0).where('at', '>=', from).where('at', '<', to);
      if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
      return query
        .select((select) => ['reason', select.fn.countAll<number>().as('count')])
        .groupBy('reason')
        .orderBy('count', 'desc')
        .orderBy('reason')
        .execute();
    },

    async trim(before, rowsMax) {
      const oldest = () =>
        writes.selectFrom('denial').select('request_id').orderBy('at').orderBy('request_id').limit(ROWS_PER_DELETE);
      await deleteWhile(() =>
        writes
          .deleteFrom('denial')
          .where('request_id', 'in', oldest().where('at', '<', before))
          .executeTakeFirstOrThrow(),
      );
      for (const isKnown of [0, 1]) {
        const beyond = await writes
          .selectFrom('denial')
          .select(['at', 'request_id'])
          .where('is_known', '=', isKnown)
          .orderBy('at', 'desc')
          .orderBy('request_id', 'desc')
          .offset(Math.floor(rowsMax / 2))
          .limit(1)
          .executeTakeFirst();
        if (beyond === undefined) continue;
        const tooMany = oldest()
          .where('is_known', '=', isKnown)
          .where(sql<boolean>`(at, request_id) <= (${beyond.at}, ${beyond.request_id})`);
        await deleteWhile(() =>
          writes.deleteFrom('denial').where('request_id', 'in', tooMany).executeTakeFirstOrThrow(),
        );
      }
    },
  };
}

function rowOf(record: DenialRecord): DenialTable {
  return {
    request_id: record.requestId,
    at: record.at,
    is_known: record.lineageId === null ? 0 : 1,
    door: record.door,
    method: record.method,
    path: record.path,
    reason: record.reason,
    cause: record.cause,
    ip: record.ip,
    token_id: record.tokenId,
    lineage_id: record.lineageId,
    owner_id: record.ownerId,
    workspace_id: record.workspaceId,
    details: JSON.stringify(record.details),
  };
}

function recordOf(row: DenialTable): DenialRecord {
  return {
    requestId: row.request_id,
    at: row.at,
    door: row.door as DenialDoor,
    method: row.method,
    path: row.path,
    reason: row.reason,
    cause: row.cause,
    ip: row.ip,
    tokenId: row.token_id,
    lineageId: row.lineage_id,
    ownerId: row.owner_id,
    workspaceId: row.workspace_id,
    details: JSON.parse(row.details),
  };
}
