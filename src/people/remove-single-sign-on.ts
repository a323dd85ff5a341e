import { z } from 'zod';
import {
  auditDraft,
  defineOperation,
  findOwner,
  guaranteeSchema,
  guaranteeWire,
  idSchema,
  lockActingToken,
} from '../manage/index.ts';
import { requireAllOf } from './require-all-of.ts';

const inputSchema = z.strictObject({ id: idSchema });
const outputSchema = z
  .object({ removed: z.boolean().describe('Whether there was a link'), guarantee: guaranteeSchema })
  .meta({ id: 'RemovedSingleSignOn' });

/**
 * Forgets whom a provider means by a user, for somebody who has a new account there: the next sign-in links by address again.
 * Whoever does holds all the management that the user holds, and reaches every workspace of the user.
 */
export const removeSingleSignOn = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>>({
  id: 'removeSingleSignOn',
  summary: 'Unlink a user from single sign-on',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { id }) => {
    const user = await findOwner(engine, caller, 'user', { id });
    const { value: removed, guarantee } = await engine.changes.commit(async (transaction) => {
      const { identities, owners, sessions } = transaction;
      await lockActingToken(transaction, caller, engine.clock.now());
      await owners.lockOwner({ id: user.id });
      await requireAllOf(caller, transaction, user.id);
      const removed = await identities.deleteOf(user.id);
      // What the link has let in goes with it.
      if (removed) await sessions.end(user.id, { exceptId: null });
      return {
        value: removed,
        subjects: [{ kind: 'owner', id: user.id }],
        unchanged: !removed,
        tightening: true,
        audit: auditDraft(caller, engine.clock.now(), {
          action: 'single_sign_on.unlinked',
          subject: { kind: 'owner', id: user.id },
          workspaceId: caller.reach === 'installation' ? null : caller.reach.workspaceId,
          details: { user_id: user.id },
        }),
      };
    });
    if (guarantee === null) throw new Error('a link was removed without a guarantee');
    return { removed, guarantee: guaranteeWire(guarantee) };
  },
});
