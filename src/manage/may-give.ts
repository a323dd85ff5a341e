import { grantedPermissions, type TokenFacts } from '../authenticate/index.ts';
import {
  compilePermissions,
  type Excess,
  entriesNotCovered,
  entriesOf,
  findExcess,
  type Grant,
  type GrantedPower,
  isReserved,
  type Level,
  type LimitSetting,
  listEffective,
  type PermissionSet,
  type Window,
} from '../policy/index.ts';
import type { TokenRecord } from '../ports/index.ts';
import { type Caller, requirePermission } from './caller.ts';
import type { Holder } from './holder.ts';
import type { Engine } from './operation.ts';
import { Rejection } from './rejection.ts';

/** What a token is about to be given. */
export type Gift = Pick<TokenRecord, 'grant' | 'ipAllowlist' | 'expiresAt' | 'environment' | 'workspaceId'> & {
  readonly limits: LimitSetting;
};

/**
 * Nobody hands on more than they hold (threats row 25, wire "Who may grant what"): for oneself everything within the
 * acting credential, for another owner within what that owner may do now and the profile's tiers, and reserved
 * permissions always within the caller's own.
 * @throws {Rejection} `exceeds_creator`, one problem for each dimension.
 */
export function checkMayGive(engine: Engine, caller: Caller, holder: Holder, gift: Gift): void {
  refuse(excessOf(engine, caller, holder, gift));
}

/** What of the gift the caller may not give, dimension by dimension; empty when all of it may be given. */
export function excessOf(engine: Engine, caller: Caller, holder: Holder, gift: Gift): readonly Excess[] {
  return [
    ...beyondOwner(engine, holder, gift.grant),
    ...beyondManagement(caller, gift.grant),
    ...beyondSession(caller, gift.grant),
    ...(caller.token !== null && holder.isSelf
      ? beyondToken(engine, caller.token, holder.permissions, gift)
      : beyondTiers(engine, gift, holder.isSelf && !caller.may('keyhouse-owners:act-as'))),
  ];
}

/**
 * Whoever is given the successor of an existing token, or lets a stopped one work again, has all that this token holds: it
 * must be within the caller's own management, and for oneself within the acting credential. What its owner may do now binds the successor as it binds the token.
 * @param owned what the token's owner may do now.
 * @throws {Rejection} `exceeds_creator`, one problem for each dimension.
 */
export function checkMayReissue(engine: Engine, caller: Caller, owned: PermissionSet, token: TokenRecord): void {
  const isSelf = caller.self?.ownerId === token.ownerId;
  refuse([
    ...beyondManagement(caller, token.grant),
    ...(caller.token !== null && isSelf ? beyondToken(engine, caller.token, owned, token) : []),
  ]);
}

function refuse(excess: readonly Excess[]): void {
  if (excess.length === 0) return;
  const problems = excess.map(({ dimension, detail }) => ({ path: dimension, message: detail }));
  throw new Rejection('exceeds_creator', problems[0]?.message, { problems });
}

/**
 * Where owners do not make tokens for themselves, whoever makes one manages tokens.
 * @throws {Rejection} `insufficient_permissions`.
 */
export function requireSelfService(engine: Engine, caller: Caller): void {
  if (!engine.authenticator.profile.profile.selfService) requirePermission(caller, 'keyhouse-tokens:write');
}

function beyondOwner(engine: Engine, holder: Holder, grant: Grant): Excess[] {
  if (grant.mode === 'level') return beyondLevel(engine, holder, grant.level);
  const granted = grantedPermissions(grant, engine.authenticator.profile.levels);
  const entries = granted === null ? [] : entriesOf(granted);
  const beyond = entriesNotCovered(entries, holder.permissions, engine.authenticator.profile.catalogue);
  return beyond.length === 0
    ? []
    : [{ dimension: 'permissions', detail: `Its owner may not do ${beyond.join(', ')}.` }];
}

