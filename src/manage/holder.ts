import type { TokenFacts } from '../authenticate/index.ts';
import {
  compilePermissions,
  entriesNotCovered,
  entriesOf,
  isIpSubset,
  type PermissionSet,
  tokenState,
} from '../policy/index.ts';
import type {
  MembershipRecord,
  OwnerReads,
  OwnerRecord,
  RoleRecord,
  SessionRow,
  TokenRecord,
  Transaction,
  WorkspaceRecord,
} from '../ports/index.ts';
import { type Caller, reaches, requirePermission, type StaffSession } from './caller.ts';
import { OutOfReach } from './out-of-reach.ts';
import { permissionsOf } from './permissions-of.ts';
import { invalidInput, Rejection } from './rejection.ts';
import type { Reference } from './schemas.ts';

/** The one a token is for: owner, workspace, and what the owner may do there at this moment of the transaction. */
export interface Holder {
  readonly owner: OwnerRecord;
  readonly workspace: WorkspaceRecord;
  readonly membership: MembershipRecord;
  /** Those that the membership names. */
  readonly roles: readonly RoleRecord[];
  readonly permissions: PermissionSet;
  /** The caller itself: then the caller's own credential bounds what may be given. */
  readonly isSelf: boolean;
}

/** Who a token is for, as the input names them; oneself where nobody is named. */
interface AskedHolder {
  readonly owner?: Reference | undefined;
  readonly workspace?: Reference | undefined;
}

/**
 * Finds and locks the owner a token is made for. Another owner than oneself needs `keyhouse-owners:act-as` within reach.
 * @throws {Rejection} `not_found` for owners and workspaces that do not exist or are out of reach, alike.
 */
export async function lockHolder(transaction: Transaction, caller: Caller, asked: AskedHolder): Promise<Holder> {
  return holderOf(
    transaction.owners,
    caller,
    await transaction.owners.lockOwner(ownerKey(caller, asked.owner)),
    asked.workspace,
  );
}

/** The same, for who only wants to know what could be given. */
export async function readHolder(owners: OwnerReads, caller: Caller, asked: AskedHolder): Promise<Holder> {
  return holderOf(owners, caller, await owners.find(ownerKey(caller, asked.owner)), asked.workspace);
}

async function holderOf(
  owners: OwnerReads,
  caller: Caller,
  owner: OwnerRecord | null,
  asked: Reference | undefined,
): Promise<Holder> {
  const isSelf = owner !== null && caller.self?.ownerId === owner.id;
  if (!isSelf) requirePermission(caller, 'keyhouse-owners:act-as');
  if (owner === null || owner.deletedAt !== null) throw noSuchOwner();
  const { membership, workspace } = await findMembership(owners, caller, owner, isSelf, asked);
  if (owner.disabledAt !== null || owner.disabledByProviderAt !== null) {
    throw new Rejection('conflict', 'This owner is disabled.');
  }
  if (workspace.disabledAt !== null) throw new Rejection('conflict', 'This workspace is disabled.');
  const roles = (await owners.listRoles()).filter(({ id }) => membership.roleIds.includes(id));
  return { owner, workspace, membership, roles, permissions: permissionsOf(membership, roles), isSelf };
}

/** What the owner of a token may do in its workspace at this moment of the transaction; nothing once it is no member. */
export async function permissionsNow(
  transaction: Transaction,
  token: { readonly ownerId: string; readonly workspaceId: string },
): Promise<PermissionSet> {
  const memberships = await transaction.owners.memberships(token.ownerId);
  const membership = memberships.find((one) => one.workspaceId === token.workspaceId);
  return membership === undefined
    ? compilePermissions([])
    : permissionsOf(membership, await transaction.owners.listRoles());
}

/**
 * Locks the acting token and its owner and checks that both still stand as they did at the door. A token that is being
 * revoked can then not leave a child behind: either the child is committed before the revocation looks for children, or not
 * at all (threats row 59); and one that was narrowed leaves nothing behind that it may no longer give.
 * @throws {Rejection} `authentication_required` when the acting token ended or was cut meanwhile.
 */
