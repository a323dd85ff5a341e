import { type Decision, mayDo, type TokenFacts } from '../authenticate/index.ts';
import {
  compilePermissions,
  covers,
  entriesNotCovered,
  entriesOf,
  isReserved,
  type PermissionSet,
  type RateLimitVerdict,
} from '../policy/index.ts';
import type { ActorRef, RoleRecord, SessionRow, StaffSessionRecord, WorkspaceRecord } from '../ports/index.ts';
import { ALL_MANAGEMENT, MANAGEMENT_PERMISSIONS, type ManagementPermission } from './management-permissions.ts';
import { permissionsOf } from './permissions-of.ts';
import { Rejection } from './rejection.ts';

/** Where a management permission reaches: everything, or one workspace. */
export type Reach = 'installation' | { readonly workspaceId: string };

/** Who calls an operation and from where. */
export interface Caller {
  readonly actor: ActorRef;
  /** The token that authenticated the call; null for the operator, the host application and its signed-in owners. */
  readonly token: TokenFacts | null;
  /** The exact text of that token, for sealing its successor's value under it and for nothing else. */
  readonly presented: string | null;
  /** The session that authenticated the call; absent for everyone who is not signed in at the dashboard. */
  readonly session?: SessionRow;
  /** Somebody of the provider's staff, whom the provider sent to the dashboard; absent for everyone else. */
  readonly staff?: StaffSession;
  /** The person behind the owner, as the provider named them; the audit log shows both. */
  readonly namedActor?: { readonly external_id: string };
  /** Where that token stands in its limits after this request; null where nothing is limited. */
  readonly limit: RateLimitVerdict | null;
  /** The owner who acts for oneself; null for operator and host, who are nobody's owner. */
  readonly self: { readonly ownerId: string; readonly workspaceId: string } | null;
  readonly reach: Reach;
  readonly may: (permission: ManagementPermission) => boolean;
  /** Management permissions that this caller holds and can therefore hand on. */
  readonly management: PermissionSet;
  readonly circumstances: Circumstances;
}

/** A session without an account behind it: the person is who the provider says, and may what their role says. */
export interface StaffSession {
  readonly session: StaffSessionRecord;
  readonly role: RoleRecord;
  readonly workspace: WorkspaceRecord;
}

/** What surrounds one call. */
export interface Circumstances {
  /** Canonical client address; null where there is none (CLI, embedding). */
  readonly ip: string | null;
  /** Where it was read: the name of the header, or `connection`; left out where nobody asks. */
  readonly addressFrom?: string | null;
  readonly requestId: string;
  /** The caller's `Idempotency-Key`, if it sent one. */
  readonly idempotencyKey: string | null;
  /** What a browser says of itself at the dashboard; absent everywhere else. */
  readonly browser?: Browser;
}

export interface Browser {
  readonly userAgent: string | null;
  /** What an earlier sign-in left there, to be known again by. */
  readonly device: string | null;
}

const ALL_MANAGEMENT_CONCRETE = Object.keys(MANAGEMENT_PERMISSIONS) as ManagementPermission[];
const EVERYTHING = compilePermissions(ALL_MANAGEMENT);
const NOTHING = compilePermissions([]);

/** The bearer of an accepted token. Held in the provider's own workspace, its management permissions reach everything. */
export function bearerCaller(
  { facts: token, limit }: Extract<Decision, { allowed: true }>,
  presented: string,
  circumstances: Circumstances,
): Caller {
  const { owner, workspace } = token.membership;
  const may = (permission: ManagementPermission): boolean => mayDo(token, permission);
  return {
    circumstances,
    actor: { kind: 'token', id: token.id },
    token,
    presented,
    limit,
    self: { ownerId: owner.id, workspaceId: workspace.id },
    reach: workspace.isHome ? 'installation' : { workspaceId: workspace.id },
    may,
    // Worked out when something is handed on: most calls, and every test of a token, hand on nothing.
    get management() {
      return managementOfToken(token);
    },
  };
}

/** The person at the machine (CLI, private socket) or the application that embeds Keyhouse: whoever can read its files. */
export function localCaller(kind: 'operator' | 'host', circumstances: Circumstances): Caller {
  return {
    circumstances,
    actor: { kind, id: null },
    token: null,
    presented: null,
    limit: null,
    self: null,
    reach: 'installation',
    may: () => true,
    management: EVERYTHING,
  };
}

/** An owner whom the embedding application has signed in itself: acts for oneself and manages nothing else. */
export function signedInCaller(
  owner: { readonly ownerId: string; readonly workspaceId: string; readonly actor: ActorRef },
  circumstances: Circumstances,
): Caller {
  const { ownerId, workspaceId, actor } = owner;
  return {
    circumstances,
    actor,
    token: null,
    presented: null,
    limit: null,
    self: { ownerId, workspaceId },
    reach: { workspaceId },
    may: () => false,
    management: NOTHING,
  };
}