/** A level is given within what the owner may do, and refused where that is nothing the level below does not give. */
function beyondLevel(engine: Engine, { permissions: owned }: Holder, level: Level): Excess[] {
  const { levels, catalogue } = engine.authenticator.profile;
  const below = [...levels.keys()].filter((one) => LEVELS.indexOf(one) < LEVELS.indexOf(level)).at(-1);
  const gained = listEffective(levels.get(level) ?? NOTHING, owned, catalogue);
  const before = below === undefined ? NOTHING : (levels.get(below) ?? NOTHING);
  return entriesNotCovered(gained, before, catalogue).length > 0
    ? []
    : [{ dimension: 'permissions', detail: `Its owner may do nothing that the level ${level} adds.` }];
}

const LEVELS: readonly Level[] = ['read', 'write', 'admin'];

function beyondManagement(caller: Caller, grant: Grant): Excess[] {
  if (grant.mode !== 'permissions') return [];
  const beyond = entriesNotCovered(grant.permissions.filter(isReserved), caller.management, null);
  return beyond.length === 0
    ? []
    : [{ dimension: 'permissions', detail: `The caller does not hold ${beyond.join(', ')}.` }];
}

/** Whoever is signed in makes tokens that manage Keyhouse only as one who manages tokens: support sees, and mints nothing. */
function beyondSession(caller: Caller, grant: Grant): Excess[] {
  const manages = grant.mode === 'permissions' && grant.permissions.some(isReserved);
  const isPerson = caller.session !== undefined || caller.staff !== undefined;
  if (!isPerson || !manages || caller.may('keyhouse-tokens:write')) return [];
  return [{ dimension: 'permissions', detail: 'A token that manages Keyhouse needs keyhouse-tokens:write.' }];
}

function beyondToken(engine: Engine, acting: TokenFacts, owned: PermissionSet, gift: Gift): readonly Excess[] {
  const { levels, catalogue } = engine.authenticator.profile;
  const child: GrantedPower = {
    permissions: grantedPermissions(gift.grant, levels) ?? 'inherit-of-owner',
    ipAllowlist: gift.ipAllowlist,
    expiresAt: gift.expiresAt,
    windows: engine.authenticator.profile.windowsOf(gift.limits),
    workspaceId: gift.workspaceId,
    environment: gift.environment,
  };
  const parent: GrantedPower = {
    permissions: acting.grant.permissions ?? 'inherit-of-owner',
    ipAllowlist: acting.ipAllowlist?.entries ?? null,
    expiresAt: endOf(acting),
    windows: acting.limits.windows,
    workspaceId: acting.membership.workspace.id,
    environment: acting.environment,
  };
  const excess = findExcess(child, parent, { owner: owned, catalogue });
  return excess.map((one) => (one.dimension === 'permissions' ? { ...one, detail: `${one.detail} ${WAY_OUT}` } : one));
}

const WAY_OUT =
  'For its own owner a token makes none that can do more than itself: ask with a token of another owner that may act for others, or on the command line.';

/** A token in its grace ends with it, whatever expiry it once had. */
function endOf({ expiresAt, end }: TokenFacts): number | null {
  const graceEndsAt = end?.graceEndsAt ?? null;
  if (expiresAt === null || graceEndsAt === null) return expiresAt ?? graceEndsAt;
  return Math.min(expiresAt, graceEndsAt);
}

/** Limits within a tier of the profile; an owner who chooses alone stays within the default tier. */
function beyondTiers(engine: Engine, gift: Gift, isSelf: boolean): Excess[] {
  const { profile, windowsOf } = engine.authenticator.profile;
  const names = isSelf ? [profile.limits.defaultTier] : Object.keys(profile.limits.tiers);
  const asked = windowsOf(gift.limits);
  const fits = names.some((tier) => isWithin(asked, windowsOf({ by: 'tier', tier })));
  if (fits) return [];
  return [
    {
      dimension: 'limits',
      detail: `The limits must stay within ${isSelf ? 'the tier' : 'one of the tiers'} ${names.join(', ')}.`,
    },
  ];
}

function isWithin(asked: readonly Window[] | 'unlimited', tier: readonly Window[] | 'unlimited'): boolean {
  const power = { permissions: NOTHING, ipAllowlist: null, expiresAt: null, workspaceId: '', environment: null };
  return (
    findExcess({ ...power, windows: asked }, { ...power, windows: tier }, { owner: NOTHING, catalogue: null })
      .length === 0
  );
}

const NOTHING: PermissionSet = compilePermissions([]);
