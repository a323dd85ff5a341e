import { useEffect, useState } from 'react';

export const RANGES = [
  { value: '24h', label: 'Last 24 hours', hours: 24, by: 'hour' },
  { value: '7d', label: 'Last 7 days', hours: 7 * 24, by: 'day' },
  { value: '30d', label: 'Last 30 days', hours: 30 * 24, by: 'day' },
  { value: '90d', label: 'Last 90 days', hours: 90 * 24, by: 'day' },
] as const;

export type Range = (typeof RANGES)[number]['value'];

const HOUR_MS = 3_600_000;

/** When a range begins, to the hour: the first whole hour, or the first whole day here, that it shows. */
export function rangeStart(range: Range, now: number): Date {
  const { hours, by } = RANGES.find(({ value }) => value === range) ?? RANGES[2];
  const first = new Date(now - (hours - 1) * HOUR_MS);
  first.setMinutes(0, 0, 0);
  if (by === 'day') {
    first.setTime(now);
    first.setHours(0, 0, 0, 0);
    first.setDate(first.getDate() - (hours / 24 - 1));
  }
  return first;
}

/** The same as text, moved on as time passes. */
export function useRangeStart(range: Range): string {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return rangeStart(range, now).toISOString();
}
