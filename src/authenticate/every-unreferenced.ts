/**
 * Calls `work` again and again without keeping the process alive.
 * @returns stops it.
 */
export function everyUnreferenced(periodMs: number, work: () => void): () => void {
  const timer = setInterval(work, periodMs);
  timer.unref();
  return () => clearInterval(timer);
}
