import type { ActorRef, Instant } from './records.ts';

/** An invitation that nobody has accepted yet. */
export interface InvitationRecord {
  readonly id: string;
  /** SHA-256 hex of the link's secret; unique. */
  readonly digest: string;
  /** Lower-case. */
  readonly email: string;
  readonly name: string | null;
  readonly workspaceId: string;
  readonly permissions: readonly string[];
  readonly roleIds: readonly string[];
  readonly createdBy: ActorRef;
  /** Whose rights bound what is given, also when it is accepted; null for the operator and the host. */
  readonly inviter: { readonly ownerId: string; readonly workspaceId: string } | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

export interface PasswordReset {
  /** SHA-256 hex of the link's secret; unique. */
  readonly digest: string;
  readonly ownerId: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

/** Links that let somebody in once, inside one transaction. Used ones are deleted. */
export interface LinkWrites {
  insertInvitation(invitation: InvitationRecord): Promise<void>;
  /** Reads and locks; also one that has expired. */
  lockInvitation(by: { readonly id: string } | { readonly digest: string }): Promise<InvitationRecord | null>;
  deleteInvitation(id: string): Promise<void>;
  insertReset(reset: PasswordReset): Promise<void>;
  /** Reads and locks; also one that has expired. */
  lockReset(digest: string): Promise<PasswordReset | null>;
  /** How many of the owner's have not expired. */
  countResets(ownerId: string, now: Instant): Promise<number>;
  deleteResets(ownerId: string): Promise<void>;
  purge(now: Instant): Promise<void>;
}
