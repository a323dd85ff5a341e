import { z } from 'zod';
import { defineOperation, findOwner, idSchema, managementOf, requireManagement } from '../manage/index.ts';
import { removedFactorSchema, removeFactor } from './own-second-factor.ts';

const inputSchema = z.strictObject({ id: idSchema });

/** Removes the second factor of somebody who has lost it. Whoever does holds all the management that the user holds. */
export const removeSecondFactor = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof removedFactorSchema>>({
  id: 'removeSecondFactor',
  summary: 'Remove the second factor of a user',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: inputSchema,
  output: removedFactorSchema,
  run: async (engine, caller, { id }) => {
    const user = await findOwner(engine, caller, 'user', { id });
    const { owners } = engine.store;
    requireManagement(caller, managementOf(await owners.memberships(user.id), await owners.listRoles()));
    return removeFactor(engine, caller, user.id);
  },
});
