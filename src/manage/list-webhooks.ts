import { z } from 'zod';
import { reaches } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { idSchema, listSchema, pageSchema } from './schemas.ts';
import { type WebhookWire, webhookSchema, webhookWire } from './webhook-wire.ts';

const inputSchema = z.strictObject({ ...pageSchema, workspace_id: idSchema.optional() });
type Input = z.infer<typeof inputSchema>;

export interface Output {
  readonly data: WebhookWire[];
  readonly next_cursor: string | null;
}

/** Webhooks, newest first; a caller of one workspace sees its own alone. */
export const listWebhooks = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listWebhooks',
  summary: 'List webhooks',
  access: { needs: 'keyhouse-webhooks:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(webhookSchema),
  run: async (engine, caller, input) => {
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const request = pageRequest(engine, caller, 'webhooks', asked, input);
    if (input.workspace_id !== undefined && !reaches(caller, input.workspace_id))
      return { data: [], next_cursor: null };
    const workspaceId = caller.reach === 'installation' ? input.workspace_id : caller.reach.workspaceId;
    const page = await engine.store.webhooks.list({ ...(workspaceId !== undefined && { workspaceId }) }, request);
    const now = engine.clock.now();
    return {
      data: page.rows.map((webhook) => webhookWire(webhook, now)),
      next_cursor: nextCursor(engine, caller, 'webhooks', asked, page),
    };
  },
});
