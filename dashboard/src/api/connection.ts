import { useSyncExternalStore } from 'react';

const ASK_AGAIN_MS = [1_000, 2_000, 3_000, 5_000];

let isGone = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const onReturn = new Set<() => void>();

/** Whether the server was silent when it was last asked. Asked again by itself until it answers. */
export function useServerGone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isGone,
  );
}

/** Calls `listener` each time the server is back after a silence; returns how to stop that. */
export function whenServerReturns(listener: () => void): () => void {
  onReturn.add(listener);
  return () => onReturn.delete(listener);
}

export function noteAnswer(): void {
  if (!isGone) return;
  clearTimeout(timer);
  change(false);
  for (const listener of onReturn) listener();
}

export function noteSilence(): void {
  if (isGone) return;
  change(true);
  askAgain(0);
}

function askAgain(attempt: number): void {
  const delay = ASK_AGAIN_MS[Math.min(attempt, ASK_AGAIN_MS.length - 1)];
  timer = setTimeout(async () => {
    const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
    if (answer?.ok === true) noteAnswer();
    else if (isGone) askAgain(attempt + 1);
  }, delay);
}

function change(gone: boolean): void {
  isGone = gone;
  for (const listener of listeners) listener();
}
