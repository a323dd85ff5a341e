import type { Environment } from '../token/index.ts';
import { isIpSubset } from './ip-allowlist.ts';
import { entriesNotCovered, isReserved, type PermissionSet } from './permission.ts';
import type { Window } from './window.ts';

/** Everything a credential lets its bearer do. */
export interface GrantedPower {
  /** `inherit-of-owner`: whatever the owner may do at the moment of the request, outside the reserved resources. */
  readonly permissions: PermissionSet | 'inherit-of-owner';
  /** Canonical entries; null is any address. */
  readonly ipAllowlist: readonly string[] | null;
  /** null is for ever. */
  readonly expiresAt: number | null;
  readonly windows: readonly Window[] | 'unlimited';
  readonly workspaceId: string;
  /** null is bound to none. */
  readonly environment: Environment | null;
}

/** What both sides are measured against. */
export interface ContainmentFacts {
  /** What the owner of both may do now. */
  readonly owner: PermissionSet;
  /** Every permission there is; null where the catalogue is open. */
  readonly catalogue: readonly string[] | null;
}

export interface Excess {
  readonly dimension: 'permissions' | 'ip_allowlist' | 'expires_at' | 'limits' | 'workspace' | 'environment';
  /** One sentence that names what reaches too far. */
  readonly detail: string;
}

/**
 * The dimensions in which `child` reaches further than `parent`; [] means everything the child accepts, the parent
 * accepts too, now and later.
 */
export function findExcess(child: GrantedPower, parent: GrantedPower, facts: ContainmentFacts): readonly Excess[] {
  const excess: Excess[] = [];
  const add = (dimension: Excess['dimension'], detail: string | null): void => {
    if (detail !== null) excess.push({ dimension, detail });
  };
  add('permissions', permissionExcess(child.permissions, parent.permissions, facts));
  add('ip_allowlist', isIpSubset(child.ipAllowlist, parent.ipAllowlist) ? null : addressExcess(child));
  add('expires_at', expiryExcess(child.expiresAt, parent.expiresAt));
  add('limits', limitExcess(child.windows, parent.windows));
  add('workspace', child.workspaceId === parent.workspaceId ? null : 'It belongs to another workspace.');
  add('environment', environmentExcess(child.environment, parent.environment));
  return excess;
}

/**
 * Whether keeping `window` implies keeping `bound`: an interval of the bound's length is covered by
 * ceil(bound.seconds / window.seconds) intervals of the window's, each of which holds at most window.limit.
 */
export function isAtLeastAsTight(window: Window, bound: Window): boolean {
  return window.limit * Math.ceil(bound.seconds / window.seconds) <= bound.limit;
}

function permissionExcess(
  child: GrantedPower['permissions'],
  parent: GrantedPower['permissions'],
  facts: ContainmentFacts,
): string | null {
  if (child === 'inherit-of-owner') {
    if (parent === 'inherit-of-owner') return null;
    return 'It would follow its owner and so could come to hold more than the permissions it is made from.';
  }
  const inherits = parent === 'inherit-of-owner';
  const outer = inherits ? facts.owner : parent;
  const entries = [...child.exact, ...[...child.wildcards].map((resource) => `${resource}:*`)];
  const beyond = new Set(entriesNotCovered(entries, outer, facts.catalogue));
  const tooFar = entries.filter((entry) => beyond.has(entry) || (inherits && isReserved(entry)));
  if (child.everything && !outer.everything) tooFar.push('everything');
  return tooFar.length === 0 ? null : `It would hold ${tooFar.sort().join(', ')}.`;
}

function addressExcess(child: GrantedPower): string {
  return child.ipAllowlist === null
    ? 'It could be used from any address.'
    : 'Its addresses are not all among those allowed.';
}

function expiryExcess(child: number | null, parent: number | null): string | null {
  if (parent === null || (child !== null && child <= parent)) return null;
  return child === null ? 'It would never expire.' : 'It would expire later.';
}

function limitExcess(child: GrantedPower['windows'], parent: GrantedPower['windows']): string | null {
  if (parent === 'unlimited') return null;
  if (child === 'unlimited') return 'It would have no rate limit.';
  const loose = parent.filter((bound) => !child.some((window) => isAtLeastAsTight(window, bound)));
  if (loose.length === 0) return null;
  const bounds = loose.map((bound) => `${bound.limit} in ${bound.seconds} seconds`);
  return `It could be used more often than ${bounds.join(' and ')}.`;
}

function environmentExcess(child: Environment | null, parent: Environment | null): string | null {
  if (parent === null || child === parent) return null;
  return child === null ? 'It would be bound to no environment.' : `It would work in ${child}.`;
}
