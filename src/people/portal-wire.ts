import { z } from 'zod';
import type { OwnerRecord, WorkspaceRecord } from '../ports/index.ts';

const nullableText = z.string().nullable();

/** For whom a portal session is. */
export const portalOwnerSchema = z.object({
  owner: z.object({ id: z.string(), external_id: z.string(), name: nullableText, email: nullableText }),
  workspace: z.object({ id: z.string(), external_id: nullableText, name: z.string() }),
});

export function portalOwnerWire(owner: OwnerRecord, workspace: WorkspaceRecord): z.infer<typeof portalOwnerSchema> {
  const { id, externalId, name, email } = owner;
  return {
    owner: { id, external_id: externalId ?? '', name, email },
    workspace: { id: workspace.id, external_id: workspace.externalId, name: workspace.name },
  };
}
