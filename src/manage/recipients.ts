import type { OwnerReads, OwnerRecord } from '../ports/index.ts';
import { ADMIN_ROLE } from './built-in-roles.ts';

/** More are told nothing: a notice that goes to everybody is read by nobody. */
const ADMINISTRATORS_MAX = 20;

/** What a notice is about. */
export interface Concerned {
  readonly ownerId: string;
  readonly workspaceId: string;
  /** Of the token, where it names one. */
  readonly notificationEmail?: string | null;
}

/**
 * Who is told: the token's own address, else the owner's, else the administrators of the workspace, else those of the home
 * workspace. Of an owner who is disabled or deleted, the administrators.
 * @returns e-mail addresses, each once; none where nobody can be reached.
 */
export async function recipientsOf(owners: OwnerReads, about: Concerned): Promise<readonly string[]> {
  if (about.notificationEmail != null) return [about.notificationEmail];
  const owner = await owners.find({ id: about.ownerId });
  if (owner !== null && owner.email !== null && isThere(owner)) return [owner.email];
  return administratorsOf(owners, about.workspaceId);
}

/** The administrators of a workspace, else those of the home workspace. */
export async function administratorsOf(owners: OwnerReads, workspaceId: string): Promise<readonly string[]> {
  const there = await holdersOfAdmin(owners, workspaceId);
  if (there.length > 0) return there;
  const home = await owners.findWorkspace({ home: true });
  return home === null || home.id === workspaceId ? [] : holdersOfAdmin(owners, home.id);
}

async function holdersOfAdmin(owners: OwnerReads, workspaceId: string): Promise<readonly string[]> {
  const role = (await owners.listRoles()).find(({ name }) => name === ADMIN_ROLE);
  if (role === undefined) return [];
  const filter = { kind: 'user', workspaceId, roleId: role.id } as const;
  const { rows } = await owners.list(filter, { limit: ADMINISTRATORS_MAX, after: null });
  return [...new Set(rows.filter(isThere).flatMap(({ email }) => (email === null ? [] : [email])))];
}

function isThere({ disabledAt, disabledByProviderAt, deletedAt }: OwnerRecord): boolean {
  return disabledAt === null && disabledByProviderAt === null && deletedAt === null;
}
