import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { idSchema } from './schemas.ts';
import { findWebhook, type WebhookWire, webhookSchema, webhookWire } from './webhook-wire.ts';

const inputSchema = z.strictObject({ id: idSchema });

export const readWebhook = defineOperation<z.infer<typeof inputSchema>, WebhookWire>({
  id: 'readWebhook',
  summary: 'Read a webhook',
  access: { needs: 'keyhouse-webhooks:read' },
  effect: 'reads',
  input: inputSchema,
  output: webhookSchema,
  run: async (engine, caller, { id }) => webhookWire(await findWebhook(engine, caller, id), engine.clock.now()),
});
