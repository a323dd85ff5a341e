import { useEffect, useState } from 'react';

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

/** `3 days ago`, with the exact time as its tip; goes on by itself. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow(at);
  return (
    <time dateTime={at} title={exactTime(at)} className="whitespace-nowrap">
      {relativeTime(at, now)}
    </time>
  );
}

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

/** A day without a time, as lists of dates show it. */
export function DayOf({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={exactTime(at)} className="whitespace-nowrap">
      {day.format(new Date(at))}
    </time>
  );
}

/** Looked at anew for another time: what happened since this was drawn is not in the future. */
function useNow(at: string): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, [at]);
  return now;
}
