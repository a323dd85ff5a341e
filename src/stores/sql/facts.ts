import { type Kysely, sql } from 'kysely';
import type { FactsRow } from '../../ports/index.ts';
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
import type { MembershipTable, RoleTable, Schema, WorkspaceTable } from './schema.ts';
import { type TokenRow, tokenColumns, toToken } from './token-row.ts';

const membershipColumns = ['owner_id', 'workspace_id', 'permissions', 'created_at'] as const;

/** 0 before a profile was applied. */
const newestVersion = sql<number>`coalesce(max(version), 0)`.as('version');

/** Where each table's columns begin in the select list. */
const OWNER = tokenColumns.length;
const WORKSPACE = OWNER + ownerColumns.length;
const MEMBERSHIP = WORKSPACE + workspaceColumns.length;
const ROLE = MEMBERSHIP + membershipColumns.length;
const PROFILE_VERSION = ROLE + roleColumns.length;
const AS_OF = PROFILE_VERSION + 1;

/**
 * The one statement validity is decided from: a token with all it points to, one row per role, and the sequence of the
 * snapshot. Compiled once; its rows are read as arrays in the order of the lists above.
 */
export function compileFacts(db: Kysely<Schema>, by: 'digest' | 'id', count: number): string {
  return db
    .selectFrom('token as t')
    .innerJoin('owner as o', 'o.id', 't.owner_id')
    .innerJoin('workspace as w', 'w.id', 't.workspace_id')
    .leftJoin('membership as m', (join) =>
      join.onRef('m.owner_id', '=', 't.owner_id').onRef('m.workspace_id', '=', 't.workspace_id'),
    )
    .leftJoin('membership_role as mr', (join) =>
      join.onRef('mr.owner_id', '=', 'm.owner_id').onRef('mr.workspace_id', '=', 'm.workspace_id'),
    )
    .leftJoin('role as r', 'r.id', 'mr.role_id')
    .select(tokenColumns.map((column) => `t.${column} as t_${column}` as const))
    .select(ownerColumns.map((column) => `o.${column} as o_${column}` as const))
    .select(workspaceColumns.map((column) => `w.${column} as w_${column}` as const))
    .select(membershipColumns.map((column) => `m.${column} as m_${column}` as const))
    .select(roleColumns.map((column) => `r.${column} as r_${column}` as const))
    .select((facts) => facts.selectFrom('profile_version').select(newestVersion).as('profile_version'))
    .select((facts) => facts.selectFrom('auth_epoch').select('seq').as('as_of'))
    .where(`t.${by}`, 'in', Array<string>(count).fill(''))
    .compile().sql;
}

export function toFacts(rows: readonly (readonly unknown[])[]): FactsRow | null {
  const first = rows[0];
  if (first === undefined) return null;
  const roles = rows.flatMap((row) => (row[ROLE] === null ? [] : [toRole(slice<RoleTable>(row, roleColumns, ROLE))]));
  const isMember = first[MEMBERSHIP] !== null;
  return {
    token: toToken(slice<TokenRow>(first, tokenColumns, 0)),
    owner: toOwner(slice<OwnerRow>(first, ownerColumns, OWNER)),
    membership: isMember
      ? toMembership(
          slice<MembershipTable>(first, membershipColumns, MEMBERSHIP),
          roles.map((role) => role.id),
        )
      : null,
    roles,
    workspace: toWorkspace(slice<WorkspaceTable>(first, workspaceColumns, WORKSPACE)),
    profileVersion: first[PROFILE_VERSION] as number,
    asOf: first[AS_OF] as number,
  };
}

function slice<Row>(values: readonly unknown[], columns: readonly (keyof Row)[], from: number): Row {
  const row = {} as Record<keyof Row, unknown>;
  columns.forEach((column, index) => {
    row[column] = values[from + index];
  });
  return row as Row;
}
