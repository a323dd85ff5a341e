import { sql } from 'kysely';
import type { ActorRef, AlertFilter, AlertKind, AlertReads, AlertRecord, AlertWrites } from '../../ports/index.ts';
import { byAge, isAfter, toPage } from './paging.ts';
import type { AlertTable } from './schema.ts';
import type { Session } from './session.ts';

const ROWS_PER_DELETE = 1_000;

export function alertReads({ db }: Pick<Session, 'db'>): AlertReads {
  const found = ({ kind, isOpen, lineageId, workspaceId, since }: AlertFilter) => {
    let query = db.selectFrom('alert');
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (isOpen !== undefined) query = query.where('acknowledged_at', isOpen ? 'is' : 'is not', null);
    if (lineageId !== undefined) query = query.where('lineage_id', '=', lineageId);
    if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
    if (since !== undefined) query = query.where('created_at', '>=', since);
    return query;
  };
  return {
    async find(id) {
      const row = await db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toAlert(row);
    },

    async list(filter, { limit, after }) {
      let query = found(filter).selectAll();
      if (after !== null) query = query.where(isAfter(after));
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toAlert, byAge);
    },

    async count(filter, max) {
      const { count } = await db
        .selectFrom(found(filter).select('id').limit(max).as('found'))
        .select((select) => select.fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

export function alertWrites({ db, rowLocks }: Session): AlertWrites {
  const locked = async (column: 'id' | 'key', value: string) => {
    const row = await db
      .selectFrom('alert')
      .selectAll()
      .where(column, '=', value)
      .$if(rowLocks, (query) => query.forUpdate())
      .executeTakeFirst();
    return row === undefined ? null : toAlert(row);
  };
  return {
    lock: (id) => locked('id', id),
    lockByKey: (key) => locked('key', key),

    async insert(alert) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('alert')
        .values({
          id: alert.id,
          key: alert.key,
          kind: alert.kind,
          token_id: alert.tokenId,
          lineage_id: alert.lineageId,
          owner_id: alert.ownerId,
          workspace_id: alert.workspaceId,
          created_at: alert.createdAt,
          ...columnsOf(alert),
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async update(id, patch) {
      await db.updateTable('alert').set(columnsOf(patch)).where('id', '=', id).execute();
    },

    async eraseNetworks(ownerId) {
      const { numUpdatedRows } = await db
        .updateTable('alert')
        .set({ networks: '[]' })
        .where('owner_id', '=', ownerId)
        .where('networks', '!=', '[]')
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },

    async position(name) {
      const row = await db.selectFrom('alert_watch').select('position').where('name', '=', name).executeTakeFirst();
      return row?.position ?? null;
    },

    async moveTo(name, position) {
      await db
        .insertInto('alert_watch')
        .values({ name, position })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ position }))
        .execute();
    },

    async trim(before, rowsMax) {
      const oldest = () =>
        db.selectFrom('alert').select('id').orderBy('created_at').orderBy('id').limit(ROWS_PER_DELETE);
      await db
        .deleteFrom('alert')
        .where('id', 'in', oldest().where('created_at', '<', before))
        .execute();
      const beyond = await db
        .selectFrom('alert')
        .select(['created_at', 'id'])
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .offset(rowsMax)
        .limit(1)
        .executeTakeFirst();
      if (beyond === undefined) return;
      const tooMany = oldest().where(sql<boolean>`(created_at, id) <= (${beyond.created_at}, ${beyond.id})`);
      await db.deleteFrom('alert').where('id', 'in', tooMany).execute();
    },
  };
}

function columnsOf(
  patch: Parameters<AlertWrites['update']>[1],
): Pick<AlertTable, 'networks' | 'first_at' | 'last_at' | 'count'>;
function columnsOf(patch: Parameters<AlertWrites['update']>[1]): Partial<AlertTable> {
  const { networks, firstAt, lastAt, count, acknowledgedAt, acknowledgedBy, note } = patch;
  return {
    ...(networks !== undefined && { networks: JSON.stringify(networks) }),
    ...(firstAt !== undefined && { first_at: firstAt }),
    ...(lastAt !== undefined && { last_at: lastAt }),
    ...(count !== undefined && { count }),
    ...(acknowledgedAt !== undefined && { acknowledged_at: acknowledgedAt }),
    ...(acknowledgedBy !== undefined && {
      acknowledged_by_kind: acknowledgedBy?.kind ?? null,
      acknowledged_by_id: acknowledgedBy?.id ?? null,
    }),
    ...(note !== undefined && { note }),
  };
}

function toAlert(row: AlertTable): AlertRecord {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind as AlertKind,
    tokenId: row.token_id,
    lineageId: row.lineage_id,
    ownerId: row.owner_id,
    workspaceId: row.workspace_id,
    networks: JSON.parse(row.networks),
    firstAt: row.first_at,
    lastAt: row.last_at,
    count: row.count,
    createdAt: row.created_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy:
      row.acknowledged_by_kind === null
        ? null
        : { kind: row.acknowledged_by_kind as ActorRef['kind'], id: row.acknowledged_by_id },
    note: row.note,
  };
}
