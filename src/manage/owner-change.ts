import { z } from 'zod';
import type { MembershipRecord, OwnerRecord, RoleRecord, WorkspaceRecord } from '../ports/index.ts';

export const changeSchema = z
  .object({
    path: z.string().describe('`name`, `disabled`, `memberships.<workspace>`, `workspaces.<external id>` …'),
    before: z.unknown().describe('null for what was not there'),
    after: z.unknown().describe('null for what is not there any more'),
  })
  .meta({ id: 'Change' });

/** One difference that a change makes, as answers, dry runs and the audit log show it. */
export type Change = z.infer<typeof changeSchema>;

/** Fields whose content belongs to a person: it stands in the erasable part of an audit entry, or nowhere. */
const PERSONAL = ['name', 'email', 'metadata'];

/** What an owner will be, beside what it is. Nothing is written yet. */
export interface OwnerPlan {
  /** null for an owner that does not exist yet. */
  readonly before: OwnerRecord | null;
  readonly after: OwnerRecord;
  /** Fields of an existing owner that change. */
  readonly patch: Partial<Omit<OwnerRecord, 'id' | 'kind' | 'createdAt'>>;
  /** The one workspace all of it concerns; null where there are several, or none. */
  readonly workspaceId: string | null;
  /** Memberships that change, and no others. */
  readonly memberships: readonly MembershipChange[];
  readonly newWorkspaces: readonly WorkspaceRecord[];
  readonly changes: readonly Change[];
  /** Some request accepted before is refused afterwards. */
  readonly narrows: boolean;
}

export interface MembershipChange {
  readonly workspace: WorkspaceRecord;
  readonly before: MembershipRecord | null;
  readonly after: MembershipRecord | null;
}

/** The changes without what belongs to a person, for the part of an audit entry that can never be erased. */
export function impersonal(changes: readonly Change[]): Change[] {
  return changes.map((change) =>
    PERSONAL.includes(change.path) ? { path: change.path, before: '(personal)', after: '(personal)' } : change,
  );
}

export function describeMembershipChange(
  { workspace, before, after }: MembershipChange,
  roles: readonly RoleRecord[],
): Change {
  const shown = (membership: MembershipRecord | null) =>
    membership === null ? null : { permissions: membership.permissions, roles: roleNames(membership.roleIds, roles) };
  return {
    path: `memberships.${workspace.externalId ?? workspace.id}`,
    before: shown(before),
    after: shown(after),
  };
}

export function roleNames(roleIds: readonly string[], roles: readonly RoleRecord[]): string[] {
  return roles.filter((role) => roleIds.includes(role.id)).map((role) => role.name);
}
