import { z } from 'zod';
import { isReserved } from '../policy/index.ts';
import { type RoleRecord, UniqueViolation } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import { ADMIN_ROLE } from './built-in-roles.ts';
import { requireInstallation } from './caller.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { requireManagement } from './plan-memberships.ts';
import { Rejection } from './rejection.ts';
import { type RoleWire, roleSchema, roleWire } from './role-wire.ts';
import { nameSchema, permissionListSchema } from './schemas.ts';
import { checkKnown } from './token-input.ts';

const inputSchema = z.strictObject({ name: nameSchema, permissions: permissionListSchema });

/** Creates a role: permissions under a name, the same in every workspace. */
export const createRole = defineOperation<z.infer<typeof inputSchema>, RoleWire, z.input<typeof inputSchema>>({
  id: 'createRole',
  summary: 'Create a role',
  access: { needs: 'keyhouse-roles:write' },
  effect: 'changes',
  input: inputSchema,
  output: roleSchema,
  run: async (engine, caller, { name, permissions }) => {
    requireInstallation(caller);
    checkKnown(permissions, engine.authenticator.profile.profile);
    requireManagement(caller, permissions.filter(isReserved));
    if (name === ADMIN_ROLE) throw nameTaken(name);
    const now = engine.clock.now();
    const role: RoleRecord = {
      id: generateId('rol', engine.random),
      name,
      permissions: [...new Set(permissions)],
      everything: false,
      builtIn: false,
      createdAt: now,
    };
    const subject = { kind: 'role' as const, id: role.id };
    await uniquely(name, () =>
      engine.changes.commit(async (transaction) => {
        await lockActingToken(transaction, caller, now);
        await transaction.owners.directory.insertRole(role);
        return {
          value: null,
          subjects: [subject],
          tightening: false,
          audit: auditDraft(caller, now, {
            action: 'role.created',
            subject,
            workspaceId: null,
            details: { name, permissions: role.permissions },
          }),
        };
      }),
    );
    return roleWire(role);
  },
});

/** @throws {Rejection} `conflict` where another role has the name. */
export async function uniquely<T>(name: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UniqueViolation) || error.constraint !== 'role_name') throw error;
    throw nameTaken(name ?? '', error);
  }
}

export function nameTaken(name: string, cause?: unknown): Rejection {
  return new Rejection('conflict', `There is a role ${name} already.`, { cause });
}
