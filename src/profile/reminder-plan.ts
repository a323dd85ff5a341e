import { parseDuration, type ReminderTimes } from '../policy/index.ts';
import type { Profile } from './profile.ts';

/** When people are reminded of tokens. */
export interface ReminderPlan extends ReminderTimes {
  /** From which hour of UTC mails go out. */
  readonly hour: number;
  /** The times as they are written in a profile. */
  readonly written: {
    readonly beforeExpiry: readonly string[];
    readonly rotationAfter: string | null;
    readonly unusedAfter: string | null;
  };
}

const HOUR = 8;
const BEFORE_EXPIRY = ['60d', '30d', '7d', '1d'];
const ROTATION_AFTER = '90d';
const UNUSED_AFTER = '90d';

/** What a profile says of reminders, and ours where it says nothing. */
export function reminderPlanOf({ reminders = {} }: Pick<Profile, 'reminders'>): ReminderPlan {
  const { beforeExpiry = BEFORE_EXPIRY, rotationAfter = ROTATION_AFTER, unusedAfter = UNUSED_AFTER } = reminders;
  return {
    hour: reminders.hour ?? HOUR,
    beforeExpiryMs: beforeExpiry.map(ms),
    overdueAfterMs: rotationAfter === null ? null : ms(rotationAfter),
    unusedAfterMs: unusedAfter === null ? null : ms(unusedAfter),
    written: { beforeExpiry, rotationAfter, unusedAfter },
  };
}

function ms(text: string): number {
  return parseDuration(text) ?? 0;
}
