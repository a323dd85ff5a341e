import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import type { Transaction } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import { commitAgainOn } from './commit-again.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import type { OwnerPlan } from './owner-change.ts';
import { ownerFields, readMemberships } from './owner-input.ts';
import { describeOwner, ownerSchema } from './owner-wire.ts';
import type { OwnerWish } from './plan-owner.ts';
import { emailSchema, externalIdSchema, guaranteeSchema, nameSchema } from './schemas.ts';
import { draftOwner } from './write-owner.ts';

/** One external owner as the provider tells it. */
export const externalOwnerSchema = z.strictObject({
  external_id: externalIdSchema,
  name: nameSchema.nullable().optional(),
  email: emailSchema.nullable().optional(),
  ...ownerFields,
});
export type ExternalOwnerInput = z.infer<typeof externalOwnerSchema>;

const outputSchema = ownerSchema
  .extend({
    created: z.boolean().describe('true when there was no such owner before'),
    guarantee: guaranteeSchema.optional().describe('Present when something accepted before is now refused'),
  })
  .meta({ id: 'PutOwner' });
type Output = z.infer<typeof outputSchema>;

/** Tells Keyhouse about an owner of the provider's own. What is left out stays; memberships are told as a whole. */
export const putOwner = defineOperation<ExternalOwnerInput, Output, z.input<typeof externalOwnerSchema>>({
  id: 'putOwner',
  summary: 'Create or change an external owner',
  access: { needs: 'keyhouse-owners:write' },
  effect: 'changes',
  input: externalOwnerSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { value: plan, guarantee } = await commitExternalOwner(engine, caller, input);
    const wire = await describeOwner(engine, caller, plan.after.id);
    return {
      ...wire,
      created: plan.before === null,
      ...(guarantee !== null && { guarantee: guaranteeWire(guarantee) }),
    };
  },
});

/** @param waits false where one wait serves many owners. */
export function commitExternalOwner(engine: Engine, caller: Caller, input: ExternalOwnerInput, waits = true) {
  const wish = externalOwnerWish(input);
  const draft = async (transaction: Transaction): Promise<Draft<OwnerPlan>> => {
    await lockActingToken(transaction, caller, engine.clock.now());
    const before = await transaction.owners.lockOwner({ externalId: input.external_id });
    return draftOwner(engine, caller, transaction, before, wish, waits);
  };
  return commitAgainOn(engine, ['owner_external_id', 'workspace_external_id'], draft);
}

export function externalOwnerWish(input: ExternalOwnerInput): OwnerWish {
  const { external_id: externalId, name, email, metadata, disabled } = input;
  return { kind: 'external', externalId, name, email, metadata, disabled, memberships: readMemberships(input) };
}
