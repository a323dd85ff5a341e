import { z } from 'zod';
import { formatInstant, parseDuration, parseInstant } from '../policy/index.ts';
import type { TrialRecord } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { rehearseChange } from './rehearse-change.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { durationSchema, nameSchema } from './schemas.ts';
import { OBSERVED_CHANGES, type RealChange, realChange, relocated, subjectSchema, termsOf } from './trial-kinds.ts';
import { changeOf, describeTrial, type TrialWire, trialSchema } from './trial-wire.ts';

/** Of one workspace, or of several or all: what a decision is held against is at most twice that. */
const IN_FORCE_MAX = 20;
/** Of all workspaces together: what they see is kept in memory for a while. */
const OF_WORKSPACES_MAX = 100;
const DAY_MS = 86_400_000;
const USUAL_DAYS = 14;
const DAYS_MAX = 90;

const inputSchema = z.strictObject({
  subject: subjectSchema,
  change: z
    .record(z.string(), z.unknown())
    .describe(
      'What would change, as the operation takes it that would change it: of a token its permissions, level, ip_allowlist, tier, limits, expires_at; of an owner its memberships; of a role its permissions; of the profile, a whole one',
    ),
  name: nameSchema.optional(),
  ends_at: z.string().max(64).optional().describe('RFC 3339; in 14 days when left out, at most 90 days from now'),
  ends_in: durationSchema.optional(),
});
type Input = z.infer<typeof inputSchema>;

/**
 * Puts a tightening on trial: from now on accepted requests are judged by it too, and whoever it would refuse is noted.
 * Nothing is refused. It takes who could make the change, and is checked as the change would be.
 */
export const createTrial = defineOperation<Input, TrialWire, z.input<typeof inputSchema>>({
  id: 'createTrial',
  summary: 'Observe what a change would refuse, without refusing it',
  access: { needsOneOf: OBSERVED_CHANGES },
  effect: 'changes',
  input: inputSchema,
  output: trialSchema,
  run: async (engine, caller, input) => {
    const now = engine.clock.now();
    const endsAt = readEnd(input, now);
    const change = pinned(await realChange(engine, caller, input.subject, input.change), now);
    const trial = await rehearse(engine, caller, change, { name: input.name ?? null, createdAt: now, endsAt });
    await commitTrial(engine, caller, trial);
    await engine.trials.follow();
    return describeTrial(engine, trial);
  },
});

function readEnd({ ends_at: at, ends_in: lasts }: Input, now: number): number {
  if (at !== undefined && lasts !== undefined) throw invalidInput('ends_in', 'Give either ends_at or ends_in.');
  const path = at === undefined ? 'ends_in' : 'ends_at';
  const end = at === undefined ? now + (parseDuration(lasts ?? `${USUAL_DAYS}d`) ?? 0) : parseInstant(at);
  if (end === null) throw invalidInput(path, 'Not a date and time with an offset, such as 2027-01-31T00:00:00Z.');
  if (end <= now) throw invalidInput(path, 'That is over already.');
  if (end > now + DAYS_MAX * DAY_MS) throw invalidInput(path, `A trial lasts at most ${DAYS_MAX} days.`);
  return end;
}

/** What is observed is what will be enforced: a time from now is the instant that it means today. */
function pinned(change: RealChange, now: number): RealChange {
  const { expires_in: lasts, ...input } = change.input;
  if (typeof lasts !== 'string' || input.expires_at !== undefined) return change;
  return { ...change, input: { ...input, expires_at: formatInstant(now + (parseDuration(lasts) ?? 0)) } };
}

async function rehearse(
  engine: Engine,
  caller: Caller,
  change: RealChange,
  own: Pick<TrialRecord, 'name' | 'createdAt' | 'endsAt'>,
): Promise<TrialRecord> {
  const { subject, operation, input } = change;
  const { draft, before, after } = await rehearseChange(engine, caller, change, (transaction) =>
    termsOf(subject, transaction),
  ).catch((error: unknown) => {
    throw relocated(error, 'change.');
  });
  if (draft.unchanged === true || !draft.tightening) {
    throw new Rejection('conflict', 'This would refuse nothing that is accepted now: there is nothing to observe.');
  }
  return {
    ...own,
    id: generateId('trl', engine.random),
    subject,
    workspaceId: draft.audit.workspaceId,
    operation: operation.id,
    input,
    before,
    after,
    createdBy: caller.actor,
    endedAt: null,
    ending: null,
  };
}

/** It only observes, so nothing waits for it. */
async function commitTrial(engine: Engine, caller: Caller, trial: TrialRecord): Promise<void> {
  await engine.changes.commit(async (transaction) => {
    const now = engine.clock.now();
    await lockActingToken(transaction, caller, now);
    const { here, ofWorkspaces } = await transaction.trials.lockInForce(now, trial.workspaceId);
    if (here >= IN_FORCE_MAX) {
      throw new Rejection('conflict', `There are ${IN_FORCE_MAX} trials already: end one first.`);
    }
    if (trial.workspaceId !== null && ofWorkspaces >= OF_WORKSPACES_MAX) {
      throw new Rejection('conflict', 'Too many trials run at this moment. Try again when some are over.');
    }
    await transaction.trials.insert(trial);
    const subject = { kind: 'trial' as const, id: trial.id };
    return {
      value: null,
      subjects: [subject],
      tightening: false,
      audit: auditDraft(caller, now, {
        action: 'trial.created',
        subject,
        workspaceId: trial.workspaceId,
        details: {
          of: trial.subject,
          ends_at: formatInstant(trial.endsAt),
          ...(trial.subject.kind !== 'profile' && { change: changeOf(trial) }),
        },
        personal: { name: trial.name },
      }),
    };
  });
}
