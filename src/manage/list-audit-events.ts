import { z } from 'zod';
import type { AuditFilter } from '../ports/index.ts';
import { type AuditEventWire, auditEventSchema, auditEventWire } from './audit-event-wire.ts';
import { type Caller, reaches } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { readInstant } from './read-token-usage.ts';
import { askedText, idSchema, listSchema, pageSchema } from './schemas.ts';

export const askedEventsSchema = {
  subject_id: askedText(200).optional().describe('What was changed: an owner, a lineage, a role …'),
  actor_id: askedText(200).optional(),
  action: askedText(64).optional().describe('For example token.revoked'),
  request_id: askedText(64).optional(),
  workspace_id: idSchema.optional(),
  from: z.string().max(64).optional().describe('RFC 3339; events at that instant are in the list'),
  to: z.string().max(64).optional().describe('RFC 3339; events at that instant are not'),
};
const asked = z.object(askedEventsSchema);
type AskedEvents = z.infer<typeof asked>;

const inputSchema = z.strictObject({ ...pageSchema, ...askedEventsSchema });
type Input = z.infer<typeof inputSchema>;

export interface Output {
  readonly data: AuditEventWire[];
  readonly next_cursor: string | null;
}

/** What was changed by whom, newest first; a caller of one workspace sees what concerns that workspace alone. */
export const listAuditEvents = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listAuditEvents',
  summary: 'Read the audit log',
  access: { needs: 'keyhouse-audit:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(auditEventSchema),
  run: async (engine, caller, input) => {
    const filter = auditFilterOf(caller, input);
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const request = pageRequest(engine, caller, 'audit', asked, input);
    if (filter === null) return { data: [], next_cursor: null };
    const page = await engine.store.audit.list(filter, request);
    return { data: page.rows.map(auditEventWire), next_cursor: nextCursor(engine, caller, 'audit', asked, page) };
  },
});

/** null for a workspace out of reach: nothing is found there. */
export function auditFilterOf(caller: Caller, input: AskedEvents): AuditFilter | null {
  const { subject_id, actor_id, action, request_id, workspace_id, from, to } = input;
  if (workspace_id !== undefined && !reaches(caller, workspace_id)) return null;
  const workspaceId = caller.reach === 'installation' ? workspace_id : caller.reach.workspaceId;
  return {
    ...(subject_id !== undefined && { subjectId: subject_id }),
    ...(actor_id !== undefined && { actorId: actor_id }),
    ...(action !== undefined && { action }),
    ...(request_id !== undefined && { requestId: request_id }),
    ...(workspaceId !== undefined && { workspaceId }),
    ...(from !== undefined && { from: readInstant('from', from) }),
    ...(to !== undefined && { to: readInstant('to', to) }),
  };
}
