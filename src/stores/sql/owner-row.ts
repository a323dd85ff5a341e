import type { MembershipRecord, OwnerRecord, RoleRecord, WorkspaceRecord } from '../../ports/index.ts';
import { parseMetadata, parseShared } from './json.ts';
import { fold } from './paging.ts';
import type { MembershipTable, OwnerTable, RoleTable, WorkspaceTable } from './schema.ts';

export const ownerColumns = [
  'id',
  'kind',
  'external_id',
  'name',
  'email',
  'disabled_at',
  'disabled_by_provider_at',
  'deleted_at',
  'metadata',
  'created_at',
] as const satisfies readonly (keyof OwnerTable)[];

export const workspaceColumns = [
  'id',
  'external_id',
  'name',
  'is_home',
  'disabled_at',
  'metadata',
  'created_at',
] as const satisfies readonly (keyof WorkspaceTable)[];

export const roleColumns = [
  'id',
  'name',
  'permissions',
  'everything',
  'built_in',
  'created_at',
] as const satisfies readonly (keyof RoleTable)[];

export type OwnerRow = Pick<OwnerTable, (typeof ownerColumns)[number]>;

export function toOwner(row: OwnerRow): OwnerRecord {
  return {
    id: row.id,
    kind: row.kind as OwnerRecord['kind'],
    externalId: row.external_id,
    name: row.name,
    email: row.email,
    disabledAt: row.disabled_at,
    disabledByProviderAt: row.disabled_by_provider_at,
    deletedAt: row.deleted_at,
    metadata: parseMetadata(row.metadata),
    createdAt: row.created_at,
  };
}

export function toWorkspace(row: WorkspaceTable): WorkspaceRecord {
  return {
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    isHome: row.is_home === 1,
    disabledAt: row.disabled_at,
    metadata: parseMetadata(row.metadata),
    createdAt: row.created_at,
  };
}

export function toRole(row: RoleTable): RoleRecord {
  return {
    id: row.id,
    name: row.name,
    permissions: parseShared(row.permissions),
    everything: row.everything === 1,
    builtIn: row.built_in === 1,
    createdAt: row.created_at,
  };
}

export function toMembership(row: MembershipTable, roleIds: readonly string[]): MembershipRecord {
  return {
    ownerId: row.owner_id,
    workspaceId: row.workspace_id,
    permissions: parseShared(row.permissions),
    roleIds,
    createdAt: row.created_at,
  };
}

/** How each field is written; the type makes forgetting one an error. */
const columnsOf: { readonly [Field in keyof OwnerRecord]: (value: OwnerRecord[Field]) => Partial<OwnerTable> } = {
  id: (id) => ({ id }),
  kind: (kind) => ({ kind }),
  externalId: (external_id) => ({ external_id, external_id_folded: foldNullable(external_id) }),
  name: (name) => ({ name, name_folded: foldNullable(name) }),
  email: (email) => ({ email }),
  disabledAt: (disabled_at) => ({ disabled_at }),
  disabledByProviderAt: (disabled_by_provider_at) => ({ disabled_by_provider_at }),
  deletedAt: (deleted_at) => ({ deleted_at }),
  metadata: (metadata) => ({ metadata: JSON.stringify(metadata) }),
  createdAt: (created_at) => ({ created_at }),
};

export function toOwnerRow(owner: OwnerRecord): OwnerTable {
  return toOwnerPatchRow(owner) as OwnerTable;
}

export function toOwnerPatchRow(patch: Partial<OwnerRecord>): Partial<OwnerTable> {
  const row: Partial<OwnerTable> = {};
  for (const [field, value] of Object.entries(patch)) {
    const columns = columnsOf[field as keyof OwnerRecord] as (value: unknown) => Partial<OwnerTable>;
    if (value !== undefined) Object.assign(row, columns(value));
  }
  return row;
}

function foldNullable(text: string | null): string | null {
  return text === null ? null : fold(text);
}
