import type { Job } from './job.ts';
import { watchNetworks } from './watch-networks.ts';
import { watchDenials, watchEnded, watchFailures } from './watch-refusals.ts';
import { watchRotations } from './watch-rotations.ts';

/** Rotations before networks: a network that a rotation came from is known once it was looked at. */
const WATCHES = [watchRotations, watchNetworks, watchDenials, watchEnded, watchFailures];

/**
 * Alerts people to what is unusual. It reads what recorders have written, behind every decision; each watch may be cut off
 * anywhere, since what it finds again is the same alert.
 */
export const raiseAlerts: Job = {
  name: 'raise_alerts',
  everyMs: 10_000,
  async run(upkeep, now) {
    const failed: unknown[] = [];
    for (const watch of WATCHES) {
      if (upkeep.stopped.aborted) return;
      // One that cannot be made keeps no other from being made.
      await watch(upkeep, now).catch((error: unknown) => failed.push(error));
    }
    if (failed.length > 0) throw new AggregateError(failed, 'some of what may be unusual could not be looked at');
  },
};
