import { type RotatingToken, rotationDueAt } from './automatic-rotation.ts';
import { type TokenMoments, tokenState } from './token-state.ts';

/** When people are reminded of a token. */
export interface ReminderTimes {
  /** Before its end, farthest first; [] never. */
  readonly beforeExpiryMs: readonly number[];
  /** After it was made or last rotated; null never. */
  readonly overdueAfterMs: number | null;
  /** After its last use, or after it was made; null never. */
  readonly unusedAfterMs: number | null;
}

export type TokenReminderKind = 'expiring' | 'rotation_overdue' | 'unused';

/** Something of a token that people are to be told of. */
export interface DueReminder {
  readonly kind: TokenReminderKind;
  /** When the token ends, or since when it is old or unused. */
  readonly about: number;
  /** One for each threshold that was passed, the nearest first. Whoever takes them all is told by the first one alone. */
  readonly keys: readonly string[];
}

export interface RemindedToken extends RotatingToken, TokenMoments {
  readonly id: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** At the latest, so that a profile that is changed is followed without looking at all tokens at once. */
const LOOK_AGAIN_MS = 7 * DAY_MS;

/**
 * What people are to be told of a token for the time before `until`, and when it is looked at next: null when it does not work
 * any more. Thresholds that were all missed come to one reminder, of the nearest.
 * @param usedAt its last use; null for one that was never used.
 */
export function remindersOf(
  token: RemindedToken,
  usedAt: number | null,
  times: ReminderTimes,
  { now, until }: { readonly now: number; readonly until: number },
): { readonly due: readonly DueReminder[]; readonly lookAt: number | null } {
  if (tokenState(token, now) !== 'active') return { due: [], lookAt: null };
  const unusedSince = Math.max(token.createdAt, usedAt ?? 0);
  const series = [
    { kind: 'expiring' as const, about: token.expiresAt ?? 0, steps: stepsBeforeExpiry(token, times) },
    { kind: 'rotation_overdue' as const, about: token.createdAt, steps: stepsAfter(overdueAfter(token, times)) },
    { kind: 'unused' as const, about: unusedSince, steps: stepsAfter(times.unusedAfterMs) },
  ];
  const due: DueReminder[] = [];
  let lookAt = until + LOOK_AGAIN_MS;
  for (const { kind, about, steps } of series) {
    const passed = steps.filter((ms) => about + ms < until);
    if (passed.length > 0) due.push({ kind, about, keys: passed.map((ms) => keyOf(kind, token.id, about, ms)) });
    for (const ms of steps) if (about + ms >= until) lookAt = Math.min(lookAt, about + ms);
  }
  return { due, lookAt };
}

/** Counted from the end, the nearest first; only those that came while the token was there. */
function stepsBeforeExpiry(token: RemindedToken, { beforeExpiryMs }: ReminderTimes): readonly number[] {
  const { expiresAt, createdAt } = token;
  if (expiresAt === null) return [];
  // What rotates by itself ends only where nobody claims its successor.
  const from = Math.max(createdAt + 1, rotationDueAt(token) ?? 0);
  return beforeExpiryMs
    .filter((ms) => expiresAt - ms >= from)
    .map((ms) => -ms)
    .toReversed();
}

/** Automatic rotation has reminders of its own. */
function overdueAfter({ rotation }: RemindedToken, { overdueAfterMs }: ReminderTimes): number | null {
  return rotation.autoRotate ? null : overdueAfterMs;
}

function stepsAfter(ms: number | null): readonly number[] {
  return ms === null ? [] : [ms];
}

function keyOf(kind: TokenReminderKind, id: string, about: number, ms: number): string {
  return `${kind}:${id}:${about}:${Math.abs(ms) / DAY_MS}d`;
}

/** The days of reminders: each begins at the same hour of UTC, and everybody is mailed once in it at the most. */
export function reminderDay(now: number, hour: number): { readonly from: number; readonly until: number } {
  const offset = hour * 60 * 60_000;
  const from = Math.floor((now - offset) / DAY_MS) * DAY_MS + offset;
  return { from, until: from + DAY_MS };
}
