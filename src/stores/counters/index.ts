/**
 * stores/counters: the rate-limit counters of one process. It keeps exact counts in memory and reservations in whatever log
 * it is given. It knows no database, and never answers more than a limit allows because something failed: what it cannot
 * write it counts in memory alone, and says so.
 */
export { type LocalCounters, type LocalCountersOptions, localCounters } from './local-counters.ts';
export { systemTimers, type Timers } from './timers.ts';
