import { z } from 'zod';
import { webhookUrlProblem } from '../policy/index.ts';
import type { OwnerReads, WebhookRecord } from '../ports/index.ts';
import { generateId, generateWebhookSecret, sealUnderPepper } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, reaches } from './caller.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { idSchema } from './schemas.ts';
import { secretSchema, webhookFields, webhookSchema, webhookWire } from './webhook-wire.ts';

const inputSchema = z.strictObject({
  ...webhookFields,
  workspace_id: idSchema
    .optional()
    .describe('Whose events it is told; left out: those of the caller’s workspace, or of every workspace'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = webhookSchema.extend({ secret: secretSchema }).meta({ id: 'CreatedWebhook' });
type Output = z.infer<typeof outputSchema>;

/** For one workspace, and for the installation. */
const WEBHOOKS_MAX = 20;

/** Creates an endpoint that is told what happens; its secret is in this answer and never again. */
export const createWebhook = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'createWebhook',
  summary: 'Create a webhook',
  access: { needs: 'keyhouse-webhooks:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    checkUrl(engine, input.url);
    const secret = generateWebhookSecret(engine.random);
    const now = engine.clock.now();
    const { value } = await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const workspaceId = await workspaceOf(caller, transaction.owners, input.workspace_id);
      if ((await transaction.webhooks.count(workspaceId)) >= WEBHOOKS_MAX) {
        throw new Rejection('conflict', `There are ${WEBHOOKS_MAX} webhooks already: delete one first.`);
      }
      const webhook: WebhookRecord = {
        id: generateId('whk', engine.random),
        workspaceId,
        url: new URL(input.url).href,
        description: input.description ?? null,
        eventTypes: input.event_types ?? null,
        sealedSecret: sealUnderPepper(secret, 'webhook', engine.pepper(), engine.random),
        previousSealed: null,
        previousEndsAt: null,
        disabledAt: null,
        disabledWhy: null,
        failingSince: null,
        lastFailedAt: null,
        createdAt: now,
        createdBy: caller.actor,
      };
      await transaction.webhooks.insert(webhook);
      const subject = { kind: 'webhook' as const, id: webhook.id };
      return {
        value: webhook,
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'webhook.created',
          subject,
          workspaceId,
          details: { host: new URL(webhook.url).host, event_types: webhook.eventTypes },
        }),
      };
    });
    return { ...webhookWire(value, now), secret };
  },
});

/** @throws {Rejection} `invalid_input` saying what is wrong with it. */
export function checkUrl({ webhookNetworks }: Engine, url: string): void {
  const problem = webhookUrlProblem(url, webhookNetworks);
  if (problem !== null) throw invalidInput('url', `This ${problem}`);
}

async function workspaceOf(caller: Caller, owners: OwnerReads, asked: string | undefined): Promise<string | null> {
  if (asked === undefined) return caller.reach === 'installation' ? null : caller.reach.workspaceId;
  const workspace = reaches(caller, asked) ? await owners.findWorkspace({ id: asked }) : null;
  if (workspace === null) throw invalidInput('workspace_id', 'There is no such workspace, or it is not yours.');
  return asked;
}
