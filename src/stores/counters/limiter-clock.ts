import type { Clock } from '../../ports/index.ts';

/** One moment on both clocks, as it was when counts were stored. */
export interface ClockStamp {
  readonly limiterMs: number;
  readonly wallMs: number;
}

/**
 * The time that counters go by. It starts at the wall clock's and from then on only follows the monotonic clock, so that
 * no step of the wall clock opens a window again or closes it for long. A later process goes on from the newest stored
 * stamp: the time in between is taken from the wall clock, or is nothing where that has stepped back meanwhile.
 */
export class LimiterClock {
  readonly #clock: Clock;
  readonly #origin: number;

  constructor(clock: Clock, newest: ClockStamp | null) {
    const wall = clock.now();
    const start = newest === null ? wall : newest.limiterMs + Math.max(0, wall - newest.wallMs);
    this.#clock = clock;
    this.#origin = start - clock.monotonic();
  }

  /** Whole milliseconds. */
  now(): number {
    return Math.floor(this.#origin + this.#clock.monotonic());
  }

  stamp(): ClockStamp {
    return { limiterMs: this.now(), wallMs: this.#clock.now() };
  }
}
