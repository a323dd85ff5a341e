import type { z } from 'zod';
import { serviceAccountChangeInput, updateAccount } from './accounts.ts';
import { defineOperation } from './operation.ts';
import { type ChangedOwner, changedOwnerSchema } from './owner-wire.ts';

/** Changes a service account. Memberships are told as a whole; one that is missing is cut. */
export const updateServiceAccount = defineOperation<
  z.infer<typeof serviceAccountChangeInput>,
  ChangedOwner,
  z.input<typeof serviceAccountChangeInput>
>({
  id: 'updateServiceAccount',
  summary: 'Change, disable or enable a service account',
  access: { needs: 'keyhouse-service-accounts:write' },
  effect: 'changes',
  input: serviceAccountChangeInput,
  output: changedOwnerSchema,
  run: (engine, caller, input) => updateAccount(engine, caller, 'service_account', input),
});
