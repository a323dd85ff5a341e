import { z } from 'zod';
import type { Outcome } from '../changes/index.ts';
import type { OwnerKind, OwnerRecord, Transaction } from '../ports/index.ts';
import { UniqueViolation } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken } from './holder.ts';
import type { Engine } from './operation.ts';
import type { OwnerPlan } from './owner-change.ts';
import { ownerFields, readMemberships } from './owner-input.ts';
import { type ChangedOwner, describeOwner, type OwnerWire } from './owner-wire.ts';
import type { OwnerWish } from './plan-owner.ts';
import { Rejection } from './rejection.ts';
import { emailSchema, idSchema, nameSchema } from './schemas.ts';
import { draftOwner } from './write-owner.ts';

/** A user or a service account: an owner that Keyhouse itself keeps, in contrast to the provider's external ones. */
export type AccountKind = Exclude<OwnerKind, 'external'>;

export const newUserInput = z.strictObject({
  email: emailSchema,
  name: nameSchema.nullable().optional(),
  ...ownerFields,
});
export const newServiceAccountInput = z.strictObject({ name: nameSchema, ...ownerFields });

export const userChangeInput = z.strictObject({ ...newUserInput.partial().shape, id: idSchema });
export const serviceAccountChangeInput = z.strictObject({ ...newServiceAccountInput.partial().shape, id: idSchema });

export const accountIdInput = z.strictObject({ id: idSchema });

type UserInput = z.infer<typeof newUserInput>;
type AccountInput = { readonly [Field in keyof UserInput]?: UserInput[Field] | undefined };

/** @throws {Rejection} `conflict` for an e-mail address that a user has already, and what `planOwner` throws. */
export async function createAccount(
  engine: Engine,
  caller: Caller,
  kind: AccountKind,
  input: AccountInput,
): Promise<OwnerWire> {
  const { value: plan } = await commit(engine, caller, kind, input, async () => null);
  return describeOwner(engine, caller, plan.after.id);
}

/** @throws {Rejection} `not_found`, `conflict`, and what `planOwner` throws. */
export async function updateAccount(
  engine: Engine,
  caller: Caller,
  kind: AccountKind,
  { id, ...input }: AccountInput & { readonly id: string },
): Promise<ChangedOwner> {
  const { guarantee } = await commit(engine, caller, kind, input, async (transaction) => {
    const owner = await transaction.owners.lockOwner({ id });
    if (owner === null || owner.kind !== kind || owner.deletedAt !== null) throw new Rejection('not_found');
    return owner;
  });
  const wire = await describeOwner(engine, caller, id);
  return guarantee === null ? wire : { ...wire, guarantee: guaranteeWire(guarantee) };
}

async function commit(
  engine: Engine,
  caller: Caller,
  kind: AccountKind,
  input: AccountInput,
  find: (transaction: Transaction) => Promise<OwnerRecord | null>,
): Promise<Outcome<OwnerPlan>> {
  const { name, email, metadata, disabled } = input;
  const wish: OwnerWish = {
    kind,
    externalId: null,
    name,
    email,
    metadata,
    disabled,
    memberships: readMemberships(input),
  };
  try {
    return await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, engine.clock.now());
      return draftOwner(engine, caller, transaction, await find(transaction), wish);
    });
  } catch (error) {
    if (!(error instanceof UniqueViolation) || error.constraint !== 'owner_email') throw error;
    throw new Rejection('conflict', 'There is a user with this e-mail address already.', { cause: error });
  }
}
