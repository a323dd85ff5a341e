import type { Eventually } from './facts-reads.ts';
import type { Instant, MembershipRecord, OwnerRecord, RoleRecord, WorkspaceRecord } from './records.ts';

/** Somebody signed in at the dashboard. The value is in the browser's cookie alone; stored is its digest. */
export interface SessionRecord {
  readonly id: string;
  /** SHA-256 hex of the value; unique. */
  readonly digest: string;
  readonly ownerId: string;
  /** In which the user works at the moment. */
  readonly workspaceId: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  /** However much it is used. */
  readonly expiresAt: Instant;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A session with everything it stands on, read in one statement. */
export interface SessionRow {
  readonly session: SessionRecord;
  readonly owner: OwnerRecord;
  /** null when the user is no longer a member of the session's workspace. */
  readonly membership: MembershipRecord | null;
  readonly roles: readonly RoleRecord[];
  readonly workspace: WorkspaceRecord;
}

/** What every request of somebody signed in is let in by. */
export interface SessionReads {
  /**
   * The session with this digest, whether its time is over or not.
   * @throws {StorageUnavailable} never an accept.
   */
  find(digest: string): Eventually<SessionRow | null>;
}

/** Sessions, inside one transaction. Those that ended are deleted. */
export interface SessionWrites {
  insert(session: SessionRecord): Promise<void>;
  /** Newest first. */
  list(ownerId: string): Promise<readonly SessionRecord[]>;
  touch(id: string, at: Instant): Promise<void>;
  moveTo(id: string, workspaceId: string): Promise<void>;
  /** Ends one session of the owner, or all but one. @returns the ids of those that were there. */
  end(ownerId: string, which: { readonly id: string } | { readonly exceptId: string | null }): Promise<string[]>;
  /** Drops those whose time is over or that were not used since `idleSince`. */
  purge(now: Instant, idleSince: Instant): Promise<void>;
}
