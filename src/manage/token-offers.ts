import { type Excess, entriesOf, type Grant, isReserved, listEffective, parseDuration } from '../policy/index.ts';
import type { Profile } from '../profile/index.ts';
import type { Environment } from '../token/index.ts';
import type { Caller } from './caller.ts';
import type { Holder } from './holder.ts';
import { ALL_MANAGEMENT, MANAGEMENT_PERMISSIONS } from './management-permissions.ts';
import { excessOf, type Gift } from './may-give.ts';
import type { Engine } from './operation.ts';

/** Who would make a token, and for whom. */
export interface Making {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly holder: Holder;
}

/** What there is to choose from, each with whether it may be given: judged by what judges the token itself. */
export function offersOf(making: Making) {
  const { profile } = making.engine.authenticator.profile;
  return {
    environments: profile.token.environments.map((environment) => ({
      environment,
      grantable: mayGive(making, 'environment', { environment }),
    })),
    permissions: permissionOffers(making, profile),
    wildcards: wildcardOffers(making, profile),
    any_permission: profile.catalogue === 'open' && profile.grants.includes('permissions') && givesEverything(making),
    management: managementOffers(making),
    levels: levelOffers(making, profile),
    inherit: inheritOffer(making, profile),
    templates: profile.templates.map(({ name, tokenName, description, permissions }) => ({
      name,
      token_name: tokenName,
      description,
      permissions: [...permissions],
      missing: permissions.filter((entry) => !mayGrant(making, { mode: 'permissions', permissions: [entry] })),
    })),
    tiers: Object.entries(profile.limits.tiers).map(([tier, { label, useCase, windows }]) => ({
      tier,
      label,
      use_case: useCase,
      windows: windows === 'unlimited' ? windows : windows.map((window) => ({ ...window })),
      grantable: mayGive(making, 'limits', { limits: { by: 'tier', tier } }),
    })),
  };
}

/** The last instant to which a token may live, by the profile and by the token that asks; null where any will do. */
export function latestExpiry({ engine, caller, holder }: Making, now: number): number | null {
  const { lifetimeMax } = engine.authenticator.profile.profile.expiry;
  const ends = [lifetimeMax === null ? null : now + (parseDuration(lifetimeMax) ?? 0)];
  if (holder.isSelf && caller.token !== null) ends.push(caller.token.expiresAt, caller.token.end?.graceEndsAt ?? null);
  return ends.reduce((earliest, end) => (end === null || (earliest !== null && earliest < end) ? earliest : end), null);
}

function permissionOffers(making: Making, profile: Profile) {
  if (!profile.grants.includes('permissions')) return [];
  return known(making, profile).map(({ permission, description, operations }) => ({
    permission,
    resource: resourceOf(permission),
    description,
    operations: [...operations],
    grantable: mayGrant(making, { mode: 'permissions', permissions: [permission] }),
  }));
}

function wildcardOffers(making: Making, profile: Profile) {
  if (!profile.grants.includes('permissions')) return [];
  const permissions = known(making, profile).map(({ permission }) => permission);
  const wide = entriesOf(making.holder.permissions).filter((entry) => entry.endsWith(':*') && !isReserved(entry));
  const resources = new Set([...permissions, ...(profile.catalogue === 'open' ? wide : [])].map(resourceOf));
  return [...resources].map((resource) => {
    const permission = `${resource}:*`;
    return { permission, resource, grantable: mayGrant(making, { mode: 'permissions', permissions: [permission] }) };
  });
}

interface Known {
  readonly permission: string;
  readonly description: string | null;
  readonly operations: readonly string[];
}

/** A closed catalogue; of an open one what the owner holds by name and what the rules of routes ask for. */
function known({ holder }: Making, { catalogue, routes }: Profile): readonly Known[] {
  if (catalogue !== 'open') return catalogue;
  const operations = new Map<string, string[]>();
  for (const { permissions, methods, path } of routes) {
    for (const permission of permissions) {
      const named = methods === '*' ? [path] : methods.map((method) => `${method} ${path}`);
      operations.set(permission, [...(operations.get(permission) ?? []), ...named]);
    }
  }
  for (const permission of holder.permissions.exact) {
    if (!isReserved(permission) && !operations.has(permission)) operations.set(permission, []);
  }
  return [...operations]
    .map(([permission, asked]) => ({ permission, description: null, operations: asked }))
    .sort((one, other) => (one.permission < other.permission ? -1 : 1));
}

/** What manages Keyhouse is offered to who may hand it on, and is nothing to explain to anybody else. */
function managementOffers(making: Making) {
  const named = Object.entries(MANAGEMENT_PERMISSIONS).map(([permission, description]) => ({
    permission,
    description,
  }));
  const wide = ALL_MANAGEMENT.map((permission) => ({ permission, description: null }));
  return [...named, ...wide].filter(({ permission }) =>
    mayGrant(making, { mode: 'permissions', permissions: [permission] }),
  );
}

function levelOffers(making: Making, { levels, grants }: Profile) {
  if (!grants.includes('level')) return [];
  const { catalogue, levels: compiled } = making.engine.authenticator.profile;
  return levels.map(({ level, description, permissions }) => {
    const given = compiled.get(level);
    return {
      level,
      description,
      permissions: [...permissions],
      gives: given === undefined ? [] : listEffective(given, making.holder.permissions, catalogue),
      grantable: mayGrant(making, { mode: 'level', level }),
    };
  });
}

function inheritOffer(making: Making, { grants }: Profile) {
  if (!grants.includes('inherit')) return null;
  const { holder, engine } = making;
  return {
    gives: listEffective('inherit', holder.permissions, engine.authenticator.profile.catalogue),
    everything: holder.permissions.everything,
    grantable: mayGrant(making, { mode: 'inherit' }),
  };
}

const UNHEARD_OF = 'unheard-of:anything';

/** Whether any well-formed permission would do: one that nobody has thought of stands for all of them. */
function givesEverything(making: Making): boolean {
  return making.holder.permissions.everything && mayGrant(making, { mode: 'permissions', permissions: [UNHEARD_OF] });
}

function mayGrant(making: Making, grant: Grant): boolean {
  return mayGive(making, 'permissions', { grant });
}

function mayGive(
  { engine, caller, holder }: Making,
  dimension: Excess['dimension'],
  asked: Partial<Pick<Gift, 'grant' | 'limits'>> & { readonly environment?: Environment },
): boolean {
  const gift: Gift = {
    grant: { mode: 'permissions', permissions: [] },
    ipAllowlist: null,
    expiresAt: null,
    environment: null,
    workspaceId: holder.workspace.id,
    limits: { by: 'tier', tier: engine.authenticator.profile.profile.limits.defaultTier },
    ...asked,
  };
  return excessOf(engine, caller, holder, gift).every((excess) => excess.dimension !== dimension);
}

function resourceOf(permission: string): string {
  return permission.slice(0, permission.indexOf(':'));
}
