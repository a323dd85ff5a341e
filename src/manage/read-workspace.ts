import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { idSchema } from './schemas.ts';
import { findReachableWorkspace, type WorkspaceWire, workspaceSchema, workspaceWire } from './workspace-wire.ts';

const inputSchema = z.strictObject({ id: idSchema });

/** One workspace. */
export const readWorkspace = defineOperation<z.infer<typeof inputSchema>, WorkspaceWire>({
  id: 'readWorkspace',
  summary: 'Read a workspace',
  access: { needs: 'keyhouse-workspaces:read' },
  effect: 'reads',
  input: inputSchema,
  output: workspaceSchema,
  run: async (engine, caller, { id }) => workspaceWire(await findReachableWorkspace(engine, caller, id)),
});
