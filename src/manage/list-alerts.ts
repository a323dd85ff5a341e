import { z } from 'zod';
import type { AlertFilter } from '../ports/index.ts';
import { ALERT_KIND_NAMES, type AlertWire, alertSchema, alertsWire } from './alert-wire.ts';
import { type Caller, reaches } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation, type Engine } from './operation.ts';
import { readInstant } from './read-token-usage.ts';
import { idSchema, listSchema, pageSchema } from './schemas.ts';

const inputSchema = z.strictObject({
  ...pageSchema,
  kind: z.enum(ALERT_KIND_NAMES).optional(),
  state: z.enum(['open', 'acknowledged']).optional(),
  token_id: idSchema.optional().describe('Also of the tokens it was rotated from and to'),
  workspace_id: idSchema.optional(),
  since: z.string().max(64).optional().describe('RFC 3339; raised at that instant or later'),
});
type Input = z.infer<typeof inputSchema>;

export interface Output {
  readonly data: AlertWire[];
  readonly next_cursor: string | null;
}

/** Alerts, newest first; a caller of one workspace sees those about its tokens alone. */
export const listAlerts = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listAlerts',
  summary: 'List alerts about what was unusual',
  access: { needs: 'keyhouse-alerts:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(alertSchema),
  run: async (engine, caller, input) => {
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const request = pageRequest(engine, caller, 'alerts', asked, input);
    const filter = await filterOf(engine, caller, input);
    if (filter === null) return { data: [], next_cursor: null };
    const page = await engine.store.alerts.list(filter, request);
    return {
      data: await alertsWire(engine, page.rows),
      next_cursor: nextCursor(engine, caller, 'alerts', asked, page),
    };
  },
});

/** null where nothing can be found. */
async function filterOf(engine: Engine, caller: Caller, input: Input): Promise<AlertFilter | null> {
  const { kind, state, token_id: tokenId, workspace_id: asked, since } = input;
  if (asked !== undefined && !reaches(caller, asked)) return null;
  const workspaceId = caller.reach === 'installation' ? asked : caller.reach.workspaceId;
  const token = tokenId === undefined ? undefined : await engine.store.tokens.findById(tokenId);
  if (token === null) return null;
  return {
    ...(kind !== undefined && { kind }),
    ...(state !== undefined && { isOpen: state === 'open' }),
    ...(token !== undefined && { lineageId: token.lineageId }),
    ...(workspaceId !== undefined && { workspaceId }),
    ...(since !== undefined && { since: readInstant('since', since) }),
  };
}
