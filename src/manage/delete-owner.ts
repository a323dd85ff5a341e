import { z } from 'zod';
import { type EndedOwnerWire, endedOwnerSchema, endOwner } from './end-owner.ts';
import { defineOperation } from './operation.ts';
import { externalIdSchema } from './schemas.ts';

const inputSchema = z.strictObject({ external_id: externalIdSchema });

/** Deletes an external owner with all its tokens; the provider's id for it can be used again. */
export const deleteOwner = defineOperation<z.infer<typeof inputSchema>, EndedOwnerWire>({
  id: 'deleteOwner',
  summary: 'Delete an external owner and revoke its tokens',
  access: { needs: 'keyhouse-owners:write' },
  effect: 'changes',
  input: inputSchema,
  output: endedOwnerSchema,
  run: (engine, caller, { external_id: externalId }) => endOwner(engine, caller, 'external', { externalId }),
});
