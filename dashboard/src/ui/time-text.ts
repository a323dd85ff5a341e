const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** `3 days ago`, `in 2 hours`. */
export function relativeTime(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1_000;
  const size = Math.abs(seconds);
  if (size < 60) return seconds > 0 ? 'in less than a minute' : 'just now';
  const [unit, length] = STEPS.find(([, step]) => size >= step) ?? ['minute', 60];
  return relative.format(Math.trunc(seconds / length), unit);
}

export function exactTime(at: string): string {
  return exact.format(new Date(at));
}

export function dayText(at: string): string {
  return day.format(new Date(at));
}
