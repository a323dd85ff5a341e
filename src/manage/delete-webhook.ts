import { z } from 'zod';
import { auditDraft } from './audit-draft.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { idSchema } from './schemas.ts';
import { lockWebhook } from './webhook-wire.ts';

const inputSchema = z.strictObject({ id: idSchema });
const outputSchema = z.object({ id: z.string(), deleted: z.literal(true) }).meta({ id: 'DeletedWebhook' });

/** Deletes an endpoint with its deliveries, also those that are still to be made. */
export const deleteWebhook = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>>({
  id: 'deleteWebhook',
  summary: 'Delete a webhook',
  access: { needs: 'keyhouse-webhooks:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { id }) => {
    const now = engine.clock.now();
    await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const { workspaceId, url } = await lockWebhook(transaction, caller, id);
      await transaction.webhooks.delete(id);
      const subject = { kind: 'webhook' as const, id };
      const details = { host: new URL(url).host };
      return {
        value: null,
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, { action: 'webhook.deleted', subject, workspaceId, details }),
      };
    });
    return { id, deleted: true };
  },
});
