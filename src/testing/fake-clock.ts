import type { Clock } from '../ports/index.ts';

/** 2027-01-15T08:00:00Z, a Friday in no leap year. */
const START = Date.UTC(2027, 0, 15, 8);

/** A clock that only moves when it is told to. */
export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;

  constructor(start: number = START) {
    this.#wallMs = start;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  /** Lets so much time pass. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new TypeError(`time passes forwards only, not by ${ms} ms; a wall clock is stepped`);
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  /** Steps the wall clock in either direction, as an operator or a time server does: no time passes. */
  stepWall(ms: number): void {
    this.#wallMs += ms;
  }
}
