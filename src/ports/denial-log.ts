import type { Page, PageRequest } from './page.ts';
import type { Instant } from './records.ts';

/** Rows kept at most, half for denials of tokens of ours and half for all others, so that neither pushes out the other. */
export const DENIALS_MAX = 100_000;
/** How long a denial is kept at most, milliseconds: 30 days. */
export const DENIALS_KEPT_MS = 30 * 86_400_000;

/** Through which door a request was refused. */
export type DenialDoor = 'api' | 'forward_auth' | 'gateway' | 'middleware' | 'verify' | 'introspection';

/** One denial as it was seen at its door. It holds no value of a token, no header line and no body. */
export interface DenialRecord {
  readonly requestId: string;
  readonly at: Instant;
  readonly door: DenialDoor;
  /** null where the door was not told. */
  readonly method: string | null;
  /** Without the query and without what may be a token in it; null where the door was not told. */
  readonly path: string | null;
  /** A denial reason, or `cross_workspace_denied` where a management call asked for another workspace's thing. */
  readonly reason: string;
  readonly cause: string;
  /** Canonical; null where it is not known. */
  readonly ip: string | null;
  /** Present only once the digest matched, like lineage and owner. */
  readonly tokenId: string | null;
  readonly lineageId: string | null;
  readonly ownerId: string | null;
  /** Whose operators may read it: the workspace of the token, or that of whoever asked about an unknown one. */
  readonly workspaceId: string | null;
  readonly details: DenialDetails;
}

/** What the explanation is made of, every list bounded. */
export interface DenialDetails {
  readonly token?: {
    readonly name: string;
    readonly hint: string | null;
    readonly environment: string | null;
    readonly expiresAt: Instant | null;
  };
  /** What was wrong with the text or the field lines, in one of our words. */
  readonly problem?: string;
  /** What to do about the text or the field lines, where they tell; no part of a value. */
  readonly help?: string;
  /** Environments the door serves. */
  readonly environments: readonly string[];
  readonly allOf: readonly string[];
  readonly anyOf: readonly string[];
  readonly missing?: readonly string[];
  /** What the token could do then; only where permissions were compared. */
  readonly held?: readonly string[];
  /** How many it held, where not all are listed. */
  readonly heldCount?: number;
  /** The route rule that asked; null where rules judged and none fits. */
  readonly rule?: { readonly methods: string; readonly path: string } | null;
  /** Name of the header the address came from, `connection`, or `question` where the asking application told it. */
  readonly addressFrom: string | null;
  /** Networks the token may be used from; null where it is not restricted. */
  readonly allowlist?: readonly string[] | null;
  readonly windows?: readonly {
    readonly name: string;
    readonly limit: number;
    readonly seconds: number;
    readonly remaining: number;
    readonly resetAt: Instant;
  }[];
  /** null when no waiting helps. */
  readonly retryAfterMs?: number | null;
  /** When a replaced token stopped working. */
  readonly since?: Instant;
  /** The foreign thing a management call asked for. */
  readonly foreign?: { readonly kind: string; readonly id: string };
}

export interface DenialFilter {
  readonly reason?: string;
  readonly tokenId?: string;
  readonly lineageId?: string;
  readonly ownerId?: string;
  readonly workspaceId?: string;
  readonly ip?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

export interface ReasonTally {
  readonly reason: string;
  readonly count: number;
}

/** Where denials are kept for a while, outside the audit chain. */
export interface DenialLog {
  /** A request id that is there already keeps its first record. */
  add(records: readonly DenialRecord[]): Promise<void>;
  find(requestId: string): Promise<DenialRecord | null>;
  /** Newest first; positions are `{ at, id: request id }`. */
  list(filter: DenialFilter, page: PageRequest): Promise<Page<DenialRecord>>;
  /** How many denials of no known token there are in [from, to), by reason, most first. */
  tallyUnknown(
    filter: Pick<DenialFilter, 'workspaceId'> & { readonly from: Instant; readonly to: Instant },
  ): Promise<readonly ReasonTally[]>;
  /** Deletes what is older than `before`, and the oldest beyond `rowsMax`, half of it for each class, in small steps. */
  trim(before: Instant, rowsMax: number): Promise<void>;
}
