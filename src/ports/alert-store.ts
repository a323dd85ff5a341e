import type { Page, PageRequest } from './page.ts';
import type { ActorRef, Instant } from './records.ts';

/** What can be unusual, with the sentence that says so. */
export const ALERT_KINDS = {
  new_network: 'A token was used from a network it was never used from before.',
  denial_burst: 'Many requests with one token were refused within an hour.',
  used_after_end: 'A token was used after it was revoked or replaced.',
  failures_from_address: 'Many texts that could be a token and are none came from one network within an hour.',
  rotated_from_new_address: 'A token rotated itself from a network it was never used from before.',
  token_in_url: 'Requests had a token in their address, where logs keep it.',
} as const satisfies Record<string, string>;

export type AlertKind = keyof typeof ALERT_KINDS;

/** Newest networks that an alert names. */
export const ALERT_NETWORKS_MAX = 20;
/** Days that alerts are kept, and how many at most: the oldest go first. */
export const ALERTS_KEPT_MS = 180 * 86_400_000;
export const ALERTS_MAX = 10_000;

/** What was noticed. Noticing it again in its window, or more of it, has the same key. */
export interface AlertFinding {
  readonly kind: AlertKind;
  /** Kind, what it is about, and the day: the same alert within its window. */
  readonly key: string;
  /** null where no token of ours is known, like line, owner and workspace. */
  readonly tokenId: string | null;
  readonly lineageId: string | null;
  readonly ownerId: string | null;
  readonly workspaceId: string | null;
  /** Networks it came from; personal, and gone when a person's text is erased. */
  readonly networks: readonly string[];
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** All there was of it in its window, as far as is known now. */
  readonly count: number;
}

export interface AlertRecord extends AlertFinding {
  readonly id: string;
  readonly createdAt: Instant;
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: ActorRef | null;
  readonly note: string | null;
}

export interface AlertFilter {
  readonly kind?: AlertKind;
  readonly isOpen?: boolean;
  readonly lineageId?: string;
  readonly workspaceId?: string;
  /** Raised at or after this instant. */
  readonly since?: Instant;
}

export interface AlertReads {
  find(id: string): Promise<AlertRecord | null>;
  /** Newest first by (created_at, id). */
  list(filter: AlertFilter, page: PageRequest): Promise<Page<AlertRecord>>;
  /** How many a filter finds, at most `max`. */
  count(filter: AlertFilter, max: number): Promise<number>;
}

export interface AlertWrites {
  /** Locks it for update. */
  lock(id: string): Promise<AlertRecord | null>;
  /** The alert of that window, locked for update; null when there is none. */
  lockByKey(key: string): Promise<AlertRecord | null>;
  /** @returns false when another process raised it a moment before: nothing was written. */
  insert(alert: AlertRecord): Promise<boolean>;
  update(
    id: string,
    patch: Partial<
      Pick<AlertRecord, 'networks' | 'firstAt' | 'lastAt' | 'count' | 'acknowledgedAt' | 'acknowledgedBy' | 'note'>
    >,
  ): Promise<void>;
  /** Takes the networks out of all alerts about the owner. @returns how many had any. */
  eraseNetworks(ownerId: string): Promise<number>;
  /** How far `name` has been looked through; null before the first look. */
  position(name: string): Promise<number | null>;
  moveTo(name: string, position: number): Promise<void>;
  /** Deletes what is older than `before`, and the oldest beyond `rowsMax`, at most a thousand of each. */
  trim(before: Instant, rowsMax: number): Promise<void>;
}
