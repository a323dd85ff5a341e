import type { Request, RequestHandler } from 'express';
import type { Identity, Keyhouse } from 'keyhouse';
import { type Membership, roleOf } from './roles.ts';

export type Owners = Pick<Keyhouse, 'users' | 'serviceAccounts' | 'owners'>;

/** The companies that the token's owner belongs to; the token itself belongs to the current one and opens no other. */
export function listWorkspaces(keyhouse: Owners, callerOf: (request: Request) => Identity): RequestHandler {
  return async (request, response) => {
    const caller = callerOf(request);
    const data = (await membershipsOf(keyhouse, caller))
      .map((membership) => ({
        id: membership.workspace.id,
        name: membership.workspace.name,
        role: roleOf(membership),
        is_current: membership.workspace.id === caller.workspace.id,
      }))
      .sort((a, b) => a.name.localeCompare(b.name));
    response.json({ data, next_cursor: null });
  };
}

/** What the token's owner may do where, whether that is a person, a service account or somebody kept elsewhere. */
export async function membershipsOf(keyhouse: Owners, { owner }: Identity): Promise<readonly Membership[]> {
  const { id, kind, external_id: externalId } = owner;
  if (kind === 'external') return (await keyhouse.owners.read({ external_id: String(externalId) })).memberships;
  const kept = kind === 'user' ? keyhouse.users : keyhouse.serviceAccounts;
  return (await kept.read({ id })).memberships;
}
