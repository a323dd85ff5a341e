import { useEffect, useState } from 'react';
import { dayText, exactTime, relativeTime } from './time-text.ts';

export { exactTime, relativeTime };

/** `3 days ago`, with the exact time as its tip; goes on by itself. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow(at);
  return (
    <time dateTime={at} title={exactTime(at)} className="whitespace-nowrap">
      {relativeTime(at, now)}
    </time>
  );
}

/** A day without a time, as lists of dates show it. */
export function DayOf({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={exactTime(at)} className="whitespace-nowrap">
      {dayText(at)}
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
