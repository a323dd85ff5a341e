import { compilePermissions, type PermissionSet, unionPermissions } from '../policy/index.ts';
import type { MembershipRecord, RoleRecord } from '../ports/index.ts';

/** Permissions of a membership: those given directly and those of its roles. */
export function permissionsOf(membership: MembershipRecord, roles: readonly RoleRecord[]): PermissionSet {
  const held = roles.filter((role) => membership.roleIds.includes(role.id));
  return unionPermissions([
    compilePermissions(membership.permissions),
    ...held.map((role) => compilePermissions(role.permissions, role.everything)),
  ]);
}
