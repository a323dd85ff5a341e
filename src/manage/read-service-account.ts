import type { z } from 'zod';
import { accountIdInput } from './accounts.ts';
import { defineOperation } from './operation.ts';
import { describeOwner, findOwner, type OwnerWire, ownerSchema } from './owner-wire.ts';

/** One service account with the memberships the caller may see. */
export const readServiceAccount = defineOperation<z.infer<typeof accountIdInput>, OwnerWire>({
  id: 'readServiceAccount',
  summary: 'Read a service account',
  access: { needs: 'keyhouse-service-accounts:read' },
  effect: 'reads',
  input: accountIdInput,
  output: ownerSchema,
  run: async (engine, caller, { id }) => {
    await findOwner(engine, caller, 'service_account', { id });
    return describeOwner(engine, caller, id);
  },
});
