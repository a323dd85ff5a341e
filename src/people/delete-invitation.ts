import { z } from 'zod';
import {
  auditDraft,
  defineOperation,
  guaranteeSchema,
  guaranteeWire,
  idSchema,
  lockActingToken,
  Rejection,
  reaches,
} from '../manage/index.ts';

const inputSchema = z.strictObject({ id: idSchema });
const outputSchema = z.object({ id: z.string(), guarantee: guaranteeSchema }).meta({ id: 'WithdrawnInvitation' });

/** Withdraws an invitation: its link lets nobody in any more. */
export const deleteInvitation = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>>({
  id: 'deleteInvitation',
  summary: 'Withdraw an invitation',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { id }) => {
    const now = engine.clock.now();
    const { guarantee } = await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const invitation = await transaction.links.lockInvitation({ id });
      if (invitation === null || !reaches(caller, invitation.workspaceId)) throw new Rejection('not_found');
      await transaction.links.deleteInvitation(id);
      const subject = { kind: 'invitation' as const, id };
      return {
        value: null,
        subjects: [subject],
        tightening: true,
        audit: auditDraft(caller, now, {
          action: 'invitation.withdrawn',
          subject,
          workspaceId: invitation.workspaceId,
          personal: { email: invitation.email },
        }),
      };
    });
    if (guarantee === null) throw new Error('an invitation was withdrawn without a guarantee');
    return { id, guarantee: guaranteeWire(guarantee) };
  },
});
