import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import type { AuditEvent, AuditFilter } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { readInstant } from './read-token-usage.ts';
import { actorRefSchema, askedText, idSchema, listSchema, pageSchema, timeSchema } from './schemas.ts';

const inputSchema = z.strictObject({
  ...pageSchema,
  subject_id: askedText(200).optional().describe('What was changed: an owner, a lineage, a role …'),
  actor_id: askedText(200).optional(),
  action: askedText(64).optional().describe('For example token.revoked'),
  request_id: askedText(64).optional(),
  workspace_id: idSchema.optional(),
  from: z.string().max(64).optional().describe('RFC 3339; events at that instant are in the list'),
  to: z.string().max(64).optional().describe('RFC 3339; events at that instant are not'),
});
type Input = z.infer<typeof inputSchema>;

const eventSchema = z
  .object({
    seq: z.int(),
    at: timeSchema,
    action: z.string(),
    actor: actorRefSchema,
    on_behalf_of: actorRefSchema.nullable(),
    subject: z.object({ kind: z.string(), id: z.string() }).nullable(),
    workspace_id: z.string().nullable(),
    request_id: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    personal: z.record(z.string(), z.string()).describe('What can be erased later: addresses, names, reasons'),
    previous_hash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });
type Event = z.infer<typeof eventSchema>;

export interface Output {
  readonly data: Event[];
  readonly next_cursor: string | null;
}

/** What was changed by whom, newest first; a caller of one workspace sees what concerns that workspace alone. */
export const listAuditEvents = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listAuditEvents',
  summary: 'Read the audit log',
  access: { needs: 'keyhouse-audit:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(eventSchema),
  run: async (engine, caller, input) => {
    const filter = filterOf(caller, input);
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const request = pageRequest(engine, caller, 'audit', asked, input);
    if (filter === null) return { data: [], next_cursor: null };
    const page = await engine.store.audit.list(filter, request);
    return { data: page.rows.map(eventWire), next_cursor: nextCursor(engine, caller, 'audit', asked, page) };
  },
});

/** null for a workspace out of reach: nothing is found there. */
function filterOf(caller: Caller, input: Input): AuditFilter | null {
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

function eventWire(event: AuditEvent): Event {
  return {
    seq: event.seq,
    at: formatInstant(event.at),
    action: event.action,
    actor: { ...event.actor },
    on_behalf_of: event.onBehalfOf === null ? null : { ...event.onBehalfOf },
    subject: event.subject === null ? null : { kind: event.subject.kind, id: event.subject.id },
    workspace_id: event.workspaceId,
    request_id: event.requestId,
    details: { ...event.details },
    personal: { ...event.personal },
    previous_hash: event.previousHash,
    hash: event.hash,
  };
}
