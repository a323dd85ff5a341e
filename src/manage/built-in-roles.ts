import type { RoleRecord, Transaction } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { ALL_MANAGEMENT, type ManagementPermission } from './management-permissions.ts';
import type { Engine } from './operation.ts';

/** Every permission of the provider's and all of Keyhouse's own, also those that come later. */
export const ADMIN_ROLE = 'admin';

/** Sees who holds what, why something was refused, and can stop it now; makes and changes nothing. */
const SUPPORT_MAY: readonly ManagementPermission[] = [
  'keyhouse-tokens:read',
  'keyhouse-tokens:revoke',
  'keyhouse-owners:read',
  'keyhouse-users:read',
  'keyhouse-service-accounts:read',
  'keyhouse-workspaces:read',
  'keyhouse-roles:read',
  'keyhouse-audit:read',
  'keyhouse-denials:read',
  'keyhouse-alerts:read',
  'keyhouse-mail:read',
  'keyhouse-profile:read',
];

type BuiltIn = Pick<RoleRecord, 'name' | 'permissions' | 'everything'>;

const BUILT_IN: readonly BuiltIn[] = [
  { name: ADMIN_ROLE, permissions: ALL_MANAGEMENT, everything: true },
  { name: 'support', permissions: SUPPORT_MAY, everything: false },
  // Everything of the provider's API for tokens of one's own, and nothing of Keyhouse.
  { name: 'member', permissions: [], everything: true },
];

/** What a built-in role holds of Keyhouse's own permissions in this version; nothing for another name. */
export function builtInPermissions(name: string): readonly string[] {
  return BUILT_IN.find((role) => role.name === name)?.permissions ?? [];
}

/**
 * The built-in roles, each made where it is missing. A host application may have roles of its own by the names of the lesser
 * ones: those stay; nobody can have taken `admin`.
 */
export async function ensureBuiltInRoles(
  engine: Pick<Engine, 'random'>,
  transaction: Transaction,
  now: number,
): Promise<{ readonly admin: RoleRecord; readonly made: readonly RoleRecord[] }> {
  const there = await transaction.owners.listRoles();
  const made: RoleRecord[] = [];
  for (const role of BUILT_IN.filter(({ name }) => !there.some((one) => one.name === name))) {
    const record = { id: generateId('rol', engine.random), ...role, builtIn: true, createdAt: now };
    await transaction.owners.directory.insertRole(record);
    made.push(record);
  }
  const admin = [...there, ...made].find(({ name }) => name === ADMIN_ROLE);
  if (admin === undefined) throw new Error('the role of administrators was made and is not there');
  return { admin, made };
}
