import type { MembershipRecord, OwnerRecord, Transaction } from '../ports/index.ts';
import { ADMIN_ROLE } from './built-in-roles.ts';
import { Rejection } from './rejection.ts';

/** What an owner is about to become: null once it is deleted. */
export interface OwnerAfter {
  readonly owner: Pick<OwnerRecord, 'disabledAt'> | null;
  /** Its membership of the workspace that was asked about. */
  membershipOf(workspaceId: string): MembershipRecord | null;
}

/**
 * Somebody can always manage Keyhouse: the last user who is an administrator stays one. Two who would take it from each
 * other at once wait for each other on the home workspace.
 * @throws {Rejection} `conflict`.
 */
export async function keepAnAdministrator(
  { owners }: Transaction,
  before: OwnerRecord,
  after: OwnerAfter,
): Promise<void> {
  if (before.kind !== 'user' || before.disabledAt !== null) return;
  const home = await owners.findWorkspace({ home: true });
  const role = (await owners.listRoles()).find(({ name }) => name === ADMIN_ROLE);
  if (home === null || role === undefined) return;
  const administers = (membership: MembershipRecord | null | undefined) =>
    membership?.roleIds.includes(role.id) === true;
  const memberships = await owners.memberships(before.id);
  if (!administers(memberships.find(({ workspaceId }) => workspaceId === home.id))) return;
  if (after.owner?.disabledAt === null && administers(after.membershipOf(home.id))) return;
  await owners.directory.lockWorkspace(home.id);
  if (await owners.isHeldByAnother({ roleId: role.id, workspaceId: home.id, exceptOwnerId: before.id })) return;
  throw new Rejection('conflict', 'This is the last administrator. Make somebody else one first.');
}
