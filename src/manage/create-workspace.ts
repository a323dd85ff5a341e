import { z } from 'zod';
import { UniqueViolation, type WorkspaceRecord } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import { requireInstallation } from './caller.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { Rejection } from './rejection.ts';
import { externalIdSchema, metadataSchema, nameSchema } from './schemas.ts';
import { type WorkspaceWire, workspaceSchema, workspaceWire } from './workspace-wire.ts';

const inputSchema = z.strictObject({
  name: nameSchema,
  external_id: externalIdSchema.optional(),
  metadata: metadataSchema.optional(),
});

/** Creates a workspace: one of the provider's customers, invisible from all others. */
export const createWorkspace = defineOperation<z.infer<typeof inputSchema>, WorkspaceWire, z.input<typeof inputSchema>>(
  {
    id: 'createWorkspace',
    summary: 'Create a workspace',
    access: { needs: 'keyhouse-workspaces:write' },
    effect: 'changes',
    input: inputSchema,
    output: workspaceSchema,
    run: async (engine, caller, { name, external_id: externalId = null, metadata = {} }) => {
      requireInstallation(caller);
      const now = engine.clock.now();
      const workspace: WorkspaceRecord = {
        id: generateId('wsp', engine.random),
        externalId,
        name,
        isHome: false,
        disabledAt: null,
        metadata,
        createdAt: now,
      };
      const subject = { kind: 'workspace' as const, id: workspace.id };
      try {
        await engine.changes.commit(async (transaction) => {
          await lockActingToken(transaction, caller, now);
          await transaction.owners.directory.insertWorkspace(workspace);
          return {
            value: null,
            subjects: [subject],
            tightening: false,
            audit: auditDraft(caller, now, {
              action: 'workspace.created',
              subject,
              workspaceId: workspace.id,
              details: { external_id: externalId },
              personal: { name },
            }),
          };
        });
      } catch (error) {
        if (!(error instanceof UniqueViolation) || error.constraint !== 'workspace_external_id') throw error;
        throw new Rejection('conflict', 'There is a workspace with this external_id already.', { cause: error });
      }
      return workspaceWire(workspace);
    },
  },
);
