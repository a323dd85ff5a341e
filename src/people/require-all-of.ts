import { belongsElsewhere, type Caller, managementOf, reaches, requireManagement } from '../manage/index.ts';
import type { Transaction } from '../ports/index.ts';

/**
 * Whoever comes by what a user signs in with, or weakens it, can come to act as the user: they hold all the management that
 * the user holds, and reach every workspace of the user.
 * @throws {Rejection} `exceeds_creator`, `insufficient_permissions` for a user whom the caller does not reach as a whole.
 */
export async function requireAllOf(caller: Caller, { owners }: Transaction, userId: string): Promise<void> {
  const memberships = await owners.memberships(userId);
  if (!memberships.every(({ workspaceId }) => reaches(caller, workspaceId))) throw belongsElsewhere();
  requireManagement(caller, managementOf(memberships, await owners.listRoles()));
}
