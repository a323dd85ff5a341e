import { z } from 'zod';
import { auditDraft } from './audit-draft.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation } from './operation.ts';
import { Rejection } from './rejection.ts';
import { idSchema } from './schemas.ts';
import { OBSERVED_CHANGES } from './trial-kinds.ts';
import { describeTrial, findTrial, type TrialWire, trialSchema } from './trial-wire.ts';

const inputSchema = z.strictObject({ id: idSchema });
type Input = z.infer<typeof inputSchema>;

/** Stops observing. What was seen can still be read; the change is not made. */
export const endTrial = defineOperation<Input, TrialWire>({
  id: 'endTrial',
  summary: 'End a trial without making its change',
  access: { needsOneOf: OBSERVED_CHANGES },
  effect: 'changes',
  input: inputSchema,
  output: trialSchema,
  run: async (engine, caller, input) => {
    const { id, workspaceId } = await findTrial(engine, caller, input.id);
    const { value: ended } = await engine.changes.commit(async (transaction) => {
      const now = engine.clock.now();
      await lockActingToken(transaction, caller, now);
      const trial = await transaction.trials.lock(id);
      if (trial === null) throw new Rejection('not_found');
      const isEnded = trial.endedAt !== null;
      if (!isEnded) await transaction.trials.end(id, now, 'ended');
      const subject = { kind: 'trial' as const, id };
      return {
        value: isEnded ? trial : { ...trial, endedAt: now, ending: 'ended' as const },
        subjects: [subject],
        unchanged: isEnded,
        tightening: false,
        audit: auditDraft(caller, now, { action: 'trial.ended', subject, workspaceId }),
      };
    });
    await engine.trials.follow();
    return describeTrial(engine, ended);
  },
});
