import {
  compilePermissions,
  type Grant,
  type IpAllowlist,
  type Level,
  type LimitSetting,
  type PermissionSet,
  parseIpAllowlist,
  unionPermissions,
} from '../policy/index.ts';
import type { FactsRow, Metadata, TokenRecord } from '../ports/index.ts';
import type { EndFacts, GrantFacts, LimitFacts, MembershipFacts, TokenFacts } from './facts.ts';
import type { ProfileInForce } from './profile-in-force.ts';

const INTERNED_MAX = 10_000;
const NO_METADATA: Metadata = Object.freeze({});
const NO_PERMISSIONS: PermissionSet = compilePermissions([]);

/**
 * Prepares stored rows for judging. Equal grants, limit settings and address lists become one object each, because
 * a million tokens have few distinct ones.
 */
export class FactsBuilder {
  readonly #grants = new Map<string, GrantFacts>();
  readonly #limits = new Map<string, LimitFacts>();
  readonly #allowlists = new Map<string, IpAllowlist>();

  build(row: FactsRow, profile: ProfileInForce): TokenFacts {
    const { token } = row;
    return {
      stale: false,
      touched: false,
      awaitsFirstUse: token.supersedes !== null && token.firstUsedAt === null,
      id: token.id,
      lineageId: token.lineageId,
      countsAt: null,
      sibling: null,
      name: token.name,
      kind: token.kind,
      environment: token.environment,
      membership: membershipFacts(row),
      grant: this.#grant(token.grant, profile),
      ipAllowlist: token.ipAllowlist === null ? null : this.#allowlist(token.ipAllowlist),
      expiresAt: token.expiresAt,
      end: endFacts(token),
      limits: this.#limit(token.limits, profile),
      metadata: isEmpty(token.metadata) ? NO_METADATA : token.metadata,
    };
  }

  #allowlist(entries: readonly string[]): IpAllowlist {
    const key = entries.join(' ');
    return this.#allowlists.get(key) ?? intern(this.#allowlists, key, storedAllowlist(entries));
  }

  #limit(setting: LimitSetting, profile: ProfileInForce): LimitFacts {
    const key = `${profile.version} ${JSON.stringify(setting)}`;
    return this.#limits.get(key) ?? intern(this.#limits, key, { setting, windows: profile.windowsOf(setting) });
  }

  #grant(grant: Grant, profile: ProfileInForce): GrantFacts {
    const key = `${profile.version} ${JSON.stringify(grant)}`;
    const known = this.#grants.get(key);
    if (known !== undefined) return known;
    return intern(this.#grants, key, {
      grant,
      permissions: grantedPermissions(grant, profile.levels),
      known: profile.known,
    });
  }
}

/** What a grant names, before the owner is asked; null for `inherit`. A level the profile no longer has grants nothing. */
export function grantedPermissions(grant: Grant, levels: ReadonlyMap<Level, PermissionSet>): PermissionSet | null {
  switch (grant.mode) {
    case 'permissions':
      return compilePermissions(grant.permissions);
    case 'level':
      return levels.get(grant.level) ?? compilePermissions([]);
    case 'inherit':
      return null;
  }
}

function membershipFacts({ owner, workspace, membership, roles }: FactsRow): MembershipFacts {
  const given = membership?.permissions ?? [];
  const directly = given.length === 0 ? NO_PERMISSIONS : compilePermissions(given);
  return {
    stale: false,
    holders: 0,
    owner: {
      stale: false,
      holders: 0,
      id: owner.id,
      kind: owner.kind,
      externalId: owner.externalId,
      name: owner.name,
      email: owner.email,
      isDisabled: owner.disabledAt !== null || owner.disabledByProviderAt !== null || owner.deletedAt !== null,
      metadata: isEmpty(owner.metadata) ? NO_METADATA : owner.metadata,
    },
    workspace: {
      stale: false,
      holders: 0,
      id: workspace.id,
      externalId: workspace.externalId,
      name: workspace.name,
      isHome: workspace.isHome,
      isDisabled: workspace.disabledAt !== null,
    },
    permissions:
      membership === null
        ? null
        : roles.length === 0
          ? directly
          : unionPermissions([directly, ...roles.map((role) => compilePermissions(role.permissions, role.everything))]),
    directly,
    roleIds: membership?.roleIds ?? [],
  };
}

function endFacts(token: TokenRecord): EndFacts | null {
  const { revokedAt, disabledAt, supersededAt, supersededBy, graceEndsAt } = token;
  if (revokedAt === null && disabledAt === null && supersededAt === null) return null;
  return { revokedAt, disabledAt, supersededAt, supersededBy, graceEndsAt };
}

/** Stored lists were checked when they were written; one that no longer parses refuses every address. */
function storedAllowlist(entries: readonly string[]): IpAllowlist {
  const parsed = parseIpAllowlist(entries, { allowAny: true });
  if (!parsed.ok) throw new Error('a stored address list does not parse');
  return parsed.list;
}

function intern<T>(held: Map<string, T>, key: string, value: T): T {
  const known = held.get(key);
  if (known !== undefined) return known;
  if (held.size < INTERNED_MAX) held.set(key, value);
  return value;
}

function isEmpty(metadata: Metadata): boolean {
  for (const _ in metadata) return false;
  return true;
}
