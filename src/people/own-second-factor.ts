import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import {
  auditDraft,
  type Caller,
  defineOperation,
  type Engine,
  guaranteeSchema,
  guaranteeWire,
  invalidInput,
  Rejection,
} from '../manage/index.ts';
import type { Transaction } from '../ports/index.ts';
import { mailNotice } from './notices.ts';
import { requirePassword } from './require-password.ts';
import { newRecoveryCodes, newSecondFactor, stepOf } from './second-factor.ts';
import { signedIn } from './session.ts';
import { PASSWORD_INPUT_MAX } from './sign-in.ts';

const begunSchema = z
  .object({
    secret: z.string().describe('For typing in; in this answer and never again'),
    otpauth_url: z.string().describe('The same as an authenticator reads it from a QR code'),
  })
  .meta({ id: 'BegunSecondFactor' });

/** Begins a second factor. It is asked for only once a first code has shown that the authenticator has it. */
export const beginSecondFactor = defineOperation<Record<string, never>, z.infer<typeof begunSchema>>({
  id: 'beginSecondFactor',
  summary: 'Begin a second factor',
  access: { session: true },
  effect: 'changes',
  input: z.strictObject({}),
  output: begunSchema,
  run: async (engine, caller) => {
    const { owner } = signedIn(caller);
    if ((await engine.store.people.readPasswordHash(owner.id)) === null) {
      throw new Rejection('conflict', 'A second factor is asked for after a password, and you have none here.');
    }
    const { company } = engine.authenticator.profile.profile;
    const made = newSecondFactor(engine, { issuer: company.name, account: owner.email ?? owner.id });
    const now = engine.clock.now();
    await engine.changes.commit(async ({ secondFactors }) => {
      if ((await secondFactors.lock(owner.id))?.confirmedAt != null) {
        throw new Rejection('conflict', 'There is a second factor already. Remove it first.');
      }
      const { sealedSecret } = made;
      await secondFactors.put({ ownerId: owner.id, sealedSecret, confirmedAt: null, lastStep: 0, createdAt: now });
      return factorDraft(caller, now, owner.id, 'second_factor.begun', false);
    });
    return { secret: made.secret, otpauth_url: made.uri };
  },
});

const confirmInput = z.strictObject({
  code: z.string().max(64),
  password: z.string().max(PASSWORD_INPUT_MAX).describe('Once more: a borrowed session locks nobody out'),
});
const confirmedSchema = z
  .object({ recovery_codes: z.array(z.string()).describe('Each good once; in this answer and never again') })
  .meta({ id: 'RecoveryCodes' });

/** Confirms the second factor with a first code. From now on signing in needs one. */
export const confirmSecondFactor = defineOperation<z.infer<typeof confirmInput>, z.infer<typeof confirmedSchema>>({
  id: 'confirmSecondFactor',
  summary: 'Confirm the second factor with a first code',
  access: { session: true },
  effect: 'changes',
  input: confirmInput,
  output: confirmedSchema,
  run: async (engine, caller, { code, password }) => {
    const { owner } = signedIn(caller);
    if ((await engine.store.people.readPasswordHash(owner.id)) !== null) {
      if (password === undefined) throw invalidInput('password', 'Say your password once more.');
      await requirePassword(engine, caller, owner, password, 'password');
    }
    const now = engine.clock.now();
    const { codes, digests } = newRecoveryCodes(engine);
    await engine.changes.commit(async (transaction) => {
      const { secondFactors } = transaction;
      const factor = await secondFactors.lock(owner.id);
      if (factor === null || factor.confirmedAt !== null)
        throw new Rejection('conflict', 'Begin a second factor first.');
      const step = stepOf(engine, factor, code, now);
      if (step === null)
        throw invalidInput('code', 'This is not the code of this moment. Is the clock of the device right?');
      await secondFactors.put({ ...factor, confirmedAt: now, lastStep: step });
      await secondFactors.putRecoveryCodes(owner.id, digests);
      await mailNotice(engine, transaction, caller, owner, 'second_factor_added');
      return factorDraft(caller, now, owner.id, 'second_factor.confirmed', true);
    });
    return { recovery_codes: codes };
  },
});

const removeInput = z.strictObject({ password: z.string().max(PASSWORD_INPUT_MAX) });
export const removedFactorSchema = z
  .object({ removed: z.boolean(), guarantee: guaranteeSchema })
  .meta({ id: 'RemovedSecondFactor' });

/** Removes one's own second factor. */
export const removeOwnSecondFactor = defineOperation<z.infer<typeof removeInput>, z.infer<typeof removedFactorSchema>>({
  id: 'removeOwnSecondFactor',
  summary: 'Remove your second factor',
  access: { session: true },
  effect: 'changes',
  input: removeInput,
  output: removedFactorSchema,
  run: async (engine, caller, { password }) => {
    const { owner } = signedIn(caller);
    await requirePassword(engine, caller, owner, password, 'password');
    return removeFactor(engine, caller, owner.id);
  },
});

/**
 * Removes a user's second factor with its recovery codes.
 * @param check in the transaction that removes it, before it does.
 */
export async function removeFactor(
  engine: Engine,
  caller: Caller,
  ownerId: string,
  check: (transaction: Transaction) => Promise<void> = async () => {},
): Promise<z.infer<typeof removedFactorSchema>> {
  const now = engine.clock.now();
  const { value: removed, guarantee } = await engine.changes.commit(async (transaction) => {
    await check(transaction);
    const removed = await transaction.secondFactors.delete(ownerId);
    const user = removed ? await transaction.owners.find({ id: ownerId }) : null;
    if (user !== null) await mailNotice(engine, transaction, caller, user, 'second_factor_removed');
    const draft = factorDraft(caller, now, ownerId, 'second_factor.removed', true);
    return { ...draft, value: removed, unchanged: !removed };
  });
  if (guarantee === null) throw new Error('a second factor was removed without a guarantee');
  return { removed, guarantee: guaranteeWire(guarantee) };
}

function factorDraft(caller: Caller, now: number, ownerId: string, action: string, tightening: boolean): Draft<null> {
  const subject = { kind: 'owner' as const, id: ownerId };
  return {
    value: null,
    subjects: [subject],
    tightening,
    audit: auditDraft(caller, now, { action, subject, workspaceId: null, details: { user_id: ownerId } }),
  };
}
