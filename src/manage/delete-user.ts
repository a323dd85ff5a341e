import type { z } from 'zod';
import { accountIdInput } from './accounts.ts';
import { type EndedOwnerWire, endedOwnerSchema, endOwner } from './end-owner.ts';
import { defineOperation } from './operation.ts';

/** Deletes a user with all its tokens; the e-mail address can be used again. */
export const deleteUser = defineOperation<z.infer<typeof accountIdInput>, EndedOwnerWire>({
  id: 'deleteUser',
  summary: 'Delete a user and revoke its tokens',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: accountIdInput,
  output: endedOwnerSchema,
  run: (engine, caller, { id }) => endOwner(engine, caller, 'user', { id }),
});
