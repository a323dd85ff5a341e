import type {
  AccessLog,
  AuditHead,
  DeliveryQueue,
  DenialLog,
  MailQueue,
  RateLimitCounter,
  ReservationLog,
  SightingLog,
  Store,
  TrialLog,
  UsageLog,
} from '../../ports/index.ts';
import type { MetaTable } from './meta.ts';

/** An open store with all that lives beside the authority. */
export interface SqlStoreHandle {
  readonly store: Store;
  readonly usage: UsageLog;
  readonly trials: TrialLog;
  readonly denials: DenialLog;
  readonly accesses: AccessLog;
  readonly sightings: SightingLog;
  readonly mailQueue: MailQueue;
  readonly deliveryQueue: DeliveryQueue;
  /** For counting in memory; null on PostgreSQL, where `counters` are shared. */
  readonly reservations: ReservationLog | null;
  /** Exact counters that every process on this database shares; null on SQLite, where one process counts in memory. */
  readonly counters: RateLimitCounter | null;
  /** The same for what is on trial, over connections that no decision waits for. */
  readonly trialCounters: RateLimitCounter | null;
  readonly meta: MetaTable;
  /** The newest audit event as the epoch row remembers it: `verifyAuditChain` finds a cut-off tail with it. */
  auditHead(): Promise<AuditHead>;
  /** Writes one consistent copy of the authority, mode 0600, to a file that does not exist yet. SQLite only. */
  backup?(file: string): Promise<void>;
}
