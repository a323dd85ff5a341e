import type { MembershipRecord, OwnerRecord, RoleRecord, TokenRecord, WorkspaceRecord } from './records.ts';

/** A value, or a promise of it: SQLite answers at once, PostgreSQL later. */
export type Eventually<T> = T | Promise<T>;

/** Everything validity is decided from, read in one statement. */
export interface FactsRow {
  readonly token: TokenRecord;
  readonly owner: OwnerRecord;
  /** null when the owner is no longer a member of the token's workspace. */
  readonly membership: MembershipRecord | null;
  readonly roles: readonly RoleRecord[];
  readonly workspace: WorkspaceRecord;
  /** Version of the profile in force in the same snapshot: a process that holds an older one reloads it first. */
  readonly profileVersion: number;
  /** The change sequence of the snapshot this was read from: the fill fence compares it. */
  readonly asOf: number;
}

export interface FactsReads {
  /**
   * The token whose digest is one of `digests` (one per pepper version in use), with everything it points to.
   * @returns null when none is stored.
   * @throws {StorageUnavailable} never an accept.
   */
  findByDigest(digests: readonly string[]): Eventually<FactsRow | null>;
  /** The same by token id, for management reads and explanations. */
  findByTokenId(id: string): Eventually<FactsRow | null>;
}
