import type { EventType } from './event-types.ts';
import type { Instant } from './records.ts';

/** Something that happened, for whoever subscribed to it. */
export interface EventDraft {
  readonly type: EventType;
  readonly at: Instant;
  /** Where it happened; null concerns the whole installation, and only endpoints of the installation are told. */
  readonly workspaceId: string | null;
  /** Ids, names, hints and times: never a value of a token, never anything else that lets somebody in. JSON, at most 16 KiB. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Events leave with the change they tell of, or not at all: they are published in the same transaction. */
export interface EventWrites {
  /** Whether any endpoint would be told, so that nothing is gathered for nobody. One that is disabled counts: it may ask later. */
  isAwaited(type: EventType, workspaceId: string | null): Promise<boolean>;
  /** Keeps the event and one delivery of it for each enabled endpoint that is to be told; nothing where none is. */
  publish(event: EventDraft): Promise<void>;
}
