/** Delays, injected so that tests own them. */
export interface Timers {
  /** Calls `work` once, `delayMs` from now, unless cancelled first. */
  after(delayMs: number, work: () => void): () => void;
  /** Calls `work` again and again until stopped. */
  every(periodMs: number, work: () => void): () => void;
}

/** The event loop's own; none of them keeps the process alive. */
export const systemTimers: Timers = {
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs).unref();
    return () => clearTimeout(timer);
  },
  every(periodMs, work) {
    const timer = setInterval(work, periodMs).unref();
    return () => clearInterval(timer);
  },
};
