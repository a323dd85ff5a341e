import { z } from 'zod';
import { requireInstallation } from './caller.ts';
import { type CheckpointRecordWire, checkpointRecordSchema, checkpointRecordWire } from './checkpoint-wire.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { listSchema, pageSchema } from './schemas.ts';

const inputSchema = z.strictObject(pageSchema);
type Output = { readonly data: CheckpointRecordWire[]; readonly next_cursor: string | null };

/** Signed statements about the audit chain, newest first: with the audit keys they show what was altered since. */
export const listAuditCheckpoints = defineOperation<z.infer<typeof inputSchema>, Output, z.input<typeof inputSchema>>({
  id: 'listAuditCheckpoints',
  summary: 'List the signed checkpoints of the audit log',
  access: { needs: 'keyhouse-audit:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(checkpointRecordSchema),
  run: async (engine, caller, input) => {
    requireInstallation(caller);
    const request = pageRequest(engine, caller, 'audit-checkpoints', {}, input);
    const page = await engine.store.checkpoints.list(request);
    return {
      data: page.rows.map(checkpointRecordWire),
      next_cursor: nextCursor(engine, caller, 'audit-checkpoints', {}, page),
    };
  },
});
