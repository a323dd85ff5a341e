import type { z } from 'zod';
import { accountIdInput } from './accounts.ts';
import { type EndedOwnerWire, endedOwnerSchema, endOwner } from './end-owner.ts';
import { defineOperation } from './operation.ts';

/** Deletes a service account with all its tokens. */
export const deleteServiceAccount = defineOperation<z.infer<typeof accountIdInput>, EndedOwnerWire>({
  id: 'deleteServiceAccount',
  summary: 'Delete a service account and revoke its tokens',
  access: { needs: 'keyhouse-service-accounts:write' },
  effect: 'changes',
  input: accountIdInput,
  output: endedOwnerSchema,
  run: (engine, caller, { id }) => endOwner(engine, caller, 'service_account', { id }),
});
