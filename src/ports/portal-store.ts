import type { Instant } from './records.ts';

/** Whose rights a portal session rests on: it ends when they do. null is the operator or the host application. */
export type PortalMinter =
  | { readonly tokenId: string }
  | { readonly ownerId: string; readonly workspaceId: string }
  | null;

/** The way of one external owner to their own tokens: first a link that opens once, then the session it opened. */
export interface PortalSessionRecord {
  readonly id: string;
  /** SHA-256 hex of the link's secret; unique. */
  readonly linkDigest: string;
  readonly linkExpiresAt: Instant;
  /** SHA-256 hex of the session's value; unique; null while nobody has opened the link. */
  readonly digest: string | null;
  readonly ownerId: string;
  readonly workspaceId: string;
  readonly minter: PortalMinter;
  /** Whom the provider named as the person behind the owner; null when it is the owner. */
  readonly actor: string | null;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  /** However much it is used; the end of the link while that is not opened. */
  readonly expiresAt: Instant;
}

export interface PortalReads {
  /**
   * The session with this digest, whether its time is over or not.
   * @throws {StorageUnavailable} never an accept.
   */
  find(digest: string): Promise<PortalSessionRecord | null>;
}

/** Portal sessions, inside one transaction. Those that ended are deleted. */
export interface PortalWrites {
  insert(session: PortalSessionRecord): Promise<void>;
  /** Reads and locks by link; also one that was opened or has expired. */
  lockLink(linkDigest: string): Promise<PortalSessionRecord | null>;
  /** Makes a link a session. @returns false when it was opened before. */
  open(
    id: string,
    opened: { readonly digest: string; readonly at: Instant; readonly expiresAt: Instant },
  ): Promise<boolean>;
  touch(id: string, at: Instant): Promise<void>;
  /** Reads and locks one by id, or all of an owner; also those whose time is over. */
  lock(which: { readonly id: string } | { readonly ownerId: string }): Promise<readonly PortalSessionRecord[]>;
  /** Ends them, and links that wait. */
  end(ids: readonly string[]): Promise<void>;
  /** Drops those whose time is over, and the opened ones that were not used since `idleSince`. */
  purge(now: Instant, idleSince: Instant): Promise<void>;
}
