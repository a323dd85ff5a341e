import { parseDuration } from '../policy/index.ts';
import type { Profile } from './profile.ts';

/** How tokens that rotate by themselves do, where they say nothing else. */
export interface RotationPlanOfProfile {
  /** As written: `90d`. */
  readonly period: string;
  /** When people are told, counted from the day the rotation is due; the first is 0. */
  readonly noticesMs: readonly number[];
  /** When nobody is waited for any more, counted alike. */
  readonly overdueAfterMs: number;
  readonly onUnclaimed: 'keep' | 'end';
}

const PERIOD = '90d';
const REMINDERS = ['7d', '14d', '21d'];

/** What a profile says of automatic rotation, and ours where it says nothing. */
export function rotationPlanOf({ rotation }: Pick<Profile, 'rotation'>): RotationPlanOfProfile {
  const { period = PERIOD, reminders = REMINDERS, onUnclaimed = 'keep' } = rotation;
  const noticesMs = [0, ...reminders.map((text) => parseDuration(text) ?? 0)];
  const [before, last] = noticesMs.slice(-2) as [number, number];
  // After the last reminder people have as long as between the last two.
  return { period, noticesMs, overdueAfterMs: last + (last - before), onUnclaimed };
}
