import type { RoleRecord, Transaction } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { ALL_MANAGEMENT } from './management-permissions.ts';
import type { Engine } from './operation.ts';

/** The built-in role: every permission of the provider's and all of Keyhouse's own, also those that come later. */
export const ADMIN_ROLE = 'admin';

/** The built-in role, made where it is missing; nobody else can have taken its name. */
export async function ensureAdminRole(
  engine: Pick<Engine, 'random'>,
  transaction: Transaction,
  now: number,
): Promise<{ readonly role: RoleRecord; readonly isNew: boolean }> {
  const found = (await transaction.owners.listRoles()).find((role) => role.name === ADMIN_ROLE);
  if (found !== undefined) return { role: found, isNew: false };
  const role: RoleRecord = {
    id: generateId('rol', engine.random),
    name: ADMIN_ROLE,
    permissions: ALL_MANAGEMENT,
    everything: true,
    builtIn: true,
    createdAt: now,
  };
  await transaction.owners.directory.insertRole(role);
  return { role, isNew: true };
}
