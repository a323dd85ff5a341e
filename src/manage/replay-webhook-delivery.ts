import { z } from 'zod';
import { auditDraft } from './audit-draft.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { Rejection } from './rejection.ts';
import { idSchema } from './schemas.ts';
import {
  type DeliveryWire,
  deliverySchema,
  deliveryWire,
  findDelivery,
  lockWebhook,
  requireEnabled,
} from './webhook-wire.ts';

const inputSchema = z.strictObject({ id: idSchema, delivery_id: idSchema });

/** Delivers an event once more, under the id it had before; one that still waits is tried at once. */
export const replayWebhookDelivery = defineOperation<z.infer<typeof inputSchema>, DeliveryWire>({
  id: 'replayWebhookDelivery',
  summary: 'Deliver once more',
  access: { needs: 'keyhouse-webhooks:write' },
  effect: 'changes',
  input: inputSchema,
  output: deliverySchema,
  run: async (engine, caller, { id, delivery_id: deliveryId }) => {
    const now = engine.clock.now();
    await findDelivery(engine.store.webhooks, id, deliveryId);
    const { value } = await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const webhook = await lockWebhook(transaction, caller, id);
      requireEnabled(webhook);
      const delivery = await transaction.webhooks.replay(deliveryId, now);
      if (delivery === null) throw new Rejection('not_found');
      const subject = { kind: 'webhook' as const, id };
      return {
        value: delivery,
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'webhook.replayed',
          subject,
          workspaceId: webhook.workspaceId,
          details: { event_ids: [delivery.eventId] },
        }),
      };
    });
    return deliveryWire(value);
  },
});
