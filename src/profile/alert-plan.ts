import { parseDuration } from '../policy/index.ts';
import type { Profile } from './profile.ts';

/** What is unusual, as a profile may say it. What it leaves out is ours. */
export interface AlertSettings {
  /** How long a token is watched, from its first use on, before a new network is unusual. Absent: `7d`. */
  readonly learningPeriod?: string;
  /** So many uses belong to that, however long they take. Absent: 20. */
  readonly learningUses?: number;
  /** A token that is at home in so many networks is at home everywhere. Absent: 32. */
  readonly networksMax?: number;
  /** Refused requests of one token in an hour that are too many. Absent: 100. */
  readonly denialsPerHour?: number;
  /** The same of texts from one network that could be a token and are none. Absent: 100. */
  readonly failuresPerHour?: number;
}

export interface AlertPlan {
  readonly learningMs: number;
  readonly learningUses: number;
  readonly networksMax: number;
  readonly denialsPerHour: number;
  readonly failuresPerHour: number;
}

/** What a profile says of what is unusual, and ours where it says nothing. */
export function alertPlanOf({ alerts = {} }: Pick<Profile, 'alerts'>): AlertPlan {
  const { learningPeriod = '7d', learningUses = 20, networksMax = 32 } = alerts;
  const { denialsPerHour = 100, failuresPerHour = 100 } = alerts;
  return { learningMs: parseDuration(learningPeriod) ?? 0, learningUses, networksMax, denialsPerHour, failuresPerHour };
}
