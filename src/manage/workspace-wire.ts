import { z } from 'zod';
import type { WorkspaceRecord } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import type { Engine } from './operation.ts';
import { OutOfReach } from './out-of-reach.ts';
import { Rejection } from './rejection.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull, workspaceSummarySchema } from './token-wire.ts';

export const workspaceSchema = workspaceSummarySchema
  .extend({
    home: z.boolean().describe('The provider’s own: management permissions held here reach the whole installation'),
    disabled: z.boolean(),
    disabled_at: timeSchema.nullable(),
    metadata: z.record(z.string(), z.unknown()),
    created_at: timeSchema,
  })
  .meta({ id: 'Workspace' });
export type WorkspaceWire = z.infer<typeof workspaceSchema>;

export function workspaceWire(workspace: WorkspaceRecord): WorkspaceWire {
  return {
    id: workspace.id,
    external_id: workspace.externalId,
    name: workspace.name,
    home: workspace.isHome,
    disabled: workspace.disabledAt !== null,
    disabled_at: instantOrNull(workspace.disabledAt),
    metadata: { ...workspace.metadata },
    created_at: instantOrNull(workspace.createdAt) as string,
  };
}

/** @throws {Rejection} `not_found` alike for what does not exist and what is out of reach. */
export async function findReachableWorkspace(
  engine: Pick<Engine, 'store'>,
  caller: Caller,
  id: string,
): Promise<WorkspaceRecord> {
  const workspace = await engine.store.owners.findWorkspace({ id });
  if (workspace === null) throw new Rejection('not_found');
  if (!reaches(caller, workspace.id)) throw new OutOfReach('workspace', workspace.id);
  return workspace;
}
