import type { Engine } from '../manage/index.ts';
import type { AlertKind, DeliveryQueue, Instant, MailQueue, SightingLog } from '../ports/index.ts';

/** What jobs work with. */
export interface Upkeep {
  readonly engine: Engine;
  readonly mailQueue: MailQueue;
  readonly deliveryQueue: DeliveryQueue;
  readonly sightings: SightingLog;
  /** Alerts that this process has raised since the start. */
  readonly alertsRaised: Map<AlertKind, number>;
  /** Aborted when Keyhouse closes, which then waits for the runs under way: long ones look at it between two steps. */
  readonly stopped: AbortSignal;
  /** Says what whoever runs Keyhouse should know; never a token, a digest or an address. */
  readonly warn: (message: string, about?: Readonly<Record<string, unknown>>) => void;
}

/**
 * Something Keyhouse does by itself. Every process runs it, several at the same time on PostgreSQL, and any of them may be
 * killed: each step is one transaction whose repetition is harmless.
 */
export interface Job {
  /** As logs name it: `rotations_due`. */
  readonly name: string;
  /** From the end of a run to the next one. */
  readonly everyMs: number;
  /** Does what is due at `now`. What it throws is logged, and tried again the next time. */
  readonly run: (upkeep: Upkeep, now: Instant) => Promise<void>;
}
