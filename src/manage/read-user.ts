import type { z } from 'zod';
import { accountIdInput } from './accounts.ts';
import { defineOperation } from './operation.ts';
import { describeOwner, findOwner } from './owner-wire.ts';
import { describeUsers, type UserWire, userSchema } from './user-wire.ts';

/** One user with the memberships the caller may see. */
export const readUser = defineOperation<z.infer<typeof accountIdInput>, UserWire>({
  id: 'readUser',
  summary: 'Read a user',
  access: { needs: 'keyhouse-users:read' },
  effect: 'reads',
  input: accountIdInput,
  output: userSchema,
  run: async (engine, caller, { id }) => {
    await findOwner(engine, caller, 'user', { id });
    const [user] = await describeUsers(engine, [await describeOwner(engine, caller, id)]);
    return user as UserWire;
  },
});
