import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import {
  actorSchema,
  auditDraft,
  type Caller,
  defineOperation,
  type Engine,
  emailSchema,
  externalIdSchema,
  invalidInput,
  lockActingToken,
  lockHolder,
  nameSchema,
  Rejection,
  referenceSchema,
  requirePermission,
} from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { Transaction } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { linkTo, newLinkSecret } from './links.ts';
import { digestSecret } from './one-time-secret.ts';
import { minterOf } from './portal-minter.ts';
import { PORTAL_LINK_MS, PORTAL_NEEDS } from './portal-session.ts';
import { portalOwnerSchema, portalOwnerWire, staffSchema, staffWire, workspaceWire } from './portal-wire.ts';
import { placeForStaff, roleForStaff, STAFF_NEEDS } from './staff-session.ts';

const inputSchema = z.strictObject({
  owner: z
    .strictObject({ external_id: externalIdSchema })
    .optional()
    .describe('One of your users, for the page of their own tokens; this or `staff`'),
  staff: z
    .strictObject({
      external_id: externalIdSchema,
      name: nameSchema.optional(),
      email: emailSchema.optional(),
      role: z.string().min(1).max(100).describe('Name or id of a role; never more than you may do yourself'),
    })
    .optional()
    .describe('Somebody of yours who looks after tokens, for the dashboard'),
  workspace: referenceSchema
    .optional()
    .describe(
      'Needed where the owner is a member of several; for staff by default that of the caller, or the home one',
    ),
  actor: actorSchema.optional().describe('Whoever acts as the owner, such as somebody of your support'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    id: z.string(),
    owner: portalOwnerSchema.shape.owner.nullable(),
    staff: staffSchema.nullable(),
    workspace: portalOwnerSchema.shape.workspace,
    link: z.string().describe('To the page, below the address of the dashboard; in this answer and never again'),
    session: z.string().describe('The same secret, good once: for `<keyhouse-tokens>`'),
    expires_at: z.string().describe('Until then it can be opened'),
  })
  .meta({ id: 'CreatedPortalSession' });
type Output = z.infer<typeof outputSchema>;
type Made = Pick<Output, 'id' | 'owner' | 'staff' | 'workspace'>;

/** A new link as both kinds of session have it. */
interface Link {
  readonly id: string;
  readonly linkDigest: string;
  readonly linkExpiresAt: number;
  readonly digest: null;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
}

/**
 * Makes the way of one external owner to the page of their own tokens, or of somebody of the staff to the dashboard: a secret,
 * good once and for 15 minutes.
 */
export const createPortalSession = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'createPortalSession',
  summary: 'Open the token page for one of your users, or the dashboard for your staff',
  access: { needsOneOf: ['keyhouse-owners:act-as', 'keyhouse-users:write'] },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { owner, staff } = input;
    if ((owner === undefined) === (staff === undefined)) {
      throw invalidInput(owner === undefined ? 'owner' : 'staff', 'Say who it is for: one of owner and staff.');
    }
    for (const permission of staff === undefined ? PORTAL_NEEDS : STAFF_NEEDS) requirePermission(caller, permission);
    const secret = newLinkSecret(engine);
    const { value } = await engine.changes.commit(async (transaction) => {
      const now = engine.clock.now();
      await lockActingToken(transaction, caller, now);
      const link = newLink(engine, secret, now);
      return staff === undefined
        ? linkForOwner(transaction, caller, input, link)
        : linkForStaff(transaction, caller, { ...input, staff }, link);
    });
    return {
      ...value,
      link: linkTo(staff === undefined ? 'portal' : 'staff', secret),
      session: secret,
      expires_at: formatInstant(engine.clock.now() + PORTAL_LINK_MS),
    };
  },
});

function newLink(engine: Engine, secret: string, now: number): Link {
  const expiresAt = now + PORTAL_LINK_MS;
  return {
    id: generateId('pts', engine.random),
    linkDigest: digestSecret(secret),
    linkExpiresAt: expiresAt,
    digest: null,
    createdAt: now,
    lastUsedAt: now,
    expiresAt,
  };
}

async function linkForOwner(transaction: Transaction, caller: Caller, input: Input, link: Link): Promise<Draft<Made>> {
  const { owner, workspace } = await lockHolder(transaction, caller, input);
  if (owner.externalId === null) throw new Rejection('not_found');
  await transaction.portal.insert({
    ...link,
    ownerId: owner.id,
    workspaceId: workspace.id,
    minter: minterOf(caller),
    actor: input.actor?.external_id ?? null,
  });
  const subject = { kind: 'session' as const, id: link.id };
  return {
    value: { id: link.id, ...portalOwnerWire(owner, workspace), staff: null },
    subjects: [subject],
    tightening: false,
    audit: auditDraft(caller, link.createdAt, {
      action: 'portal_session.created',
      subject,
      workspaceId: workspace.id,
      namedActor: input.actor,
      details: { owner_id: owner.id },
    }),
  };
}

async function linkForStaff(
  transaction: Transaction,
  caller: Caller,
  input: Input & { readonly staff: NonNullable<Input['staff']> },
  link: Link,
): Promise<Draft<Made>> {
  const { external_id: externalId, name = null, email = null, role: asked } = input.staff;
  if (input.actor !== undefined) throw invalidInput('actor', 'Staff act for themselves: name the person in staff.');
  const role = roleForStaff(caller, await transaction.owners.listRoles(), asked);
  const workspace = await placeForStaff(transaction.owners, caller, input.workspace);
  await transaction.staff.insert({
    ...link,
    externalId,
    name,
    email,
    roleId: role.id,
    workspaceId: workspace.id,
    minter: minterOf(caller),
    createdBy: caller.actor,
  });
  const subject = { kind: 'session' as const, id: link.id };
  return {
    value: {
      id: link.id,
      owner: null,
      staff: staffWire({ externalId, name, email }, role),
      workspace: workspaceWire(workspace),
    },
    subjects: [subject],
    tightening: false,
    audit: auditDraft(caller, link.createdAt, {
      action: 'portal_session.created',
      subject,
      workspaceId: workspace.id,
      namedActor: { external_id: externalId },
      details: { role_id: role.id },
      personal: { name, email },
    }),
  };
}
