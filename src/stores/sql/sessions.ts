import type { Kysely } from 'kysely';
import type { SessionRecord, SessionRow, SessionWrites } from '../../ports/index.ts';
import {
  type OwnerRow,
  ownerColumns,
  roleColumns,
  toMembership,
  toOwner,
  toRole,
  toWorkspace,
  workspaceColumns,
} from './owner-row.ts';
import type { MembershipTable, RoleTable, Schema, SessionTable, WorkspaceTable } from './schema.ts';
import type { Session } from './session.ts';

export const sessionColumns = [
  'id',
  'digest',
  'owner_id',
  'workspace_id',
  'created_at',
  'last_used_at',
  'expires_at',
  'ip',
  'user_agent',
] as const satisfies readonly (keyof SessionTable)[];

const membershipColumns = ['owner_id', 'workspace_id', 'permissions', 'created_at'] as const;

const OWNER = sessionColumns.length;
const WORKSPACE = OWNER + ownerColumns.length;
const MEMBERSHIP = WORKSPACE + workspaceColumns.length;
const ROLE = MEMBERSHIP + membershipColumns.length;

/** A session with all it stands on, one row per role. Its rows are read as arrays in the order of the lists above. */
export function compileSession(db: Kysely<Schema>): string {
  return db
    .selectFrom('session as s')
    .innerJoin('owner as o', 'o.id', 's.owner_id')
    .innerJoin('workspace as w', 'w.id', 's.workspace_id')
    .leftJoin('membership as m', (join) =>
      join.onRef('m.owner_id', '=', 's.owner_id').onRef('m.workspace_id', '=', 's.workspace_id'),
    )
    .leftJoin('membership_role as mr', (join) =>
      join.onRef('mr.owner_id', '=', 'm.owner_id').onRef('mr.workspace_id', '=', 'm.workspace_id'),
    )
    .leftJoin('role as r', 'r.id', 'mr.role_id')
    .select(sessionColumns.map((column) => `s.${column} as s_${column}` as const))
    .select(ownerColumns.map((column) => `o.${column} as o_${column}` as const))
    .select(workspaceColumns.map((column) => `w.${column} as w_${column}` as const))
    .select(membershipColumns.map((column) => `m.${column} as m_${column}` as const))
    .select(roleColumns.map((column) => `r.${column} as r_${column}` as const))
    .where('s.digest', '=', '')
    .compile().sql;
}

export function toSessionRow(rows: readonly (readonly unknown[])[]): SessionRow | null {
  const first = rows[0];
  if (first === undefined) return null;
  const roles = rows.flatMap((row) => (row[ROLE] === null ? [] : [toRole(slice<RoleTable>(row, roleColumns, ROLE))]));
  return {
    session: toSession(slice<SessionTable>(first, sessionColumns, 0)),
    owner: toOwner(slice<OwnerRow>(first, ownerColumns, OWNER)),
    workspace: toWorkspace(slice<WorkspaceTable>(first, workspaceColumns, WORKSPACE)),
    membership:
      first[MEMBERSHIP] === null
        ? null
        : toMembership(
            slice<MembershipTable>(first, membershipColumns, MEMBERSHIP),
            roles.map(({ id }) => id),
          ),
    roles,
  };
}

export function toSession(row: SessionTable): SessionRecord {
  return {
    id: row.id,
    digest: row.digest,
    ownerId: row.owner_id,
    workspaceId: row.workspace_id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    ip: row.ip,
    userAgent: row.user_agent,
  };
}

/** Newest first. */
export async function listSessions(db: Kysely<Schema>, ownerId: string): Promise<SessionRecord[]> {
  const rows = await db
    .selectFrom('session')
    .select(sessionColumns)
    .where('owner_id', '=', ownerId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toSession);
}

export function sessionWrites({ db }: Session): SessionWrites {
  return {
    async insert(session) {
      await db
        .insertInto('session')
        .values({
          id: session.id,
          digest: session.digest,
          owner_id: session.ownerId,
          workspace_id: session.workspaceId,
          created_at: session.createdAt,
          last_used_at: session.lastUsedAt,
          expires_at: session.expiresAt,
          ip: session.ip,
          user_agent: session.userAgent,
        })
        .execute();
    },

    list: (ownerId) => listSessions(db, ownerId),

    async touch(id, at) {
      await db
        .updateTable('session')
        .set({ last_used_at: at })
        .where('id', '=', id)
        .where('last_used_at', '<', at)
        .execute();
    },

    async moveTo(id, workspaceId) {
      await db.updateTable('session').set({ workspace_id: workspaceId }).where('id', '=', id).execute();
    },

    async end(ownerId, which) {
      let query = db.deleteFrom('session').where('owner_id', '=', ownerId);
      if ('id' in which) query = query.where('id', '=', which.id);
      else if (which.exceptId !== null) query = query.where('id', '!=', which.exceptId);
      const rows = await query.returning('id').execute();
      return rows.map(({ id }) => id).sort();
    },

    async purge(now, idleSince) {
      await db
        .deleteFrom('session')
        .where((where) => where.or([where('expires_at', '<=', now), where('last_used_at', '<=', idleSince)]))
        .execute();
    },
  };
}

function slice<Row>(values: readonly unknown[], columns: readonly (keyof Row)[], from: number): Row {
  const row = {} as Record<keyof Row, unknown>;
  columns.forEach((column, index) => {
    row[column] = values[from + index];
  });
  return row as Row;
}
