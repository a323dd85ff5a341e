import { z } from 'zod';
import { csvLine, jsonLine } from '../policy/index.ts';
import { type AccessWire, accessWire, askedAccessSchema, readAccesses } from './access-wire.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { noteRead } from './note-read.ts';
import { defineOperation } from './operation.ts';

const inputSchema = z.strictObject({
  ...askedAccessSchema,
  format: z.enum(['jsonl', 'csv']),
  personal: z.boolean().default(true).describe('false leaves out addresses'),
  limit: z.int().min(1).max(1_000).default(500),
  cursor: z.string().max(512).optional(),
});

const outputSchema = z
  .object({
    text: z.string().describe('Whole lines of the file; those of the next page follow them'),
    decisions: z.int(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'AccessExport' });

/**
 * Takes the access log out as pieces of a file, newest first. Who asks sets the pace; nothing is held between two pieces
 * (threats row 80). That it was done is written down with the first one.
 */
export const exportAccesses = defineOperation<
  z.infer<typeof inputSchema>,
  z.infer<typeof outputSchema>,
  z.input<typeof inputSchema>
>({
  id: 'exportAccesses',
  summary: 'Export the access log as JSON lines or CSV',
  access: { needs: 'keyhouse-denials:read' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { limit: _limit, cursor, ...asked } = input;
    const { format, personal, ...narrowed } = asked;
    const request = pageRequest(engine, caller, 'access-export', asked, input);
    if (cursor === undefined) {
      const { ip, ...named } = narrowed;
      const details = { format, personal, ...named, by_address: ip !== undefined };
      await noteRead(engine, caller, { action: 'access_log.exported', subject: null, details });
    }
    const header = format === 'csv' && cursor === undefined ? csvLine(COLUMNS.map(([name]) => name)) : '';
    const page = await readAccesses(engine, caller, narrowed, request);
    const lines = page.rows.map((row) => {
      const wire = accessWire(personal ? row : { ...row, ip: null });
      return format === 'csv' ? csvLine(COLUMNS.map(([, value]) => value(wire))) : jsonLine(wire);
    });
    return {
      text: header + lines.join(''),
      decisions: lines.length,
      next_cursor: nextCursor(engine, caller, 'access-export', asked, page),
    };
  },
});

const COLUMNS: readonly (readonly [name: string, value: (access: AccessWire) => string | null | undefined])[] = [
  ['at', ({ at }) => at],
  ['request_id', ({ request_id }) => request_id],
  ['outcome', ({ outcome }) => outcome],
  ['door', ({ door }) => door],
  ['method', ({ method }) => method],
  ['path', ({ path }) => path],
  ['ip', ({ ip }) => ip],
  ['agent', ({ agent }) => agent],
  ['all_of', ({ all_of: all }) => all.join(' ')],
  ['any_of', ({ any_of: any }) => any.join(' ')],
  ['token_id', ({ token }) => token?.id],
  ['token_name', ({ token }) => token?.name],
  ['token_hint', ({ token }) => token?.hint],
  ['owner_id', ({ owner_id }) => owner_id],
  ['workspace_id', ({ workspace_id }) => workspace_id],
];
