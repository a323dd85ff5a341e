import type { z } from 'zod';
import { createAccount, newServiceAccountInput } from './accounts.ts';
import { defineOperation } from './operation.ts';
import { type OwnerWire, ownerSchema } from './owner-wire.ts';

/** Creates a service account: an owner that is a machine and never signs in. */
export const createServiceAccount = defineOperation<
  z.infer<typeof newServiceAccountInput>,
  OwnerWire,
  z.input<typeof newServiceAccountInput>
>({
  id: 'createServiceAccount',
  summary: 'Create a service account',
  access: { needs: 'keyhouse-service-accounts:write' },
  effect: 'changes',
  input: newServiceAccountInput,
  output: ownerSchema,
  run: (engine, caller, input) => createAccount(engine, caller, 'service_account', input),
});
