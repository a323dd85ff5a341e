import { z } from 'zod';
import { auditDraft } from './audit-draft.ts';
import { requireInstallation } from './caller.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { Rejection } from './rejection.ts';
import { idSchema } from './schemas.ts';
import { lockOwnRole } from './update-role.ts';

const inputSchema = z.strictObject({ id: idSchema });

const outputSchema = z.object({ id: z.string(), deleted: z.literal(true) }).meta({ id: 'DeletedRole' });
type Output = z.infer<typeof outputSchema>;

/** Deletes a role that nobody holds: taking it from people is a change of theirs, and said so. */
export const deleteRole = defineOperation<z.infer<typeof inputSchema>, Output>({
  id: 'deleteRole',
  summary: 'Delete a role that nobody holds',
  access: { needs: 'keyhouse-roles:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { id }) => {
    requireInstallation(caller);
    const now = engine.clock.now();
    const subject = { kind: 'role' as const, id };
    await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const role = await lockOwnRole(transaction, id);
      const holders = await transaction.owners.countRoleHolders(id);
      if (holders > 0) {
        const held = holders === 1 ? '1 membership holds' : `${holders} memberships hold`;
        throw new Rejection('conflict', `${held} the role ${role.name}: take it from them first.`, {
          extra: { holders },
        });
      }
      await transaction.owners.directory.deleteRole(id);
      return {
        value: null,
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'role.deleted',
          subject,
          workspaceId: null,
          details: { name: role.name, permissions: role.permissions },
        }),
      };
    });
    return { id, deleted: true };
  },
});
