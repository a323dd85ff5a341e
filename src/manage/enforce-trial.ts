import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import type { Transaction, TrialRecord } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { defineOperation, type Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { guaranteeSchema, idSchema } from './schemas.ts';
import { OBSERVED_CHANGES, operationOf, termsOf } from './trial-kinds.ts';
import { describeTrial, findTrial, trialSchema } from './trial-wire.ts';

const inputSchema = z.strictObject({ id: idSchema });
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    trial: trialSchema,
    result: z.record(z.string(), z.unknown()).describe('What the operation answered that made the change'),
    guarantee: guaranteeSchema.optional(),
  })
  .meta({ id: 'EnforcedTrial' });
type Output = z.infer<typeof outputSchema>;

/**
 * Makes the change that was observed, as the caller and by the operation itself, and ends the trial with it in one
 * transaction.
 */
export const enforceTrial = defineOperation<Input, Output>({
  id: 'enforceTrial',
  summary: 'Make the change of a trial',
  access: { needsOneOf: OBSERVED_CHANGES },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const trial = await findTrial(engine, caller, input.id);
    const result = await operationOf(trial).perform(endingWith(engine, caller, trial), caller, trial.input);
    await engine.trials.follow();
    const { guarantee, ...rest } = result as Record<string, unknown> & Pick<Output, 'guarantee'>;
    const ended = (await engine.store.trials.find(trial.id)) ?? trial;
    return {
      trial: await describeTrial(engine, ended),
      result: rest,
      ...(guarantee !== undefined && { guarantee }),
    };
  },
});

/** An engine whose change ends the trial too. */
function endingWith(engine: Engine, caller: Caller, trial: TrialRecord): Engine {
  const changes: Engine['changes'] = {
    rehearse: (work, look) => engine.changes.rehearse(work, look),
    commit: (work) =>
      engine.changes.commit(async (transaction) => {
        await checkStillMeant(transaction, trial);
        return withEnd(engine, caller, trial, transaction, await work(transaction));
      }),
  };
  return { ...engine, changes };
}

/**
 * A change names a whole set: made over something that changed meanwhile, it would undo that.
 * @throws {Rejection} `conflict`.
 */
async function checkStillMeant(transaction: Transaction, { id, subject, before }: TrialRecord): Promise<void> {
  const trial = await transaction.trials.lock(id);
  if (trial === null) throw new Rejection('not_found');
  if (trial.ending !== null) throw new Rejection('conflict', `This trial is ${trial.ending} already.`);
  if (JSON.stringify(await termsOf(subject, transaction)) === JSON.stringify(before)) return;
  throw new Rejection(
    'conflict',
    'What this trial is about was changed since it began, and enforcing it would undo that. End it, and observe a new one.',
  );
}

async function withEnd<T>(
  engine: Engine,
  caller: Caller,
  { id, workspaceId }: TrialRecord,
  transaction: Transaction,
  draft: Draft<T>,
): Promise<Draft<T>> {
  const now = engine.clock.now();
  await transaction.trials.end(id, now, 'enforced');
  const subject = { kind: 'trial' as const, id };
  const subjects = [...draft.subjects, subject];
  const { audit } = draft;
  return draft.unchanged === true
    ? {
        ...draft,
        subjects,
        unchanged: false,
        audit: auditDraft(caller, now, { action: 'trial.enforced', subject, workspaceId }),
      }
    : { ...draft, subjects, audit: { ...audit, details: { ...audit.details, trial_id: id } } };
}
