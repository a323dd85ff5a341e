import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import type { OwnerRecord, Transaction } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, reaches } from './caller.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { OutOfReach } from './out-of-reach.ts';
import { type ChangedOwner, changedOwnerSchema, describeOwner } from './owner-wire.ts';
import { belongsElsewhere } from './plan-owner.ts';
import { Rejection } from './rejection.ts';
import { externalIdSchema } from './schemas.ts';
import { AUDIT_WORD } from './write-owner.ts';

const inputSchema = z.strictObject({
  external_id: externalIdSchema,
  disabled: z.boolean().describe('true stops all its tokens now; false lets them work again'),
});
type Input = z.infer<typeof inputSchema>;

/**
 * Stops an external owner in Keyhouse itself, or lets it go on. It is kept apart from what the provider says with
 * `putOwner`: while either of the two says so, the owner is disabled, and neither undoes the other.
 */
export const updateOwner = defineOperation<Input, ChangedOwner>({
  id: 'updateOwner',
  summary: 'Disable or enable an external owner, whatever the provider says of it',
  access: { needs: 'keyhouse-owners:write' },
  effect: 'changes',
  input: inputSchema,
  output: changedOwnerSchema,
  run: async (engine, caller, input) => {
    const { value, guarantee } = await engine.changes.commit((transaction) =>
      draftUpdate(engine, caller, input, transaction),
    );
    const wire = await describeOwner(engine, caller, value.id);
    return guarantee === null ? wire : { ...wire, guarantee: guaranteeWire(guarantee) };
  },
});

async function draftUpdate(
  engine: Engine,
  caller: Caller,
  { external_id: externalId, disabled }: Input,
  transaction: Transaction,
): Promise<Draft<OwnerRecord>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const owner = await transaction.owners.lockOwner({ externalId });
  if (owner === null || owner.deletedAt !== null) throw new Rejection('not_found');
  const memberships = await transaction.owners.memberships(owner.id);
  const held = memberships.filter((one) => reaches(caller, one.workspaceId));
  if (held.length === 0 && caller.reach !== 'installation') throw new OutOfReach('owner', owner.id);
  if (held.length < memberships.length) throw belongsElsewhere();
  await transaction.owners.updateOwner(owner.id, { disabledAt: disabled ? (owner.disabledAt ?? now) : null });
  const [only, second] = memberships;
  return {
    value: owner,
    subjects: [{ kind: 'owner', id: owner.id }],
    unchanged: disabled === (owner.disabledAt !== null),
    tightening: disabled,
    audit: auditDraft(caller, now, {
      action: `${AUDIT_WORD.external}.${disabled ? 'disabled' : 'updated'}`,
      subject: { kind: 'owner', id: owner.id },
      workspaceId: second === undefined ? (only?.workspaceId ?? null) : null,
      details: {
        owner_id: owner.id,
        external_id: owner.externalId,
        disabled_by: 'keyhouse',
        before: { disabled: owner.disabledAt !== null },
        after: { disabled },
      },
    }),
  };
}
