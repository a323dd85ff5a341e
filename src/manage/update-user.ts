import type { z } from 'zod';
import { updateAccount, userChangeInput } from './accounts.ts';
import { defineOperation } from './operation.ts';
import { type ChangedOwner, changedOwnerSchema } from './owner-wire.ts';

/** Changes a user. Memberships are told as a whole; a membership that is missing is cut. */
export const updateUser = defineOperation<
  z.infer<typeof userChangeInput>,
  ChangedOwner,
  z.input<typeof userChangeInput>
>({
  id: 'updateUser',
  summary: 'Change, disable or enable a user',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: userChangeInput,
  output: changedOwnerSchema,
  run: (engine, caller, input) => updateAccount(engine, caller, 'user', input),
});
