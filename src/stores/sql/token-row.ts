import type { ActorRef, RotationSetting, TokenPatch, TokenRecord } from '../../ports/index.ts';
import { parseMetadata, parseNullable, parseShared, stringifyNullable } from './json.ts';
import { fold } from './paging.ts';
import type { TokenTable } from './schema.ts';

/** What is read of a token, in the order of the facts statement. */
export const tokenColumns = [
  'id',
  'lineage_id',
  'kind',
  'parent_id',
  'client_id',
  'name',
  'description',
  'hint',
  'environment',
  'digest',
  'digest_scheme',
  'pepper_version',
  'owner_id',
  'workspace_id',
  'grant_mode',
  'grant_value',
  'ip_allowlist',
  'expires_at',
  'expiry_explicit',
  'limits',
  'rotation',
  'metadata',
  'created_at',
  'created_by_kind',
  'created_by_id',
  'disabled_at',
  'revoked_at',
  'revoked_reason',
  'superseded_at',
  'superseded_by',
  'grace_ends_at',
  'supersedes',
  'first_used_at',
  'sole_key',
] as const satisfies readonly (keyof TokenTable)[];

export type TokenRow = Pick<TokenTable, (typeof tokenColumns)[number]>;

export function toToken(row: TokenRow): TokenRecord {
  return {
    id: row.id,
    lineageId: row.lineage_id,
    kind: row.kind as TokenRecord['kind'],
    parentId: row.parent_id,
    clientId: row.client_id,
    name: row.name,
    description: row.description,
    hint: row.hint,
    environment: row.environment as TokenRecord['environment'],
    digest: row.digest,
    digestScheme: row.digest_scheme,
    pepperVersion: row.pepper_version,
    ownerId: row.owner_id,
    workspaceId: row.workspace_id,
    grant: toGrant(row.grant_mode, row.grant_value),
    ipAllowlist: parseNullable(row.ip_allowlist),
    expiresAt: row.expires_at,
    expiryExplicit: row.expiry_explicit === 1,
    limits: parseShared(row.limits),
    rotation: parseShared<RotationSetting>(row.rotation),
    metadata: parseMetadata(row.metadata),
    createdAt: row.created_at,
    createdBy: { kind: row.created_by_kind as ActorRef['kind'], id: row.created_by_id },
    disabledAt: row.disabled_at,
    revokedAt: row.revoked_at,
    revokedReason: row.revoked_reason,
    supersededAt: row.superseded_at,
    supersededBy: row.superseded_by,
    graceEndsAt: row.grace_ends_at,
    supersedes: row.supersedes,
    firstUsedAt: row.first_used_at,
    soleKey: row.sole_key,
  };
}

/** How each field is written; the type makes forgetting one an error. */
const columnsOf: { readonly [Field in keyof TokenRecord]: (value: TokenRecord[Field]) => Partial<TokenTable> } = {
  id: (id) => ({ id }),
  lineageId: (lineage_id) => ({ lineage_id }),
  kind: (kind) => ({ kind }),
  parentId: (parent_id) => ({ parent_id }),
  clientId: (client_id) => ({ client_id }),
  name: (name) => ({ name, name_folded: fold(name) }),
  description: (description) => ({ description }),
  hint: (hint) => ({ hint }),
  environment: (environment) => ({ environment }),
  digest: (digest) => ({ digest }),
  digestScheme: (digest_scheme) => ({ digest_scheme }),
  pepperVersion: (pepper_version) => ({ pepper_version }),
  ownerId: (owner_id) => ({ owner_id }),
  workspaceId: (workspace_id) => ({ workspace_id }),
  grant: (grant) => ({ grant_mode: grant.mode, grant_value: grantValue(grant) }),
  ipAllowlist: (entries) => ({ ip_allowlist: stringifyNullable(entries) }),
  expiresAt: (expires_at) => ({ expires_at }),
  expiryExplicit: (isExplicit) => ({ expiry_explicit: Number(isExplicit) }),
  limits: (limits) => ({ limits: JSON.stringify(limits) }),
  rotation: (rotation) => ({ rotation: JSON.stringify(rotation) }),
  metadata: (metadata) => ({ metadata: JSON.stringify(metadata) }),
  createdAt: (created_at) => ({ created_at }),
  createdBy: ({ kind, id }) => ({ created_by_kind: kind, created_by_id: id }),
  disabledAt: (disabled_at) => ({ disabled_at }),
  revokedAt: (revoked_at) => ({ revoked_at }),
  revokedReason: (revoked_reason) => ({ revoked_reason }),
  supersededAt: (superseded_at) => ({ superseded_at }),
  supersededBy: (superseded_by) => ({ superseded_by }),
  graceEndsAt: (grace_ends_at) => ({ grace_ends_at }),
  supersedes: (supersedes) => ({ supersedes }),
  firstUsedAt: (first_used_at) => ({ first_used_at }),
  soleKey: (sole_key) => ({ sole_key }),
};

export function toTokenRow(token: TokenRecord): TokenTable {
  return { ...(toTokenPatchRow(token) as TokenTable), rotation_next_at: null };
}

export function toTokenPatchRow(patch: TokenPatch | TokenRecord): Partial<TokenTable> {
  const row: Partial<TokenTable> = {};
  for (const [field, value] of Object.entries(patch)) {
    const columns = columnsOf[field as keyof TokenRecord] as (value: unknown) => Partial<TokenTable>;
    if (value !== undefined) Object.assign(row, columns(value));
  }
  return row;
}

function toGrant(mode: string, value: string | null): TokenRecord['grant'] {
  switch (mode) {
    case 'permissions':
      return { mode, permissions: parseShared(value ?? '[]') };
    case 'level':
      return { mode, level: value as 'read' | 'write' | 'admin' };
    case 'inherit':
      return { mode };
    default:
      throw new TypeError(`a token is stored with the unknown grant mode ${mode}`);
  }
}

function grantValue(grant: TokenRecord['grant']): string | null {
  switch (grant.mode) {
    case 'permissions':
      return JSON.stringify(grant.permissions);
    case 'level':
      return grant.level;
    case 'inherit':
      return null;
  }
}