/**
 * A user signed in at the dashboard, within the workspace of the session. Management permissions held in the provider's own
 * workspace reach everything, as for the bearer of a token.
 */
export function sessionCaller(session: SessionRow, circumstances: Circumstances): Caller {
  const { owner, workspace, membership, roles } = session;
  const permissions = membership === null ? NOTHING : permissionsOf(membership, roles);
  return {
    circumstances,
    actor: { kind: 'user', id: owner.id },
    token: null,
    presented: null,
    session,
    limit: null,
    self: { ownerId: owner.id, workspaceId: workspace.id },
    reach: workspace.isHome ? 'installation' : { workspaceId: workspace.id },
    may: (permission) => covers(permissions, permission),
    get management() {
      const held = ALL_MANAGEMENT_CONCRETE.filter((permission) => covers(permissions, permission));
      return compilePermissions([...held, ...entriesOf(permissions).filter(isReserved)]);
    },
  };
}

/**
 * Somebody of the provider's staff at the dashboard, with the management of their role as far as whoever sent them holds it
 * too. They are nobody's owner: no token is their own.
 * @param bound management permissions of whoever sent them, at this moment.
 */
export function staffCaller(staff: StaffSession, bound: PermissionSet, circumstances: Circumstances): Caller {
  const { session, role, workspace } = staff;
  const given = compilePermissions(role.permissions);
  const entries = [...ALL_MANAGEMENT_CONCRETE, ...ALL_MANAGEMENT];
  const management = compilePermissions(
    entries
      .filter((entry) => entriesNotCovered([entry], given, null).length === 0)
      .filter((entry) => {
        return entriesNotCovered([entry], bound, null).length === 0;
      }),
  );
  return {
    circumstances,
    actor: { kind: 'external', id: session.externalId },
    namedActor: { external_id: session.externalId },
    token: null,
    presented: null,
    staff,
    limit: null,
    self: null,
    reach: workspace.isHome ? 'installation' : { workspaceId: workspace.id },
    may: (permission) => covers(management, permission),
    management,
  };
}

/** Whoever has no token and no name yet: what such a caller may do rests on a secret in its input alone. */
export function anonymousCaller(circumstances: Circumstances): Caller {
  return {
    circumstances,
    actor: { kind: 'system', id: null },
    token: null,
    presented: null,
    limit: null,
    self: null,
    reach: { workspaceId: '' },
    may: () => false,
    management: NOTHING,
  };
}

/** @throws {Rejection} `insufficient_permissions`, naming what is missing. */
export function requirePermission(caller: Caller, permission: ManagementPermission): void {
  if (caller.may(permission)) return;
  throw new Rejection('insufficient_permissions', `This needs ${permission}.`, { extra: { missing: [permission] } });
}

/** @throws {Rejection} `insufficient_permissions`, naming all of them, for who has none. */
export function requireOneOf(caller: Caller, permissions: readonly ManagementPermission[]): void {
  if (permissions.some(caller.may)) return;
  throw new Rejection('insufficient_permissions', `This needs ${permissions.join(' or ')}.`, {
    extra: { missing: [...permissions] },
  });
}

/** Whether a thing of that workspace is within the caller's reach. */
export function reaches(caller: Pick<Caller, 'reach'>, workspaceId: string): boolean {
  return caller.reach === 'installation' || caller.reach.workspaceId === workspaceId;
}

/** @throws {Rejection} `insufficient_permissions` for callers whose permissions hold in one workspace. */
export function requireInstallation(caller: Caller): void {
  if (caller.reach === 'installation') return;
  throw new Rejection(
    'insufficient_permissions',
    'This concerns every workspace, and the caller reaches only its own.',
  );
}

/**
 * Management permissions of a token. A wildcard is handed on only by who holds the wildcard: `keyhouse-tokens:*` also covers
 * what later versions add.
 */
export function managementOfToken(token: TokenFacts): PermissionSet {
  const held = ALL_MANAGEMENT_CONCRETE.filter((permission) => mayDo(token, permission));
  const wildcards = ALL_MANAGEMENT.filter((entry) => holdsWildcard(token, entry));
  return compilePermissions([...held, ...wildcards]);
}

function holdsWildcard(token: TokenFacts, entry: string): boolean {
  const resource = entry.slice(0, -2);
  const { permissions: granted } = token.grant;
  const { permissions: owned } = token.membership;
  return (granted?.wildcards.has(resource) ?? false) && (owned?.wildcards.has(resource) ?? false);
}
