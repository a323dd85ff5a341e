import { randomBytes } from 'node:crypto';
import type {
  ActorRef,
  AlertRecord,
  AuditDraft,
  DenialRecord,
  MembershipRecord,
  OwnerRecord,
  RoleRecord,
  TokenRecord,
  WorkspaceRecord,
} from '../ports/index.ts';

/** Records that are complete and unlike any other, so that suites can share one store. */

export const operator: ActorRef = { kind: 'operator', id: null };

export function sampleId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('base64url')}`;
}

export function sampleOwner(fields: Partial<OwnerRecord> = {}): OwnerRecord {
  const id = sampleId('own');
  return {
    id,
    kind: 'external',
    externalId: `external-${id}`,
    name: 'Sample owner',
    email: null,
    disabledAt: null,
    disabledByProviderAt: null,
    deletedAt: null,
    metadata: {},
    createdAt: 1_700_000_000_000,
    ...fields,
  };
}

export function sampleAlert(fields: Partial<AlertRecord> = {}): AlertRecord {
  return {
    id: sampleId('alt').replaceAll(/[_-]/g, (sign, at) => (at === 3 ? sign : 'x')),
    key: sampleId('key'),
    kind: 'new_network',
    tokenId: null,
    lineageId: null,
    ownerId: null,
    workspaceId: null,
    networks: ['198.51.100.0/24'],
    firstAt: 1_700_000_000_000,
    lastAt: 1_700_000_000_000,
    count: 1,
    createdAt: 1_700_000_000_000,
    acknowledgedAt: null,
    acknowledgedBy: null,
    note: null,
    ...fields,
  };
}

export function sampleDenial(fields: Partial<DenialRecord> = {}): DenialRecord {
  return {
    requestId: sampleId('req'),
    at: 1_700_000_000_000,
    door: 'api',
    method: 'GET',
    path: '/v1/servers',
    reason: 'insufficient_permissions',
    cause: 'permission_missing',
    ip: '203.0.113.9',
    tokenId: 'tok_sample',
    lineageId: 'lin_sample',
    ownerId: 'own_sample',
    workspaceId: 'wsp_sample',
    details: {
      environments: ['live'],
      allOf: ['servers:write'],
      anyOf: [],
      missing: ['servers:write'],
      addressFrom: 'connection',
    },
    ...fields,
  };
}

export function sampleWorkspace(fields: Partial<WorkspaceRecord> = {}): WorkspaceRecord {
  return {
    id: sampleId('wsp'),
    externalId: null,
    name: 'Sample workspace',
    isHome: false,
    disabledAt: null,
    metadata: {},
    createdAt: 1_700_000_000_000,
    ...fields,
  };
}

export function sampleRole(fields: Partial<RoleRecord> = {}): RoleRecord {
  const id = sampleId('rol');
  return {
    id,
    name: `role ${id}`,
    permissions: ['servers:read'],
    everything: false,
    builtIn: false,
    createdAt: 1_700_000_000_000,
    ...fields,
  };
}

export function sampleMembership(
  owner: OwnerRecord,
  workspace: WorkspaceRecord,
  fields: Partial<MembershipRecord> = {},
): MembershipRecord {
  return {
    ownerId: owner.id,
    workspaceId: workspace.id,
    permissions: [],
    roleIds: [],
    createdAt: 1_700_000_000_000,
    ...fields,
  };
}

export function sampleToken(
  owner: OwnerRecord,
  workspace: WorkspaceRecord,
  fields: Partial<TokenRecord> = {},
): TokenRecord {
  const id = sampleId('tok');
  return {
    id,
    lineageId: sampleId('lin'),
    kind: 'token',
    parentId: null,
    clientId: null,
    name: 'Sample token',
    description: null,
    hint: 'kh_live_4n2a…Zq8C',
    environment: 'live',
    digest: randomBytes(32).toString('base64url'),
    digestScheme: 'kh1',
    pepperVersion: 1,
    ownerId: owner.id,
    workspaceId: workspace.id,
    grant: { mode: 'permissions', permissions: ['servers:read'] },
    ipAllowlist: null,
    expiresAt: null,
    expiryExplicit: false,
    limits: { by: 'tier', tier: 'standard' },
    rotation: {
      autoRotate: false,
      rotationPeriod: null,
      gracePeriod: null,
      notificationEmail: null,
      selfRotate: true,
    },
    metadata: {},
    createdAt: 1_700_000_000_000,
    createdBy: operator,
    disabledAt: null,
    revokedAt: null,
    revokedReason: null,
    supersededAt: null,
    supersededBy: null,
    graceEndsAt: null,
    supersedes: null,
    firstUsedAt: null,
    soleKey: null,
    ...fields,
  };
}

export function sampleDraft(fields: Partial<AuditDraft> = {}): AuditDraft {
  return {
    at: 1_700_000_000_000,
    action: 'token.created',
    actor: operator,
    onBehalfOf: null,
    subject: null,
    workspaceId: null,
    requestId: null,
    details: {},
    personal: {},
    ...fields,
  };
}
