import { z } from 'zod';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { askedText, idSchema, listSchema, pageSchema } from './schemas.ts';
import { type DeliveryWire, deliverySchema, deliveryWire, findWebhook } from './webhook-wire.ts';

const inputSchema = z.strictObject({
  id: idSchema,
  ...pageSchema,
  state: z.enum(['pending', 'delivered', 'given_up']).optional(),
  event_type: askedText(64).optional(),
});
type Input = z.infer<typeof inputSchema>;

export interface Output {
  readonly data: DeliveryWire[];
  readonly next_cursor: string | null;
}

/** What became of each event at an endpoint, newest first. */
export const listWebhookDeliveries = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listWebhookDeliveries',
  summary: 'List deliveries of a webhook',
  access: { needs: 'keyhouse-webhooks:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(deliverySchema),
  run: async (engine, caller, input) => {
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const request = pageRequest(engine, caller, 'webhook deliveries', asked, input);
    const { id: webhookId } = await findWebhook(engine, caller, input.id);
    const state = input.state === 'delivered' ? ('sent' as const) : input.state;
    const { event_type: type } = input;
    const filter = { webhookId, ...(state !== undefined && { state }), ...(type !== undefined && { type }) };
    const page = await engine.store.webhooks.listDeliveries(filter, request);
    return {
      data: page.rows.map(deliveryWire),
      next_cursor: nextCursor(engine, caller, 'webhook deliveries', asked, page),
    };
  },
});
