import { grantedPermissions, type ProfileInForce, type TokenFacts } from '../authenticate/index.ts';
import { compilePermissions, type PermissionSet, parseIpAllowlist } from '../policy/index.ts';

export type FactsWire = ReturnType<typeof factsWire>;

/** Facts as plain JSON. */
export function factsWire(facts: TokenFacts) {
  const { id, lineageId, name, kind, environment, expiresAt, end, limits, metadata, membership } = facts;
  const { owner, workspace, permissions, roleIds } = membership;
  return {
    id,
    lineage_id: lineageId,
    name,
    kind,
    environment,
    grant: facts.grant.grant,
    ip_allowlist: facts.ipAllowlist?.entries ?? null,
    expires_at: expiresAt,
    end,
    windows: limits.windows,
    metadata,
    owner: {
      id: owner.id,
      kind: owner.kind,
      external_id: owner.externalId,
      name: owner.name,
      email: owner.email,
      disabled: owner.isDisabled,
      metadata: owner.metadata,
    },
    workspace: {
      id: workspace.id,
      external_id: workspace.externalId,
      name: workspace.name,
      home: workspace.isHome,
      disabled: workspace.isDisabled,
    },
    permissions: permissions === null ? null : permissionsWire(permissions),
    role_ids: roleIds,
  };
}

/** Facts as they were told, under the profile in force here. */
export function factsOf(wire: FactsWire, profile: ProfileInForce): TokenFacts {
  const { owner, workspace, permissions } = wire;
  const shared = { stale: false, holders: 0 };
  return {
    stale: false,
    touched: false,
    awaitsFirstUse: false,
    sibling: null,
    countsAt: null,
    id: wire.id,
    lineageId: wire.lineage_id,
    name: wire.name,
    kind: wire.kind,
    environment: wire.environment,
    membership: {
      ...shared,
      owner: {
        ...shared,
        id: owner.id,
        kind: owner.kind,
        externalId: owner.external_id,
        name: owner.name,
        email: owner.email,
        isDisabled: owner.disabled,
        metadata: owner.metadata,
      },
      workspace: {
        ...shared,
        id: workspace.id,
        externalId: workspace.external_id,
        name: workspace.name,
        isHome: workspace.home,
        isDisabled: workspace.disabled,
      },
      permissions: permissions === null ? null : permissionsOf(permissions),
      directly: compilePermissions([]),
      roleIds: wire.role_ids,
    },
    grant: {
      grant: wire.grant,
      permissions: grantedPermissions(wire.grant, profile.levels),
      known: profile.known,
    },
    ipAllowlist: wire.ip_allowlist === null ? null : allowlistOf(wire.ip_allowlist),
    expiresAt: wire.expires_at,
    end: wire.end,
    limits: { setting: settingOf(wire.windows), windows: wire.windows },
    metadata: wire.metadata,
  };
}

const settingOf = (windows: TokenFacts['limits']['windows']): TokenFacts['limits']['setting'] =>
  windows === 'unlimited' ? { by: 'unlimited' } : { by: 'windows', windows };

function permissionsWire({ exact, wildcards, everything }: PermissionSet) {
  return { exact: [...exact], wildcards: [...wildcards], everything };
}

function permissionsOf({ exact, wildcards, everything }: ReturnType<typeof permissionsWire>): PermissionSet {
  return { exact: new Set(exact), wildcards: new Set(wildcards), everything };
}

function allowlistOf(entries: readonly string[]) {
  const parsed = parseIpAllowlist(entries, { allowAny: true });
  if (!parsed.ok) throw new TypeError('an address list that does not parse');
  return parsed.list;
}
