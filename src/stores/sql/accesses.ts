import { sql } from 'kysely';
import type { AgentClass } from '../../policy/index.ts';
import type { AccessLog, AccessRecord, DenialDoor } from '../../ports/index.ts';
import { toPage } from './paging.ts';
import type { AccessTable } from './schema.ts';
import type { Session } from './session.ts';

/** Rows per statement: twelve values each, well below what either database binds. */
const ROWS_PER_INSERT = 200;
/** Deleted at once; more would keep the writer from others. */
const ROWS_PER_DELETE = 1_000;

/** Reads go to `reads`, which may be another connection than the one that writes. */
export function accessLog({ db: writes }: Session, { db: reads }: Session): AccessLog {
  return {
    async add(records) {
      for (let from = 0; from < records.length; from += ROWS_PER_INSERT) {
        await writes
          .insertInto('access')
          .values(records.slice(from, from + ROWS_PER_INSERT).map(rowOf))
          .onConflict((conflict) => conflict.column('request_id').doNothing())
          .execute();
      }
    },

    async list({ tokenId, lineageId, ownerId, workspaceId, ip, from, to }, { limit, after }) {
      let query = reads.selectFrom('access').selectAll();
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

    async trim(before, rowsMax) {
      const beyond = await writes
        .selectFrom('access')
        .select('at')
        .orderBy('at', 'desc')
        .orderBy('request_id', 'desc')
        .offset(rowsMax)
        .limit(1)
        .executeTakeFirst();
      const oldest = Math.max(before, beyond === undefined ? before : beyond.at + 1);
      const some = () =>
        writes.selectFrom('access').select('request_id').where('at', '<', oldest).limit(ROWS_PER_DELETE);
      const deleteSome = () => writes.deleteFrom('access').where('request_id', 'in', some()).executeTakeFirstOrThrow();
      while ((await deleteSome()).numDeletedRows > 0n);
    },

    async eraseAddresses(ownerId) {
      const erased = await writes
        .updateTable('access')
        .set({ ip: null })
        .where('owner_id', '=', ownerId)
        .where('ip', 'is not', null)
        .executeTakeFirst();
      return Number(erased.numUpdatedRows);
    },
  };
}

function rowOf(record: AccessRecord): AccessTable {
  return {
    request_id: record.requestId,
    at: record.at,
    door: record.door,
    method: record.method,
    path: record.path,
    agent: record.agent,
    ip: record.ip,
    token_id: record.tokenId,
    lineage_id: record.lineageId,
    owner_id: record.ownerId,
    workspace_id: record.workspaceId,
    details: JSON.stringify(record.details),
  };
}

function recordOf(row: AccessTable): AccessRecord {
  return {
    requestId: row.request_id,
    at: row.at,
    door: row.door as DenialDoor,
    method: row.method,
    path: row.path,
    reason: 'ok',
    cause: 'ok',
    agent: row.agent as AgentClass,
    ip: row.ip,
    tokenId: row.token_id,
    lineageId: row.lineage_id,
    ownerId: row.owner_id,
    workspaceId: row.workspace_id,
    details: JSON.parse(row.details),
  };
}
