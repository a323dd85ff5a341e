import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import type { Transaction, WebhookPatch, WebhookRecord } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { checkUrl } from './create-webhook.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { idSchema } from './schemas.ts';
import { lockWebhook, type WebhookWire, webhookFields, webhookSchema, webhookWire } from './webhook-wire.ts';

const inputSchema = z.strictObject({
  id: idSchema,
  ...webhookFields,
  url: webhookFields.url.optional(),
  disabled: z
    .boolean()
    .optional()
    .describe('true gives up what is still to be delivered; false also enables what Keyhouse has disabled'),
});
type Input = z.infer<typeof inputSchema>;

/** Changes an endpoint, disables it or enables it again. */
export const updateWebhook = defineOperation<Input, WebhookWire, z.input<typeof inputSchema>>({
  id: 'updateWebhook',
  summary: 'Change a webhook',
  access: { needs: 'keyhouse-webhooks:write' },
  effect: 'changes',
  input: inputSchema,
  output: webhookSchema,
  run: async (engine, caller, input) => {
    if (input.url !== undefined) checkUrl(engine, input.url);
    const { value } = await engine.changes.commit((transaction) => draftUpdate(engine, caller, input, transaction));
    return webhookWire(value, engine.clock.now());
  },
});

async function draftUpdate(
  engine: Engine,
  caller: Caller,
  { id, url, description, event_types: eventTypes, disabled }: Input,
  transaction: Transaction,
): Promise<Draft<WebhookRecord>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const before = await lockWebhook(transaction, caller, id);
  const isDisabling = disabled === true && before.disabledAt === null;
  const isEnabling = disabled === false && before.disabledAt !== null;
  const patch: WebhookPatch = {
    ...(url !== undefined && { url: new URL(url).href }),
    ...(description !== undefined && { description }),
    ...(eventTypes !== undefined && { eventTypes }),
    ...(isDisabling && { disabledAt: now, disabledWhy: 'by_hand' as const }),
    ...(isEnabling && { disabledAt: null, disabledWhy: null, failingSince: null, lastFailedAt: null }),
  };
  const after: WebhookRecord = { ...before, ...patch };
  const unchanged = JSON.stringify(before) === JSON.stringify(after);
  if (!unchanged) await transaction.webhooks.update(id, patch);
  if (isDisabling) await transaction.webhooks.giveUpAll(id, 'The endpoint was disabled.');
  const subject = { kind: 'webhook' as const, id };
  return {
    value: after,
    subjects: [subject],
    unchanged,
    tightening: false,
    audit: auditDraft(caller, now, {
      action: isDisabling ? 'webhook.disabled' : isEnabling ? 'webhook.enabled' : 'webhook.updated',
      subject,
      workspaceId: before.workspaceId,
      details: { before: shown(before), after: shown(after) },
    }),
  };
}

function shown({ url, eventTypes, disabledAt }: WebhookRecord) {
  return { host: new URL(url).host, event_types: eventTypes, disabled: disabledAt !== null };
}
