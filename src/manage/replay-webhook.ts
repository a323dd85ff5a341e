import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import { auditDraft } from './audit-draft.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { readInstant } from './read-token-usage.ts';
import { flagSchema, idSchema, timeSchema } from './schemas.ts';
import { lockWebhook, requireEnabled } from './webhook-wire.ts';

const inputSchema = z.strictObject({
  id: idSchema,
  since: z.string().max(64).describe('RFC 3339; events are kept for 30 days'),
  include_delivered: flagSchema.optional().describe('true: what the endpoint has taken already, too'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({ webhook_id: z.string(), since: timeSchema, deliveries: z.int().describe('How many were begun') })
  .meta({ id: 'ReplayedWebhook' });
type Output = z.infer<typeof outputSchema>;

/** Delivers what happened since a time and the endpoint has not taken, also what it missed while it was disabled. */
export const replayWebhook = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'replayWebhook',
  summary: 'Deliver what happened since a time',
  access: { needs: 'keyhouse-webhooks:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { id, since: sinceText, include_delivered: isAll = false }) => {
    const since = readInstant('since', sinceText);
    const now = engine.clock.now();
    const { value: deliveries } = await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const webhook = await lockWebhook(transaction, caller, id);
      requireEnabled(webhook);
      const begun = await transaction.webhooks.replaySince(webhook, since, now, isAll);
      const subject = { kind: 'webhook' as const, id };
      return {
        value: begun,
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'webhook.replayed',
          subject,
          workspaceId: webhook.workspaceId,
          details: { since, include_delivered: isAll, deliveries: begun },
        }),
      };
    });
    return { webhook_id: id, since: formatInstant(since), deliveries };
  },
});
