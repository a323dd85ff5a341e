import { z } from 'zod';
import { generateWebhookSecret, sealUnderPepper } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { flagSchema, idSchema } from './schemas.ts';
import { lockWebhook, secretSchema, webhookSchema, webhookWire } from './webhook-wire.ts';

const inputSchema = z.strictObject({
  id: idSchema,
  end_previous: flagSchema.optional().describe('true: the old secret signs nothing any more from now on'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = webhookSchema.extend({ secret: secretSchema }).meta({ id: 'RotatedWebhook' });
type Output = z.infer<typeof outputSchema>;

/** While both secrets sign, receivers change theirs. */
const OVERLAP_MS = 24 * 60 * 60_000;

/** Gives an endpoint a new secret; the one before signs beside it for 24 hours. */
export const rotateWebhookSecret = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'rotateWebhookSecret',
  summary: 'Give a webhook a new secret',
  access: { needs: 'keyhouse-webhooks:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { id, end_previous: endsPrevious = false }) => {
    const secret = generateWebhookSecret(engine.random);
    const now = engine.clock.now();
    const { value } = await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const before = await lockWebhook(transaction, caller, id);
      const patch = {
        sealedSecret: sealUnderPepper(secret, 'webhook', engine.pepper(), engine.random),
        previousSealed: endsPrevious ? null : before.sealedSecret,
        previousEndsAt: endsPrevious ? null : now + OVERLAP_MS,
      };
      await transaction.webhooks.update(id, patch);
      const subject = { kind: 'webhook' as const, id };
      return {
        value: { ...before, ...patch },
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'webhook.secret_rotated',
          subject,
          workspaceId: before.workspaceId,
          details: { previous_ends_at: patch.previousEndsAt },
        }),
      };
    });
    return { ...webhookWire(value, now), secret };
  },
});
