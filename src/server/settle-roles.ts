import type { ChangePath } from '../changes/index.ts';
import { builtInPermissions } from '../manage/index.ts';
import type { Clock, RoleRecord, Store } from '../ports/index.ts';

/**
 * Gives the built-in roles the permissions that this version of Keyhouse knows and the one that made them did not. It takes
 * none away: a version before this one may run beside it.
 */
export async function settleBuiltInRoles(store: Store, changes: ChangePath, clock: Clock): Promise<void> {
  for (const { id } of (await store.owners.listRoles()).filter((role) => missing(role).length > 0)) {
    await changes.commit(async ({ owners }) => {
      const role = await owners.directory.lockRole(id);
      const lacking = role === null ? [] : missing(role);
      const before = role?.permissions ?? [];
      const after = [...before, ...lacking];
      if (role !== null && lacking.length > 0) {
        await owners.directory.updateRole(id, { name: role.name, permissions: after });
      }
      const subject = { kind: 'role' as const, id };
      return {
        value: null,
        subjects: [subject],
        unchanged: lacking.length === 0,
        tightening: false,
        audit: {
          at: clock.now(),
          action: 'role.updated',
          actor: { kind: 'system' as const, id: null },
          onBehalfOf: null,
          subject,
          workspaceId: null,
          requestId: null,
          details: {
            before: { name: role?.name, permissions: before },
            after: { name: role?.name, permissions: after },
            narrowed: false,
          },
          personal: {},
        },
      };
    });
  }
}

function missing({ builtIn, name, permissions }: RoleRecord): readonly string[] {
  return builtIn ? builtInPermissions(name).filter((permission) => !permissions.includes(permission)) : [];
}
