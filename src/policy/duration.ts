const DURATION = /^([1-9]\d{0,4})([smhdw])$/;

/** A day is 86,400 seconds of UTC, a week seven of them; months and years do not exist. */
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

export const ROTATION_PERIOD_MIN_MS = 60_000;
export const ROTATION_PERIOD_MAX_MS = 3650 * 86_400_000;

/** Reads a duration such as `90d`; null when it is not one. The answer is in milliseconds. */
export function parseDuration(text: string): number | null {
  const parts = DURATION.exec(text);
  if (parts === null) return null;
  return Number(parts[1]) * (UNIT_MS[parts[2] as string] as number);
}

/** Reads a grace period: a duration, or `0s` for none. Milliseconds, or null. */
export function parseGracePeriod(text: string): number | null {
  return text === '0s' ? 0 : parseDuration(text);
}

/** Reads how often a token is rotated, one minute to 3,650 days. Milliseconds, or null. */
export function parseRotationPeriod(text: string): number | null {
  const ms = parseDuration(text);
  return ms === null || ms < ROTATION_PERIOD_MIN_MS || ms > ROTATION_PERIOD_MAX_MS ? null : ms;
}
