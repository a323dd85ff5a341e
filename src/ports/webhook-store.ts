import type { EventType } from './event-types.ts';
import type { ClaimedWork, WorkQueue } from './outbox.ts';
import type { Page, PageRequest } from './page.ts';
import type { ActorRef, Instant } from './records.ts';

/** Why an endpoint is told nothing: somebody said so, it failed for days, or it answered that it is gone. */
export type WebhookEnding = 'by_hand' | 'failing' | 'gone';

/** Somebody's address that is told what happens. */
export interface WebhookRecord {
  readonly id: string;
  /** null is told of every workspace and of what concerns none. */
  readonly workspaceId: string | null;
  readonly url: string;
  readonly description: string | null;
  /** null is told of everything, also of what later versions tell. */
  readonly eventTypes: readonly string[] | null;
  /** What deliveries are signed with, sealed under the pepper. */
  readonly sealedSecret: string;
  /** The one before, which signs beside it until `previousEndsAt`. */
  readonly previousSealed: string | null;
  readonly previousEndsAt: Instant | null;
  readonly disabledAt: Instant | null;
  readonly disabledWhy: WebhookEnding | null;
  /** The first and the last of the failures since a delivery was taken; null when the last one was. */
  readonly failingSince: Instant | null;
  readonly lastFailedAt: Instant | null;
  readonly createdAt: Instant;
  readonly createdBy: ActorRef;
}

export interface WebhookReads {
  find(id: string): Promise<WebhookRecord | null>;
  /** Newest first by (created_at, id). */
  list(filter: { readonly workspaceId?: string }, page: PageRequest): Promise<Page<WebhookRecord>>;
  findDelivery(id: string): Promise<DeliveryRecord | null>;
  /** Newest first by (created_at, id). */
  listDeliveries(filter: DeliveryFilter, page: PageRequest): Promise<Page<DeliveryRecord>>;
}

export type WebhookPatch = Partial<Omit<WebhookRecord, 'id' | 'workspaceId' | 'createdAt' | 'createdBy'>>;

export interface WebhookWrites {
  insert(webhook: WebhookRecord): Promise<void>;
  /** Reads and locks an endpoint for update. */
  lock(id: string): Promise<WebhookRecord | null>;
  update(id: string, patch: WebhookPatch): Promise<void>;
  /** With all its deliveries. */
  delete(id: string): Promise<void>;
  /** How many endpoints there are for that workspace, or for the installation. */
  count(workspaceId: string | null): Promise<number>;
  /** Gives up what is still to be delivered there. */
  giveUpAll(id: string, error: string): Promise<void>;
  /** One event for this endpoint alone, whatever it subscribed to. */
  publishTo(id: string, event: WebhookTest): Promise<DeliveryRecord>;
  /** Delivers once more, from now on: what has ended begins anew, what waits is tried at once. @returns null when there is none. */
  replay(deliveryId: string, at: Instant): Promise<DeliveryRecord | null>;
  /**
   * Delivers what happened since then and this endpoint has not taken, also while it was disabled or before it subscribed;
   * with `isAll` what it has taken too.
   * @returns how many deliveries were begun.
   */
  replaySince(webhook: WebhookRecord, since: Instant, at: Instant, isAll: boolean): Promise<number>;
}

export interface WebhookTest {
  readonly type: EventType;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
}

export type DeliveryState = 'pending' | 'sent' | 'given_up';

/** What became of one event at one endpoint. */
export interface DeliveryRecord {
  readonly id: string;
  readonly webhookId: string;
  /** Sent as webhook-id, the same at every attempt and every endpoint. */
  readonly eventId: string;
  readonly type: string;
  readonly state: DeliveryState;
  /** How often sending was begun, replays included. */
  readonly attempts: number;
  readonly nextAt: Instant;
  /** What the endpoint answered last; null when it did not. */
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly happenedAt: Instant;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
}

export interface DeliveryFilter {
  readonly webhookId: string;
  readonly state?: DeliveryState;
  readonly type?: string;
}

/** A delivery that one process has to itself for a while, with all it takes. */
export interface ClaimedDelivery extends ClaimedWork {
  /** How many of its attempts belong to the series that a replay began anew; counts the one it was taken for. */
  readonly attemptsOfSeries: number;
  /** When that series began. */
  readonly begunAt: Instant;
  readonly webhook: WebhookRecord;
  readonly event: { readonly id: string; readonly type: string; readonly at: Instant; readonly dataText: string };
}

/** The side of webhooks that sends. */
export interface DeliveryQueue extends WorkQueue<ClaimedDelivery> {
  /** Notes at the endpoint that a delivery was taken or failed. */
  noteHealth(webhookId: string, at: Instant, isTaken: boolean): Promise<void>;
  /** Deletes events older than `before`, or beyond the newest `rowsMax`, with their deliveries. */
  trim(before: Instant, rowsMax: number): Promise<void>;
}
