import { z } from 'zod';
import { defineOperation, findOwner, idSchema, lockActingToken } from '../manage/index.ts';
import { removedFactorSchema, removeFactor } from './own-second-factor.ts';
import { requireAllOf } from './require-all-of.ts';

const inputSchema = z.strictObject({ id: idSchema });

/**
 * Removes the second factor of somebody who has lost it. Whoever does holds all the management that the user holds, and
 * reaches every workspace of the user: it let the user into all of them.
 */
export const removeSecondFactor = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof removedFactorSchema>>({
  id: 'removeSecondFactor',
  summary: 'Remove the second factor of a user',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: inputSchema,
  output: removedFactorSchema,
  run: async (engine, caller, { id }) => {
    const user = await findOwner(engine, caller, 'user', { id });
    return removeFactor(engine, caller, user.id, async (transaction) => {
      await lockActingToken(transaction, caller, engine.clock.now());
      await transaction.owners.lockOwner({ id: user.id });
      await requireAllOf(caller, transaction, user.id);
    });
  },
});
