import type { Page, PageRequest } from './page.ts';
import type { MembershipRecord, Metadata, OwnerKind, OwnerRecord, RoleRecord, WorkspaceRecord } from './records.ts';

export interface OwnerFilter {
  readonly kind?: OwnerKind;
  readonly workspaceId?: string;
  /** Only who holds it; with `workspaceId`, who holds it there. */
  readonly roleId?: string;
  /** Substring of name, e-mail or external id, case-insensitive. */
  readonly search?: string;
}

/** Owners, the workspaces they are members of, and the roles they hold there. */
export interface OwnerReads {
  /** By our id, or by `{ externalId }`, or a user by `{ email }` (lower-case). Deleted owners are found by id only. */
  find(by: { id: string } | { externalId: string } | { email: string }): Promise<OwnerRecord | null>;
  /** Newest first by (created_at, id); deleted owners are left out. */
  list(filter: OwnerFilter, page: PageRequest): Promise<Page<OwnerRecord>>;
  memberships(ownerId: string): Promise<readonly MembershipRecord[]>;
  findWorkspace(by: { id: string } | { externalId: string } | { home: true }): Promise<WorkspaceRecord | null>;
  listWorkspaces(page: PageRequest): Promise<Page<WorkspaceRecord>>;
  /** All roles, by name: there are tens, not thousands. */
  listRoles(): Promise<readonly RoleRecord[]>;
  /** How many memberships hold the role. */
  countRoleHolders(roleId: string): Promise<number>;
  /** Whether somebody else, a user neither disabled nor deleted, holds the role in that workspace. */
  isHeldByAnother(held: { roleId: string; workspaceId: string; exceptOwnerId: string }): Promise<boolean>;
}

/** Writes inside one transaction. */
export interface OwnerWrites extends OwnerReads {
  /** @throws {UniqueViolation} `owner_external_id` or `owner_email`. */
  insertOwner(owner: OwnerRecord): Promise<void>;
  updateOwner(id: string, patch: Partial<Omit<OwnerRecord, 'id' | 'kind' | 'createdAt'>>): Promise<void>;
  /** Reads and locks an owner for update. */
  lockOwner(by: { id: string } | { externalId: string }): Promise<OwnerRecord | null>;
  /** Inserts or replaces what the owner may do in that workspace, roles included. */
  putMembership(membership: MembershipRecord): Promise<void>;
  deleteMembership(ownerId: string, workspaceId: string): Promise<void>;
  readonly directory: DirectoryWrites;
}

/** Workspaces and roles, inside one transaction. */
export interface DirectoryWrites {
  /** @throws {UniqueViolation} `workspace_external_id`, or `workspace_home` when there is one already. */
  insertWorkspace(workspace: WorkspaceRecord): Promise<void>;
  /** Reads and locks a workspace for update. */
  lockWorkspace(id: string): Promise<WorkspaceRecord | null>;
  updateWorkspace(id: string, patch: { name?: string; disabledAt?: number | null; metadata?: Metadata }): Promise<void>;
  /** @throws {UniqueViolation} `role_name`. */
  insertRole(role: RoleRecord): Promise<void>;
  updateRole(id: string, patch: { name?: string; permissions?: readonly string[] }): Promise<void>;
  /** Reads and locks a role for update: until commit nobody can be given it. */
  lockRole(id: string): Promise<RoleRecord | null>;
  deleteRole(id: string): Promise<void>;
}
