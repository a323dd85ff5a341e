import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import type { TokenRecord } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import { type Holder, readHolder } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { invalidInput } from './rejection.ts';
import { externalIdSchema, idSchema, type Reference, timeSchema, windowSchema } from './schemas.ts';
import { isManagementGrant } from './token-input.ts';
import { latestExpiry, offersOf } from './token-offers.ts';
import {
  instantOrNull,
  ownerSummary,
  ownerSummarySchema,
  workspaceSummary,
  workspaceSummarySchema,
} from './token-wire.ts';

const inputSchema = z.strictObject({
  owner_id: idSchema.optional().describe('Whose token it is to be; the caller’s own when left out'),
  owner_external_id: externalIdSchema.optional(),
  workspace_id: idSchema.optional(),
  workspace_external_id: externalIdSchema.optional(),
});
type Input = z.infer<typeof inputSchema>;

const offered = { grantable: z.boolean().describe('Whether the caller may give it to this owner’s token') };

const outputSchema = z
  .object({
    owner: ownerSummarySchema,
    workspace: workspaceSummarySchema,
    is_self: z.boolean(),
    may_create: z.boolean().describe('Whether the caller may make a token for this owner at all'),
    self_service: z.boolean().describe('Whether owners make tokens for themselves here'),
    grants: z.array(z.enum(['permissions', 'level', 'inherit'])).describe('Ways to say what a token may do'),
    default_grant: z.literal('inherit').nullable(),
    catalogue: z.enum(['open', 'closed']),
    any_permission: z.boolean().describe('Any well-formed permission may be given'),
    environments: z.array(z.object({ environment: z.enum(['live', 'test']), ...offered })),
    permissions: z.array(
      z.object({
        permission: z.string(),
        resource: z.string(),
        description: z.string().nullable(),
        operations: z.array(z.string()),
        ...offered,
      }),
    ),
    wildcards: z.array(z.object({ permission: z.string(), resource: z.string(), ...offered })),
    management: z
      .array(z.object({ permission: z.string(), description: z.string().nullable() }))
      .describe('What manages Keyhouse itself and the caller may hand on'),
    levels: z.array(
      z.object({
        level: z.enum(['read', 'write', 'admin']),
        description: z.string(),
        permissions: z.array(z.string()),
        gives: z.array(z.string()).describe('What is left of it within what the owner may do'),
        ...offered,
      }),
    ),
    inherit: z.object({ gives: z.array(z.string()), everything: z.boolean(), ...offered }).nullable(),
    templates: z.array(
      z.object({
        name: z.string(),
        token_name: z.string(),
        description: z.string(),
        permissions: z.array(z.string()),
        missing: z.array(z.string()).describe('Those of its permissions that the caller may not give'),
      }),
    ),
    tiers: z.array(
      z.object({
        tier: z.string(),
        label: z.string(),
        use_case: z.string().nullable(),
        windows: z.union([z.array(windowSchema), z.literal('unlimited')]),
        ...offered,
      }),
    ),
    default_tier: z.string(),
    expiry: z.object({
      lifetime: z.string().nullable().describe('Given where no expiry is asked for; null is for ever'),
      lifetime_max: z.string().nullable(),
      latest: timeSchema.nullable().describe('No later expiry may be asked for'),
    }),
    ip_allowlist: z.object({
      caller_ip: z.string().nullable().describe('The address this question came from'),
      within: z.array(z.string()).nullable().describe('The networks it must stay within'),
    }),
    rotation: z.object({ grace_period: z.string(), self_rotate: z.boolean().describe('When it is not said') }),
    one_per_owner: z.boolean(),
    replaces: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          hint: z.string(),
          created_at: timeSchema,
          last_used_at: timeSchema.nullable(),
        }),
      )
      .describe('Tokens that a new one of this owner ends at once, told to who may create one'),
  })
  .meta({ id: 'TokenOptions' });
type Output = z.infer<typeof outputSchema>;

/** What may be asked for when a token is created: for oneself, or for an owner the caller may act for. */
export const readTokenOptions = defineOperation<Input, Output>({
  id: 'readTokenOptions',
  summary: 'Read what a new token may be given',
  access: { anyToken: true },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const holder = await readHolder(engine.store.owners, caller, {
      owner: referenceTo(input.owner_id, input.owner_external_id, 'owner'),
      workspace: referenceTo(input.workspace_id, input.workspace_external_id, 'workspace'),
    });
    const { profile } = engine.authenticator.profile;
    const making = { engine, caller, holder };
    const canCreate = mayCreate(engine, caller);
    return {
      owner: ownerSummary(holder.owner),
      workspace: workspaceSummary(holder.workspace),
      is_self: holder.isSelf,
      may_create: canCreate,
      self_service: profile.selfService,
      grants: [...profile.grants],
      default_grant: profile.defaultGrant,
      catalogue: profile.catalogue === 'open' ? 'open' : 'closed',
      ...offersOf(making),
      default_tier: profile.limits.defaultTier,
      expiry: {
        lifetime: profile.expiry.lifetime,
        lifetime_max: profile.expiry.lifetimeMax,
        latest: instantOrNull(latestExpiry(making, engine.clock.now())),
      },
      ip_allowlist: {
        caller_ip: caller.circumstances.ip,
        within: withinOf(caller, holder),
      },
      rotation: { grace_period: profile.rotation.gracePeriod, self_rotate: profile.selfService },
      one_per_owner: profile.onePerOwner,
      replaces: profile.onePerOwner && canCreate ? await replacedBy(engine, holder) : [],
    };
  },
});

/** @throws {Rejection} `invalid_input` for both ids at once. */
function referenceTo(id: string | undefined, externalId: string | undefined, name: string): Reference | undefined {
  if (id !== undefined && externalId !== undefined) {
    throw invalidInput(`${name}_external_id`, `Give either ${name}_id or ${name}_external_id.`);
  }
  if (id !== undefined) return { id };
  return externalId === undefined ? undefined : { external_id: externalId };
}

/** The bearer of a token needs the permission always; who is signed in, where owners make none for themselves. */
function mayCreate(engine: Engine, caller: Caller): boolean {
  const isFree = caller.token === null && engine.authenticator.profile.profile.selfService;
  return isFree || caller.may('keyhouse-tokens:write');
}

async function replacedBy(engine: Engine, { owner, workspace }: Holder): Promise<Output['replaces']> {
  const filter = { ownerId: owner.id, workspaceId: workspace.id, liveAt: engine.clock.now() };
  const { rows } = await engine.store.tokens.list(filter, { limit: 100, after: null });
  const ending = rows.filter(({ grant }) => !isManagementGrant(grant));
  const uses = new Map((await engine.usage.lastUses(ending.map(({ id }) => id))).map((use) => [use.tokenId, use.at]));
  return ending.map(({ id, name, hint, createdAt }: TokenRecord) => ({
    id,
    name,
    hint,
    created_at: formatInstant(createdAt),
    last_used_at: instantOrNull(uses.get(id) ?? null),
  }));
}

/** A token with a list of addresses makes none for its own owner that works from elsewhere. */
function withinOf({ token }: Caller, { isSelf }: Holder): string[] | null {
  const entries = isSelf ? (token?.ipAllowlist?.entries ?? null) : null;
  return entries === null ? null : [...entries];
}