export async function lockActingToken(transaction: Transaction, caller: Caller, now: number): Promise<void> {
  if (caller.session !== undefined) await lockSignedIn(transaction, caller, caller.session);
  if (caller.staff !== undefined) await lockStaff(transaction, caller, caller.staff, now);
  if (caller.token === null) return;
  const { id, lineageId, membership } = caller.token;
  const lineage = await transaction.tokens.lockLineage(lineageId);
  const acting = lineage.find((token) => token.id === id);
  const owner = await transaction.owners.lockOwner({ id: membership.owner.id });
  const ownerStands =
    owner !== null && owner.disabledAt === null && owner.disabledByProviderAt === null && owner.deletedAt === null;
  if (!ownerStands || acting === undefined || !isAccepted(acting, now)) {
    throw new Rejection('authentication_required', 'The token that asked has ended.');
  }
  const beyond = entriesNotCovered(entriesOf(caller.management), await permissionsNow(transaction, acting), null);
  if (beyond.length > 0 || isCut(caller.token, acting)) {
    throw new Rejection('authentication_required', 'The token that asked was changed meanwhile. Ask again.');
  }
}

/**
 * The same for somebody signed in: session, user, membership and what it gives still stand.
 * @throws {Rejection} `authentication_required`.
 */
async function lockSignedIn(
  transaction: Transaction,
  caller: Caller,
  { session, workspace }: SessionRow,
): Promise<void> {
  const owner = await transaction.owners.lockOwner({ id: session.ownerId });
  const place = await transaction.owners.findWorkspace({ id: workspace.id });
  const isOpen = (await transaction.sessions.list(session.ownerId)).some(({ id }) => id === session.id);
  const stands =
    isOpen &&
    owner !== null &&
    owner.disabledAt === null &&
    owner.disabledByProviderAt === null &&
    owner.deletedAt === null;
  const now = await permissionsNow(transaction, { ownerId: session.ownerId, workspaceId: workspace.id });
  const beyond = entriesNotCovered(entriesOf(caller.management), now, null);
  if (!stands || place === null || place.disabledAt !== null || beyond.length > 0) {
    throw new Rejection('authentication_required', 'What you may do here was changed meanwhile. Sign in again.');
  }
}

/**
 * The same for somebody whom the provider sent: the session, and what role and sender give, still stand.
 * @throws {Rejection} `authentication_required`.
 */
async function lockStaff(
  transaction: Transaction,
  caller: Caller,
  { session, workspace }: StaffSession,
  now: number,
): Promise<void> {
  const [kept] = await transaction.staff.lock({ id: session.id });
  const place = await transaction.owners.findWorkspace({ id: workspace.id });
  const role = (await transaction.owners.listRoles()).find(({ id }) => id === session.roleId);
  const bounds = [compilePermissions(role?.permissions ?? []), ...(await senderPermissions(transaction, session, now))];
  const entries = entriesOf(caller.management);
  const isCovered = bounds.every((bound) => entriesNotCovered(entries, bound, null).length === 0);
  if (kept === undefined || place === null || place.disabledAt !== null || !isCovered) {
    throw new Rejection('authentication_required', 'What you may do here was changed meanwhile. Open it again.');
  }
}

/** What whoever sent a person may do at this moment of the transaction, each part by itself; nothing once they ended. */
async function senderPermissions(
  transaction: Transaction,
  { minter }: StaffSession['session'],
  now: number,
): Promise<readonly PermissionSet[]> {
  if (minter === null) return [];
  const token = 'tokenId' in minter ? await transaction.tokens.findById(minter.tokenId) : null;
  if (token !== null) await transaction.tokens.lockLineage(token.lineageId);
  const place = 'tokenId' in minter ? token : minter;
  const owner = place === null ? null : await transaction.owners.lockOwner({ id: place.ownerId });
  const stands =
    owner !== null && owner.disabledAt === null && owner.disabledByProviderAt === null && owner.deletedAt === null;
  if (place === null || !stands) return [compilePermissions([])];
  const held = await permissionsNow(transaction, place);
  if (token === null) return [held];
  const current = await transaction.tokens.findById(token.id);
  const grant = current !== null && isAccepted(current, now) ? current.grant : null;
  return [held, compilePermissions(grant?.mode === 'permissions' ? grant.permissions : [])];
}

