import type { Owner } from '../../api/operations.ts';
import { Badge } from '../../ui/index.ts';

/** How somebody is called: by name, else by address, else by the provider's own id. */
export function nameOf({ name, email, external_id, id }: Pick<Owner, 'name' | 'email' | 'external_id' | 'id'>): string {
  return name ?? email ?? external_id ?? id;
}

export function OwnerState({ owner }: { readonly owner: Owner }) {
  if (!owner.disabled) return <Badge look="good">Active</Badge>;
  return <Badge look="warn">{owner.disabled_at === null ? 'Disabled by your system' : 'Disabled'}</Badge>;
}

type Membership = Pick<Owner['memberships'][number], 'roles' | 'permissions'>;

/** What a membership gives, short enough for a row. */
export function givenSummary({ roles, permissions }: Membership): string {
  const single = permissions.length === 1 ? permissions[0] : `${permissions.length} permissions`;
  return [...roles, ...(permissions.length > 0 ? [single] : [])].join(', ') || 'Nothing yet';
}

/** The same over several workspaces, each once. */
export function rolesSummary(owner: Owner): string {
  if (owner.memberships.length === 0) return 'In no workspace';
  return [...new Set(owner.memberships.map(givenSummary))].join(' · ');
}

export function workspacesSummary({ memberships }: Owner): string {
  const [first, ...more] = memberships.map(({ workspace }) => workspace.name);
  if (first === undefined) return 'None';
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** Of several workspaces of somebody the one that is worked in now, else their first. */
export function workspaceFor({ memberships }: Pick<Owner, 'memberships'>, current: string): string | null {
  const ids = memberships.map(({ workspace }) => workspace.id);
  return ids.includes(current) ? current : (ids[0] ?? null);
}
