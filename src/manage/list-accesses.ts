import { z } from 'zod';
import { type AccessWire, accessSchema, accessWire, askedAccessSchema, readAccesses } from './access-wire.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { pageSchema } from './schemas.ts';

const inputSchema = z.strictObject({ ...askedAccessSchema, ...pageSchema });

const outputSchema = z.object({
  data: z.array(accessSchema),
  next_cursor: z.string().nullable(),
  keeps_one_in: z.int().describe('Of accepted requests; 0 where none is kept. Of refusals all are'),
});
type Output = { data: AccessWire[]; next_cursor: string | null; keeps_one_in: number };

/** Decisions of a time, newest first: all refusals that are kept, and of what was accepted a sample. */
export const listAccesses = defineOperation<z.infer<typeof inputSchema>, Output, z.input<typeof inputSchema>>({
  id: 'listAccesses',
  summary: 'List decisions: the access log',
  access: { needs: 'keyhouse-denials:read' },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const page = await readAccesses(engine, caller, asked, pageRequest(engine, caller, 'accesses', asked, input));
    return {
      data: page.rows.map(accessWire),
      next_cursor: nextCursor(engine, caller, 'accesses', asked, page),
      keeps_one_in: engine.accesses.keepOneIn,
    };
  },
});
