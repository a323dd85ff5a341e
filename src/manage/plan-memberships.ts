import { compilePermissions, entriesNotCovered, entriesOf, isReserved, type PermissionSet } from '../policy/index.ts';
import type { MembershipRecord, OwnerKind, OwnerReads, RoleRecord, WorkspaceRecord } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { type Caller, reaches } from './caller.ts';
import { findWorkspace } from './holder.ts';
import type { Engine } from './operation.ts';
import { OutOfReach } from './out-of-reach.ts';
import type { MembershipChange } from './owner-change.ts';
import type { MembershipWish } from './owner-input.ts';
import { permissionsOf } from './permissions-of.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { checkKnown } from './token-input.ts';

/** What a plan is made from: the state as it is read, inside a transaction or outside. */
export interface PlanContext {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly owners: OwnerReads;
  readonly roles: readonly RoleRecord[];
  readonly now: number;
  /** Workspaces that are planned and not there yet, by external id; the lines of one dry run share them. */
  readonly foreseen: Map<string, WorkspaceRecord>;
}

export interface MembershipsPlan {
  readonly changes: readonly MembershipChange[];
  readonly newWorkspaces: readonly WorkspaceRecord[];
  readonly narrows: boolean;
}

/**
 * Compares the memberships an owner has with the whole set that was asked for, as far as the caller reaches.
 * @param held memberships within reach.
 * @throws {Rejection} `not_found` for workspaces that do not exist or are out of reach, `unknown_permission`,
 *   `exceeds_creator` where more management is given than the caller holds.
 */
export async function planMemberships(
  context: PlanContext,
  owner: { readonly id: string; readonly kind: OwnerKind },
  held: readonly MembershipRecord[],
  wishes: readonly MembershipWish[],
): Promise<MembershipsPlan> {
  const newWorkspaces: WorkspaceRecord[] = [];
  const changes: MembershipChange[] = [];
  const wanted = new Set<string>();
  for (const wish of wishes) {
    const found = await resolveWorkspace(context, owner.kind, wish);
    if (found.isNew) newWorkspaces.push(found.workspace);
    const { workspace } = found;
    if (wanted.has(workspace.id)) throw invalidInput(`${wish.path}workspace`, 'This workspace is named twice.');
    wanted.add(workspace.id);
    const before = held.find((one) => one.workspaceId === workspace.id) ?? null;
    const after: MembershipRecord = {
      ownerId: owner.id,
      workspaceId: workspace.id,
      permissions: readPermissions(context, owner.kind, wish),
      roleIds: readRoles(context, wish),
      createdAt: before?.createdAt ?? context.now,
    };
    checkMayEmpower(context, before, after);
    if (before === null || !isSame(before, after)) changes.push({ workspace, before, after });
  }
  for (const before of held.filter((one) => !wanted.has(one.workspaceId))) {
    const workspace = await context.owners.findWorkspace({ id: before.workspaceId });
    if (workspace !== null) changes.push({ workspace, before, after: null });
  }
  return { changes, newWorkspaces, narrows: changes.some((change) => narrowsMembership(context, change)) };
}

/** Management permissions that are held in any of these memberships. */
export function managementOf(memberships: readonly MembershipRecord[], roles: readonly RoleRecord[]): string[] {
  return memberships.flatMap((one) => entriesOf(permissionsOf(one, roles)).filter(isReserved));
}

/** Whether `before` allows something that `after` does not. */
export function losesPermission(
  before: PermissionSet,
  after: PermissionSet,
  catalogue: readonly string[] | null,
): boolean {
  if (before.everything && !after.everything) return true;
  return entriesNotCovered(entriesOf(before), after, catalogue).length > 0;
}

function narrowsMembership({ engine, roles }: PlanContext, { before, after }: MembershipChange): boolean {
  if (before === null) return false;
  // Being a member at all is worth something: a token with no permission still authenticates.
  if (after === null) return true;
  const { catalogue } = engine.authenticator.profile;
  return losesPermission(permissionsOf(before, roles), permissionsOf(after, roles), catalogue);
}

async function resolveWorkspace(
  context: PlanContext,
  kind: OwnerKind,
  { workspace: asked, path }: MembershipWish,
): Promise<{ readonly workspace: WorkspaceRecord; readonly isNew: boolean }> {
  const { caller, engine, foreseen, now } = context;
  const found = await findWorkspace(context.owners, asked);
  if (found !== null && reaches(caller, found.id)) return { workspace: found, isNew: false };
  if (found !== null || kind !== 'external' || !('external_id' in asked) || caller.reach !== 'installation') {
    const message = 'There is no such workspace within your reach.';
    const problems = [{ path: `${path}workspace`, message }];
    throw found === null
      ? new Rejection('not_found', message, { problems })
      : new OutOfReach('workspace', found.id, message, problems);
  }
  const { external_id: externalId, name } = asked;
  const already = foreseen.get(externalId);
  if (already !== undefined) return { workspace: already, isNew: false };
  const workspace: WorkspaceRecord = {
    id: generateId('wsp', engine.random),
    externalId,
    name: name ?? [...externalId].slice(0, 100).join(''),
    isHome: false,
    disabledAt: null,
    metadata: {},
    createdAt: now,
  };
  foreseen.set(externalId, workspace);
  return { workspace, isNew: true };
}

function readPermissions({ engine }: PlanContext, kind: OwnerKind, { permissions, path }: MembershipWish) {
  checkKnown(permissions, engine.authenticator.profile.profile, `${path}permissions`);
  const reserved = kind === 'external' ? permissions.findIndex(isReserved) : -1;
  if (reserved >= 0) {
    const message = `An external owner cannot be given ${permissions[reserved]}: it is about Keyhouse itself.`;
    throw new Rejection('unknown_permission', message, {
      problems: [{ path: `${path}permissions.${reserved}`, message }],
    });
  }
  return permissions;
}

function readRoles({ roles }: PlanContext, wish: MembershipWish): string[] {
  const ids = wish.roles.map((asked, index) => {
    const role = roles.find(({ id }) => id === asked) ?? roles.find(({ name }) => name === asked);
    if (role === undefined) throw invalidInput(`${wish.path}roles.${index}`, 'There is no such role.');
    return role.id;
  });
  return [...new Set(ids)];
}

/** Whoever gives management, directly or by a role, holds it; what the owner had there before is no gift. */
function checkMayEmpower(
  { caller, roles }: PlanContext,
  before: MembershipRecord | null,
  after: MembershipRecord,
): void {
  const had = before === null ? compilePermissions([]) : permissionsOf(before, roles);
  const gained = entriesNotCovered(managementOf([after], roles), had, null);
  requireManagement(caller, gained);
}

/** @throws {Rejection} `exceeds_creator` for management permissions the caller does not hold. */
export function requireManagement(caller: Caller, permissions: readonly string[]): void {
  const beyond = [...new Set(entriesNotCovered(permissions, caller.management, null))].sort();
  if (beyond.length === 0) return;
  const message = `The caller does not hold ${beyond.join(', ')}.`;
  throw new Rejection('exceeds_creator', message, { problems: [{ path: 'permissions', message }] });
}

function isSame(before: MembershipRecord, after: MembershipRecord): boolean {
  return sameSet(before.permissions, after.permissions) && sameSet(before.roleIds, after.roleIds);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}
