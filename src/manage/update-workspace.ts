import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import type { Transaction, WorkspaceRecord } from '../ports/index.ts';
import { auditDraft, personalChange } from './audit-draft.ts';
import { type Caller, reaches } from './caller.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { OutOfReach } from './out-of-reach.ts';
import { Rejection } from './rejection.ts';
import { guaranteeSchema, idSchema, metadataSchema, nameSchema } from './schemas.ts';
import { workspaceSchema, workspaceWire } from './workspace-wire.ts';

const inputSchema = z.strictObject({
  id: idSchema,
  name: nameSchema.optional(),
  disabled: z.boolean().optional().describe('true stops every token of the workspace now'),
  metadata: metadataSchema.optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = workspaceSchema
  .extend({ guarantee: guaranteeSchema.optional().describe('Present when something accepted before is now refused') })
  .meta({ id: 'UpdatedWorkspace' });
type Output = z.infer<typeof outputSchema>;

/** Renames, disables or enables a workspace; while it is disabled no token of it works, whoever owns it. */
export const updateWorkspace = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'updateWorkspace',
  summary: 'Change, disable or enable a workspace',
  access: { needs: 'keyhouse-workspaces:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { value, guarantee } = await engine.changes.commit((transaction) =>
      draftUpdate(engine, caller, input, transaction),
    );
    const wire = workspaceWire(value);
    return guarantee === null ? wire : { ...wire, guarantee: guaranteeWire(guarantee) };
  },
});

async function draftUpdate(
  engine: Engine,
  caller: Caller,
  { id, name, disabled, metadata }: Input,
  transaction: Transaction,
): Promise<Draft<WorkspaceRecord>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const before = await transaction.owners.directory.lockWorkspace(id);
  if (before === null) throw new Rejection('not_found');
  if (!reaches(caller, before.id)) throw new OutOfReach('workspace', before.id);
  if (disabled === true && before.isHome) {
    throw new Rejection('conflict', 'This is the workspace Keyhouse is managed from: disabled, it would lock you out.');
  }
  const after: WorkspaceRecord = {
    ...before,
    ...(name !== undefined && { name }),
    ...(metadata !== undefined && { metadata }),
    ...(disabled !== undefined && { disabledAt: disabled ? (before.disabledAt ?? now) : null }),
  };
  const isDisabling = before.disabledAt === null && after.disabledAt !== null;
  const unchanged = JSON.stringify(before) === JSON.stringify(after);
  if (!unchanged) {
    await transaction.owners.directory.updateWorkspace(id, {
      name: after.name,
      disabledAt: after.disabledAt,
      metadata: after.metadata,
    });
  }
  const subject = { kind: 'workspace' as const, id };
  return {
    value: after,
    subjects: [subject],
    unchanged,
    tightening: isDisabling || unchanged,
    audit: auditDraft(caller, now, {
      action: isDisabling ? 'workspace.disabled' : 'workspace.updated',
      subject,
      workspaceId: id,
      details: {
        before: { disabled: before.disabledAt !== null },
        after: { disabled: after.disabledAt !== null },
        metadata_changed: JSON.stringify(before.metadata) !== JSON.stringify(after.metadata),
      },
      personal: personalChange(before, after, ['name']),
    }),
  };
}
