import { z } from 'zod';
import type { MembershipRecord, OwnerKind, OwnerRecord, WorkspaceRecord } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import type { Engine } from './operation.ts';
import { OutOfReach } from './out-of-reach.ts';
import { roleNames } from './owner-change.ts';
import { Rejection } from './rejection.ts';
import { guaranteeSchema, timeSchema } from './schemas.ts';
import { instantOrNull, workspaceSummary, workspaceSummarySchema } from './token-wire.ts';

/** A user, a service account or an external owner, with what the caller may see of where it belongs. */
export const ownerSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['user', 'service_account', 'external']),
    external_id: z.string().nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    disabled: z.boolean().describe('By whomever: while true no token of the owner works'),
    disabled_at: timeSchema.nullable().describe('When it was disabled in Keyhouse itself'),
    disabled_by_provider_at: timeSchema.nullable().describe('When PUT /v1/owners disabled it'),
    memberships: z.array(
      z.object({ workspace: workspaceSummarySchema, permissions: z.array(z.string()), roles: z.array(z.string()) }),
    ),
    metadata: z.record(z.string(), z.unknown()),
    created_at: timeSchema,
  })
  .meta({ id: 'Owner' });
export type OwnerWire = z.infer<typeof ownerSchema>;

/** The same as the answer to a change of it. */
export const changedOwnerSchema = ownerSchema
  .extend({ guarantee: guaranteeSchema.optional().describe('Present when something accepted before is now refused') })
  .meta({ id: 'UpdatedOwner' });
export type ChangedOwner = z.infer<typeof changedOwnerSchema>;

type Seen = Pick<Caller, 'reach'>;

/** Owners with those of their memberships that are within reach. */
export async function describeOwners(
  { store }: Pick<Engine, 'store'>,
  caller: Seen,
  owners: readonly OwnerRecord[],
): Promise<OwnerWire[]> {
  const roles = await store.owners.listRoles();
  const workspaces = new Map<string, Promise<WorkspaceRecord | null>>();
  const workspaceOf = (id: string) => {
    const known = workspaces.get(id) ?? store.owners.findWorkspace({ id });
    workspaces.set(id, known);
    return known;
  };
  const describeMembership = async ({ workspaceId, permissions, roleIds }: MembershipRecord) => {
    const workspace = await workspaceOf(workspaceId);
    if (workspace === null) throw new Error(`workspace ${workspaceId} has members and is not there`);
    return {
      workspace: workspaceSummary(workspace),
      permissions: [...permissions],
      roles: roleNames(roleIds, roles),
    };
  };
  return Promise.all(
    owners.map(async (owner) => {
      const memberships = await store.owners.memberships(owner.id);
      const within = memberships.filter((one) => reaches(caller, one.workspaceId));
      return {
        id: owner.id,
        kind: owner.kind,
        external_id: owner.externalId,
        name: owner.name,
        email: owner.email,
        disabled: owner.disabledAt !== null || owner.disabledByProviderAt !== null,
        disabled_at: instantOrNull(owner.disabledAt),
        disabled_by_provider_at: instantOrNull(owner.disabledByProviderAt),
        memberships: await Promise.all(within.map(describeMembership)),
        metadata: { ...owner.metadata },
        created_at: instantOrNull(owner.createdAt) as string,
      };
    }),
  );
}

/** The owner as it is now. */
export async function describeOwner(engine: Pick<Engine, 'store'>, caller: Seen, id: string): Promise<OwnerWire> {
  const owner = await engine.store.owners.find({ id });
  if (owner === null) throw new Error('an owner that was just there cannot be read');
  const [wire] = await describeOwners(engine, caller, [owner]);
  return wire as OwnerWire;
}

/**
 * An owner of this kind that the caller reaches by one of its memberships.
 * @throws {Rejection} `not_found` alike for what does not exist, was deleted, is of another kind or out of reach.
 */
export async function findOwner(
  engine: Pick<Engine, 'store'>,
  caller: Caller,
  kind: OwnerKind,
  by: { readonly id: string } | { readonly externalId: string },
): Promise<OwnerRecord> {
  const { owners } = engine.store;
  const owner = await owners.find(by);
  if (owner === null || owner.kind !== kind || owner.deletedAt !== null) throw new Rejection('not_found');
  if (caller.reach === 'installation') return owner;
  const memberships = await owners.memberships(owner.id);
  if (!memberships.some((one) => reaches(caller, one.workspaceId))) throw new OutOfReach('owner', owner.id);
  return owner;
}
