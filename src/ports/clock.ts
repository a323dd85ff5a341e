import type { RandomSource } from '../token/index.ts';

/** Time, injected everywhere so that tests own it. Nothing outside an adapter of this port reads the system's clock. */
export interface Clock {
  /** Wall clock, whole milliseconds since 1970-01-01T00:00:00Z. May step in either direction. */
  now(): number;
  /** Milliseconds of a clock that never steps; only differences mean something. */
  monotonic(): number;
}

/** Where unpredictable bytes come from. */
export type Random = RandomSource;
