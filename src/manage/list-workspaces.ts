import { z } from 'zod';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { listSchema, pageSchema } from './schemas.ts';
import { findReachableWorkspace, type WorkspaceWire, workspaceSchema, workspaceWire } from './workspace-wire.ts';

const inputSchema = z.strictObject(pageSchema);
export interface Output {
  readonly data: WorkspaceWire[];
  readonly next_cursor: string | null;
}

/** Workspaces within reach, newest first. */
export const listWorkspaces = defineOperation<z.infer<typeof inputSchema>, Output, z.input<typeof inputSchema>>({
  id: 'listWorkspaces',
  summary: 'List workspaces',
  access: { needs: 'keyhouse-workspaces:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(workspaceSchema),
  run: async (engine, caller, input) => {
    const request = pageRequest(engine, caller, 'workspaces', {}, input);
    if (caller.reach !== 'installation') {
      const own = await findReachableWorkspace(engine, caller, caller.reach.workspaceId);
      return { data: [workspaceWire(own)], next_cursor: null };
    }
    const page = await engine.store.owners.listWorkspaces(request);
    return { data: page.rows.map(workspaceWire), next_cursor: nextCursor(engine, caller, 'workspaces', {}, page) };
  },
});
