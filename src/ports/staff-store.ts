import type { PortalMinter } from './portal-store.ts';
import type { ActorRef, Instant } from './records.ts';

/**
 * The way of somebody of the provider's staff to the dashboard: first a link that opens once, then the session it opened. The
 * person is in this record alone: there is no account behind it.
 */
export interface StaffSessionRecord {
  readonly id: string;
  /** SHA-256 hex of the link's secret; unique. */
  readonly linkDigest: string;
  readonly linkExpiresAt: Instant;
  /** SHA-256 hex of the session's value; unique; null while nobody has opened the link. */
  readonly digest: string | null;
  /** The provider's own id of the person. */
  readonly externalId: string;
  readonly name: string | null;
  /** Lower-case. */
  readonly email: string | null;
  readonly roleId: string;
  readonly workspaceId: string;
  /** Whose rights bound the session's at every request. */
  readonly minter: PortalMinter;
  /** Who sent the person, for the audit log. */
  readonly createdBy: ActorRef;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  /** However much it is used; the end of the link while that is not opened. */
  readonly expiresAt: Instant;
}

export interface StaffReads {
  /**
   * The session with this digest, whether its time is over or not.
   * @throws {StorageUnavailable} never an accept.
   */
  find(digest: string): Promise<StaffSessionRecord | null>;
}

/** Sessions of staff, inside one transaction. Those that ended are deleted. */
export interface StaffWrites {
  insert(session: StaffSessionRecord): Promise<void>;
  /** Reads and locks by link; also one that was opened or has expired. */
  lockLink(linkDigest: string): Promise<StaffSessionRecord | null>;
  /** Reads and locks one by id, or all of a person; also those whose time is over. */
  lock(which: { readonly id: string } | { readonly externalId: string }): Promise<readonly StaffSessionRecord[]>;
  /** Makes a link a session. @returns false when it was opened before. */
  open(
    id: string,
    opened: { readonly digest: string; readonly at: Instant; readonly expiresAt: Instant },
  ): Promise<boolean>;
  touch(id: string, at: Instant): Promise<void>;
  /** Ends them, and links that wait. */
  end(ids: readonly string[]): Promise<void>;
  /** Drops those whose time is over, and the opened ones that were not used since `idleSince`. */
  purge(now: Instant, idleSince: Instant): Promise<void>;
}
