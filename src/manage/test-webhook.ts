import { z } from 'zod';
import { auditDraft } from './audit-draft.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { idSchema } from './schemas.ts';
import { type DeliveryWire, deliverySchema, deliveryWire, lockWebhook, requireEnabled } from './webhook-wire.ts';

const inputSchema = z.strictObject({ id: idSchema });

/** Sends an endpoint an event that says nothing but that it is a test; the deliveries tell what became of it. */
export const testWebhook = defineOperation<z.infer<typeof inputSchema>, DeliveryWire>({
  id: 'testWebhook',
  summary: 'Send a test event',
  access: { needs: 'keyhouse-webhooks:write' },
  effect: 'changes',
  input: inputSchema,
  output: deliverySchema,
  run: async (engine, caller, { id }) => {
    const now = engine.clock.now();
    const { value } = await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const webhook = await lockWebhook(transaction, caller, id);
      requireEnabled(webhook);
      const data = { webhook: { id }, actor: caller.actor };
      const delivery = await transaction.webhooks.publishTo(id, { type: 'webhook.test', at: now, data });
      const subject = { kind: 'webhook' as const, id };
      return {
        value: delivery,
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'webhook.tested',
          subject,
          workspaceId: webhook.workspaceId,
          details: { event_id: delivery.eventId },
        }),
      };
    });
    return deliveryWire(value);
  },
});
