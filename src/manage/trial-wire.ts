import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import type { TrialRecord, TrialTally } from '../ports/index.ts';
import { type Caller, reaches, requirePermission } from './caller.ts';
import type { Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { actorRefSchema, timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';
import { KINDS, operationOf } from './trial-kinds.ts';

export const trialSchema = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    state: z
      .enum(['observing', 'over', 'ended', 'enforced'])
      .describe('over: its time has passed; it can still be enforced'),
    subject: z.object({
      kind: z.enum(KINDS),
      id: z.string(),
      external_id: z.string().nullable(),
    }),
    workspace_id: z.string().nullable().describe('null where it concerns several, or all'),
    created_at: timeSchema,
    created_by: actorRefSchema,
    ends_at: timeSchema,
    ended_at: timeSchema.nullable().describe('When somebody ended or enforced it'),
    judged: z.int().describe('Accepted requests it was tried on: with 0, nobody has called'),
    would_refuse: z.int().describe('How many of them it would have refused'),
    would_break: z.int().describe('Distinct tokens among its findings'),
    unlisted: z.int().describe('Of would_refuse, those in no finding because there were too many'),
  })
  .meta({ id: 'Trial' });
export type TrialWire = z.infer<typeof trialSchema>;

/** Several trials with what they have seen, the last second included as far as this process has seen it. */
export async function describeTrials(engine: Engine, trials: readonly TrialRecord[]): Promise<TrialWire[]> {
  await engine.trials.flush();
  const tallies = await engine.trials.log.tallies(trials.map(({ id }) => id));
  return trials.map((trial) => describe(trial, tallies.get(trial.id) ?? NOTHING_SEEN, engine.clock.now()));
}

export async function describeTrial(engine: Engine, trial: TrialRecord): Promise<TrialWire> {
  const [wire] = await describeTrials(engine, [trial]);
  return wire as TrialWire;
}

/**
 * A trial is seen by who could make its change, within reach.
 * @throws {Rejection} `not_found`, alike for what does not exist and what is out of reach; `insufficient_permissions`.
 */
export async function findTrial(engine: Engine, caller: Caller, id: string): Promise<TrialRecord> {
  const trial = await engine.store.trials.find(id);
  if (trial === null || !isWithinReach(caller, trial)) throw new Rejection('not_found');
  requirePermission(caller, operationOf(trial).needs);
  return trial;
}

function isWithinReach(caller: Caller, { workspaceId }: TrialRecord): boolean {
  return workspaceId === null ? caller.reach === 'installation' : reaches(caller, workspaceId);
}

/** The change as it was proposed. */
export function changeOf({ subject, input }: TrialRecord): Record<string, unknown> {
  if (subject.kind === 'profile') return input.profile as Record<string, unknown>;
  const { id: _id, external_id: _externalId, ...change } = input;
  return change;
}

type Tally = TrialTally & { readonly tokens: number };
const NOTHING_SEEN: Tally = { judged: 0, refused: 0, unlisted: 0, tokens: 0 };

function describe(trial: TrialRecord, { judged, refused, unlisted, tokens }: Tally, now: number): TrialWire {
  const externalId = trial.input.external_id;
  return {
    id: trial.id,
    name: trial.name,
    state: trial.ending ?? (now < trial.endsAt ? 'observing' : 'over'),
    subject: { ...trial.subject, external_id: typeof externalId === 'string' ? externalId : null },
    workspace_id: trial.workspaceId,
    created_at: formatInstant(trial.createdAt),
    created_by: { ...trial.createdBy },
    ends_at: formatInstant(trial.endsAt),
    ended_at: instantOrNull(trial.endedAt),
    judged,
    would_refuse: refused,
    would_break: tokens,
    unlisted,
  };
}
