import { useSyncExternalStore } from 'react';
import { dayText, exactTime, relativeTime } from './time-text.ts';

export { exactTime, relativeTime };

/** `3 days ago`, with the exact time as its tip; goes on by itself. */
export function RelativeTime({ at }: { readonly at: string }) {
  useSyncExternalStore(onBeat, () => beats);
  return (
    <time dateTime={at} title={exactTime(at)} className="whitespace-nowrap">
      {relativeTime(at, Date.now())}
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

const BEAT_MS = 30_000;
const shown = new Set<() => void>();
let beats = 0;
let timer: number | undefined;

/** One timer for all times on the page: a list has dozens. */
function onBeat(listener: () => void): () => void {
  shown.add(listener);
  timer ??= window.setInterval(() => {
    beats += 1;
    for (const tell of shown) tell();
  }, BEAT_MS);
  return () => {
    shown.delete(listener);
    if (shown.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}
