import type { z } from 'zod';
import { accountIdInput } from './accounts.ts';
import { defineOperation } from './operation.ts';
import { describeOwner, findOwner, type OwnerWire, ownerSchema } from './owner-wire.ts';

/** One user with the memberships the caller may see. */
export const readUser = defineOperation<z.infer<typeof accountIdInput>, OwnerWire>({
  id: 'readUser',
  summary: 'Read a user',
  access: { needs: 'keyhouse-users:read' },
  effect: 'reads',
  input: accountIdInput,
  output: ownerSchema,
  run: async (engine, caller, { id }) => {
    await findOwner(engine, caller, 'user', { id });
    return describeOwner(engine, caller, id);
  },
});