function isAccepted(token: TokenRecord, now: number): boolean {
  const state = tokenState(token, now);
  return state === 'active' || state === 'superseded';
}

/** Whether the token may do less, or might, than the door let it in for. */
function isCut(then: TokenFacts, now: TokenRecord): boolean {
  return (
    JSON.stringify(then.grant.grant) !== JSON.stringify(now.grant) ||
    !isIpSubset(then.ipAllowlist?.entries ?? null, now.ipAllowlist) ||
    lastInstant(now.expiresAt, now.graceEndsAt) < lastInstant(then.expiresAt, then.end?.graceEndsAt ?? null)
  );
}

function lastInstant(expiresAt: number | null, graceEndsAt: number | null): number {
  return Math.min(expiresAt ?? Infinity, graceEndsAt ?? Infinity);
}

/**
 * A token may not change or rotate one it was made from: it would outlive its own revocation, or loosen what binds it.
 * @throws {Rejection} `insufficient_permissions`.
 */
export async function refuseAncestor(
  transaction: Transaction,
  caller: Caller,
  target: { readonly lineageId: string },
): Promise<void> {
  if (caller.token === null) return;
  for (let id: string | null = caller.token.id; id !== null; ) {
    const token: TokenRecord | null = await transaction.tokens.findById(id);
    if (token !== null && id !== caller.token.id && token.lineageId === target.lineageId) {
      throw new Rejection('insufficient_permissions', 'A token cannot change the token it was made from.');
    }
    id = token?.parentId ?? null;
  }
}

function ownerKey(caller: Caller, asked: Reference | undefined): { id: string } | { externalId: string } {
  if (asked !== undefined) return 'id' in asked ? { id: asked.id } : { externalId: asked.external_id };
  if (caller.self === null) throw invalidInput('owner', 'Say whose token this is: {"external_id": …} or {"id": …}.');
  return { id: caller.self.ownerId };
}

async function findMembership(
  owners: OwnerReads,
  caller: Caller,
  owner: OwnerRecord,
  isSelf: boolean,
  asked: Reference | undefined,
): Promise<{ membership: MembershipRecord; workspace: WorkspaceRecord }> {
  const within = (await owners.memberships(owner.id)).filter((one) => reaches(caller, one.workspaceId));
  if (within.length === 0 && caller.reach !== 'installation') throw new OutOfReach('owner', owner.id, NO_SUCH_OWNER);
  const wanted = asked === undefined ? null : await findWorkspace(owners, asked);
  const own =
    isSelf && asked === undefined ? within.filter((one) => one.workspaceId === caller.self?.workspaceId) : within;
  const matching = asked === undefined ? own : own.filter((one) => one.workspaceId === wanted?.id);
  const [membership, second] = matching;
  if (membership === undefined)
    throw new Rejection('not_found', 'The owner is not a member of a workspace within your reach.');
  if (second !== undefined) throw invalidInput('workspace', 'The owner is a member of several workspaces: say which.');
  const workspace = await owners.findWorkspace({ id: membership.workspaceId });
  if (workspace === null) throw new Rejection('not_found');
  return { membership, workspace };
}

const NO_SUCH_OWNER = 'There is no such owner within your reach.';

function noSuchOwner(): Rejection {
  return new Rejection('not_found', NO_SUCH_OWNER);
}

/** A workspace by either id; null when there is none. */
export function findWorkspace(
  owners: Pick<OwnerReads, 'findWorkspace'>,
  asked: Reference,
): Promise<WorkspaceRecord | null> {
  return owners.findWorkspace('id' in asked ? { id: asked.id } : { externalId: asked.external_id });
}
