import { z } from 'zod';
import { csvLine, jsonLine } from '../policy/index.ts';
import type { ProvableEvent } from '../ports/index.ts';
import { auditEventWire, type ProvableEventWire, provableEventWire } from './audit-event-wire.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { askedEventsSchema, auditFilterOf } from './list-audit-events.ts';
import { noteRead } from './note-read.ts';
import { defineOperation } from './operation.ts';

const inputSchema = z.strictObject({
  ...askedEventsSchema,
  format: z.enum(['jsonl', 'csv']).describe('`jsonl` holds everything, and can be verified; `csv` is for spreadsheets'),
  personal: z.boolean().default(true).describe('false leaves out addresses, names and reasons'),
  limit: z.int().min(1).max(1_000).default(500),
  cursor: z.string().max(512).optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    text: z.string().describe('Whole lines of the file; those of the next page follow them'),
    events: z.int(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'AuditExport' });
type Output = z.infer<typeof outputSchema>;

/**
 * Takes events out of the audit log as pieces of a file, oldest first. Who asks sets the pace; nothing is held between two
 * pieces (threats row 80). That it was done is written down with the first one.
 */
export const exportAuditEvents = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'exportAuditEvents',
  summary: 'Export the audit log as JSON lines or CSV',
  access: { needs: 'keyhouse-audit:read' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { limit: _limit, cursor, ...asked } = input;
    const { format, personal, ...narrowed } = asked;
    const request = pageRequest(engine, caller, 'audit-export', asked, input);
    if (cursor === undefined) {
      const details = { format, personal, ...narrowed };
      await noteRead(engine, caller, { action: 'audit.exported', subject: null, details });
    }
    const header = format === 'csv' && cursor === undefined ? csvLine(COLUMNS.map(([name]) => name)) : '';
    const filter = auditFilterOf(caller, input);
    if (filter === null) return { text: header, events: 0, next_cursor: null };
    const page = await engine.store.audit.walk(filter, request);
    const lineOf = format === 'csv' ? csvOf : (event: ProvableEvent) => jsonLine(provableEventWire(event));
    return {
      text: header + page.rows.map((event) => lineOf(personal ? event : withoutPersonal(event))).join(''),
      events: page.rows.length,
      next_cursor: nextCursor(engine, caller, 'audit-export', asked, page),
    };
  },
});

function withoutPersonal(event: ProvableEvent): ProvableEvent {
  return { ...event, personal: {}, salts: {} };
}

type Cell = string | number | null | undefined;

const COLUMNS: readonly (readonly [name: string, value: (event: Omit<ProvableEventWire, 'salts'>) => Cell])[] = [
  ['seq', ({ seq }) => seq],
  ['at', ({ at }) => at],
  ['action', ({ action }) => action],
  ['actor_kind', ({ actor }) => actor.kind],
  ['actor_id', ({ actor }) => actor.id],
  ['on_behalf_of_kind', ({ on_behalf_of: behalf }) => behalf?.kind],
  ['on_behalf_of_id', ({ on_behalf_of: behalf }) => behalf?.id],
  ['subject_kind', ({ subject }) => subject?.kind],
  ['subject_id', ({ subject }) => subject?.id],
  ['workspace_id', ({ workspace_id }) => workspace_id],
  ['request_id', ({ request_id }) => request_id],
  ['ip', ({ personal }) => personal.ip],
  ['name', ({ personal }) => personal.name],
  ['email', ({ personal }) => personal.email],
  ['reason', ({ personal }) => personal.reason],
  ['details', ({ details }) => JSON.stringify(details)],
  ['hash', ({ hash }) => hash],
];

function csvOf(event: ProvableEvent): string {
  const wire = auditEventWire(event);
  return csvLine(COLUMNS.map(([, value]) => value(wire)));
}
