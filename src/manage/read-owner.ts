import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { describeOwner, findOwner, type OwnerWire, ownerSchema } from './owner-wire.ts';
import { externalIdSchema } from './schemas.ts';

const inputSchema = z.strictObject({ external_id: externalIdSchema });

/** One external owner, by the provider's own id. */
export const readOwner = defineOperation<z.infer<typeof inputSchema>, OwnerWire>({
  id: 'readOwner',
  summary: 'Read an external owner',
  access: { needs: 'keyhouse-owners:read' },
  effect: 'reads',
  input: inputSchema,
  output: ownerSchema,
  run: async (engine, caller, { external_id: externalId }) => {
    const owner = await findOwner(engine, caller, 'external', { externalId });
    return describeOwner(engine, caller, owner.id);
  },
});
