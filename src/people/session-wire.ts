import { z } from 'zod';
import { type Caller, type Engine, MANAGEMENT_PERMISSIONS, permissionsOf, sessionCaller } from '../manage/index.ts';
import { covers, entriesOf, formatInstant, isReserved, type PermissionSet } from '../policy/index.ts';
import type { SessionRow } from '../ports/index.ts';
import { workplaces } from './session.ts';

const placeSchema = z.object({ id: z.string(), name: z.string() });

export const sessionSchema = z
  .object({
    id: z.string(),
    user: z.object({
      id: z.string(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      password: z.boolean().describe('Whether the user has one; who signs in elsewhere needs none'),
      second_factor: z.boolean(),
    }),
    workspace: placeSchema.extend({ is_home: z.boolean(), roles: z.array(z.string()) }),
    account: z.boolean().describe('false for staff whom their own company sent here: there is nothing to look after'),
    workspaces: z.array(placeSchema).describe('Those the user can change to'),
    permissions: z.object({
      management: z.array(z.string()).describe('What the user may do in Keyhouse, here'),
      grantable: z
        .union([z.literal('any'), z.array(z.string())])
        .describe('What the user can give to a token of their own; any where the catalogue is open'),
    }),
    created_at: z.string(),
    expires_at: z.string().describe('However much it is used; unused it ends after an hour'),
  })
  .meta({ id: 'Session' });
export type SessionWire = z.infer<typeof sessionSchema>;

/** Somebody signed in, as the dashboard needs to know them. */
export async function describeSession(engine: Engine, row: SessionRow): Promise<SessionWire> {
  const { session, owner, workspace, membership, roles } = row;
  const { store, authenticator } = engine;
  const factor = await store.people.readSecondFactor(owner.id);
  const hasPassword = (await store.people.readPasswordHash(owner.id)) !== null;
  const places = await workplaces(store.owners, owner.id);
  const caller = sessionCaller(row, { ip: null, requestId: '', idempotencyKey: null });
  return {
    id: session.id,
    user: {
      id: owner.id,
      name: owner.name,
      email: owner.email,
      password: hasPassword,
      second_factor: factor?.confirmedAt != null,
    },
    workspace: {
      id: workspace.id,
      name: workspace.name,
      is_home: workspace.isHome,
      roles: roles.map(({ name }) => name).sort(),
    },
    account: true,
    workspaces: places.map((place) => ({ id: place.workspace.id, name: place.workspace.name })),
    permissions: {
      management: managementList(caller),
      grantable:
        membership === null ? [] : grantable(permissionsOf(membership, roles), authenticator.profile.catalogue),
    },
    created_at: formatInstant(session.createdAt),
    expires_at: formatInstant(session.expiresAt),
  };
}

/** Staff, as the dashboard needs to know them: the person of the session, for whom there is no account. */
export function describeStaff(caller: Caller): SessionWire {
  if (caller.staff === undefined) throw new Error('only a session of staff is described so');
  const { session, role, workspace } = caller.staff;
  const place = { id: workspace.id, name: workspace.name };
  return {
    id: session.id,
    user: {
      id: session.id,
      name: session.name ?? session.externalId,
      email: session.email,
      password: false,
      second_factor: false,
    },
    account: false,
    workspace: { ...place, is_home: workspace.isHome, roles: [role.name] },
    workspaces: [place],
    permissions: { management: managementList(caller), grantable: [] },
    created_at: formatInstant(session.createdAt),
    expires_at: formatInstant(session.expiresAt),
  };
}

function managementList({ may }: Caller): string[] {
  return (Object.keys(MANAGEMENT_PERMISSIONS) as (keyof typeof MANAGEMENT_PERMISSIONS)[]).filter(may);
}

function grantable(held: PermissionSet, catalogue: readonly string[] | null): 'any' | string[] {
  if (catalogue !== null) return catalogue.filter((permission) => covers(held, permission));
  return held.everything
    ? 'any'
    : entriesOf(held)
        .filter((entry) => !isReserved(entry))
        .sort();
}
