import type { Draft } from '../changes/index.ts';
import type { RoleRecord, Subject, Transaction } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { commitAgainOn } from './commit-again.ts';
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

/** Sees to the built-in role at a start. Safe to repeat; of two processes that start together one makes it. */
export async function seedAdminRole(engine: Engine): Promise<void> {
  const now = engine.clock.now();
  await commitAgainOn(engine, ['role_name'], async (transaction): Promise<Draft<null>> => {
    const { role, isNew } = await ensureAdminRole(engine, transaction, now);
    const subject: Subject = { kind: 'role', id: role.id };
    return {
      value: null,
      subjects: [subject],
      unchanged: !isNew,
      tightening: false,
      audit: {
        at: now,
        action: 'role.created',
        actor: { kind: 'system', id: null },
        onBehalfOf: null,
        subject,
        workspaceId: null,
        requestId: null,
        details: { name: role.name, permissions: role.permissions, everything: role.everything },
        personal: {},
      },
    };
  });
}
