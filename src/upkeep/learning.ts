import type { Instant, TokenNetwork } from '../ports/index.ts';
import { alertPlanOf } from '../profile/index.ts';
import type { Upkeep } from './job.ts';

/** Where the tokens of one line are at home, as far as that is known. */
export interface Habits {
  /** Ids of the tokens of the line. */
  readonly line: readonly string[];
  readonly seen: readonly TokenNetwork[];
}

export async function habitsOf({ engine, sightings }: Upkeep, lineageId: string): Promise<Habits> {
  const line = (await engine.store.tokens.findByLineage(lineageId)).map(({ id }) => id);
  return { line, seen: await sightings.networks.of(line) };
}

/** Whether a line was so new at `at`, by time or by uses, that any network could be where it is at home. */
export async function wasLearning({ engine, sightings }: Upkeep, habits: Habits, at: Instant): Promise<boolean> {
  const { learningMs, learningUses } = alertPlanOf(engine.authenticator.profile.profile);
  const firstUsedAt = Math.min(...habits.seen.map(({ firstAt }) => firstAt));
  if (at < firstUsedAt + learningMs) return true;
  return (await sightings.networks.countUses(habits.line, at)) <= learningUses;
}
