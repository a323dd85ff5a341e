import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { compilePermissions, entriesNotCovered, isReserved } from '../policy/index.ts';
import type { RoleRecord, Transaction } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import { ADMIN_ROLE } from './built-in-roles.ts';
import { type Caller, requireInstallation } from './caller.ts';
import { nameTaken, uniquely } from './create-role.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { losesPermission, requireManagement } from './plan-memberships.ts';
import { Rejection } from './rejection.ts';
import { roleSchema, roleWire } from './role-wire.ts';
import { guaranteeSchema, idSchema, nameSchema, permissionListSchema } from './schemas.ts';
import { checkKnown } from './token-input.ts';

const inputSchema = z.strictObject({
  id: idSchema,
  name: nameSchema.optional(),
  permissions: permissionListSchema.optional().describe('The whole set: one that is missing is cut from everyone'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = roleSchema
  .extend({ guarantee: guaranteeSchema.optional().describe('Present when something accepted before is now refused') })
  .meta({ id: 'UpdatedRole' });
type Output = z.infer<typeof outputSchema>;

/** Changes a role for everybody who holds it, at once. */
export const updateRole = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'updateRole',
  summary: 'Change a role',
  access: { needs: 'keyhouse-roles:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    requireInstallation(caller);
    const { value, guarantee } = await uniquely(input.name, () =>
      engine.changes.commit((transaction) => draftUpdate(engine, caller, input, transaction)),
    );
    const wire = roleWire(value);
    return guarantee === null ? wire : { ...wire, guarantee: guaranteeWire(guarantee) };
  },
});

async function draftUpdate(
  engine: Engine,
  caller: Caller,
  { id, name, permissions }: Input,
  transaction: Transaction,
): Promise<Draft<RoleRecord>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const before = await lockOwnRole(transaction, id);
  if (name === ADMIN_ROLE) throw nameTaken(name);
  const after: RoleRecord = {
    ...before,
    ...(name !== undefined && { name }),
    ...(permissions !== undefined && { permissions: [...new Set(permissions)] }),
  };
  const was = compilePermissions(before.permissions);
  if (permissions !== undefined) {
    checkKnown(permissions, engine.authenticator.profile.profile);
    requireManagement(caller, entriesNotCovered(permissions.filter(isReserved), was, null));
  }
  const narrows = losesPermission(was, compilePermissions(after.permissions), engine.authenticator.profile.catalogue);
  const unchanged = JSON.stringify(before) === JSON.stringify(after);
  if (!unchanged) {
    const { name: newName, permissions: newPermissions } = after;
    await transaction.owners.directory.updateRole(id, { name: newName, permissions: newPermissions });
  }
  const subject = { kind: 'role' as const, id };
  return {
    value: after,
    subjects: [subject],
    unchanged,
    tightening: narrows || unchanged,
    audit: auditDraft(caller, now, {
      action: 'role.updated',
      subject,
      workspaceId: null,
      details: {
        before: { name: before.name, permissions: before.permissions },
        after: { name: after.name, permissions: after.permissions },
        narrowed: narrows,
      },
    }),
  };
}

/** @throws {Rejection} `not_found`, or `conflict` for the built-in role. */
export async function lockOwnRole(transaction: Transaction, id: string): Promise<RoleRecord> {
  const role = await transaction.owners.directory.lockRole(id);
  if (role === null) throw new Rejection('not_found');
  if (role.builtIn) throw new Rejection('conflict', `The role ${role.name} is built in and stays as it is.`);
  return role;
}
