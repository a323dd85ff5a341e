import { z } from 'zod';
import type { Authenticator, TokenFacts } from '../authenticate/index.ts';
import {
  formatInstant,
  listEffective,
  type PermissionSet,
  rotationDueAt,
  rotationStanding,
  tokenState,
  type Window,
} from '../policy/index.ts';
import type { FactsRow, LastUse, OwnerRecord, TokenRecord, WorkspaceRecord } from '../ports/index.ts';
import { type Profile, rotationPlanOf } from '../profile/index.ts';
import type { Engine } from './operation.ts';
import { actorRefSchema, timeSchema, windowSchema } from './schemas.ts';

/** Whatever has a profile in force. */
export interface UnderProfile {
  readonly authenticator: Pick<Authenticator, 'profile'>;
}

export const ownerSummarySchema = z.object({
  id: z.string(),
  kind: z.enum(['user', 'service_account', 'external']),
  external_id: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
});

export const workspaceSummarySchema = z.object({
  id: z.string(),
  external_id: z.string().nullable(),
  name: z.string(),
});

/** A token as everybody sees it: never with the value. */
export const tokenSchema = z
  .object({
    id: z.string(),
    lineage_id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    hint: z.string(),
    environment: z.string().nullable(),
    state: z.enum(['active', 'disabled', 'superseded', 'replaced', 'expired', 'revoked']),
    grant: z.union([
      z.object({ permissions: z.array(z.string()) }),
      z.object({ level: z.string() }),
      z.object({ inherit: z.literal(true) }),
    ]),
    effective_permissions: z.array(z.string()),
    owner: ownerSummarySchema,
    workspace: workspaceSummarySchema,
    metadata: z.record(z.string(), z.unknown()),
    ip_allowlist: z.array(z.string()).nullable(),
    expires_at: timeSchema.nullable(),
    limits: z.object({
      tier: z.string().nullable(),
      windows: z.union([z.array(windowSchema), z.literal('unlimited')]),
    }),
    rotation: z.object({
      auto_rotate: z.boolean(),
      rotation_period: z.string().nullable(),
      grace_period: z.string(),
      end_old_on_first_use: z.boolean(),
      on_unclaimed: z.enum(['keep', 'end']),
      notification_email: z.string().nullable(),
      self_rotate: z.boolean(),
      due_at: timeSchema.nullable().describe('When a successor becomes claimable; null where none will'),
      state: z
        .enum(['scheduled', 'claimable', 'overdue'])
        .nullable()
        .describe('`claimable`: a successor waits to be claimed. `overdue`: it does, and all reminders were sent'),
    }),
    created_at: timeSchema,
    created_by: actorRefSchema,
    last_used_at: timeSchema.nullable(),
    last_used_ip: z.string().nullable(),
    ends_at: timeSchema.nullable().describe('When a superseded token stops working'),
    revoked_at: timeSchema.nullable(),
    imported_from: z
      .string()
      .nullable()
      .describe('The system it was imported from; null for tokens that were made here'),
    supersedes: z.string().nullable(),
    superseded_by: z.string().nullable(),
  })
  .meta({ id: 'Token' });
export type TokenWire = z.infer<typeof tokenSchema>;

/** Several tokens as everybody sees them, with one look at last use. */
export async function describeTokens(engine: Engine, rows: readonly FactsRow[]): Promise<TokenWire[]> {
  const lastUses = await engine.usage.lastUses(rows.map((row) => row.token.id));
  const byToken = new Map(lastUses.map((use) => [use.tokenId, use]));
  return rows.map((row) => describe(engine, row, byToken.get(row.token.id) ?? null));
}

export async function describeToken(engine: Engine, row: FactsRow): Promise<TokenWire> {
  const [wire] = await describeTokens(engine, [row]);
  return wire as TokenWire;
}

/** A token that was never used, without looking anything up. */
export function describeUnused(engine: Engine, row: FactsRow): TokenWire {
  return describe(engine, row, null);
}

function describe(engine: Engine, row: FactsRow, lastUse: LastUse | null): TokenWire {
  const { token } = row;
  const { profile } = engine.authenticator.profile;
  const facts = engine.authenticator.factsOf(row);
  return {
    id: token.id,
    lineage_id: token.lineageId,
    name: token.name,
    description: token.description,
    hint: token.hint,
    environment: token.environment,
    state: tokenState(token, engine.clock.now()),
    grant: grantWire(facts),
    effective_permissions: effectivePermissions(engine, facts),
    owner: ownerSummary(row.owner),
    workspace: workspaceSummary(row.workspace),
    metadata: token.metadata,
    ip_allowlist: token.ipAllowlist === null ? null : [...token.ipAllowlist],
    expires_at: instantOrNull(token.expiresAt),
    limits: {
      tier: token.limits.by === 'tier' ? token.limits.tier : null,
      windows: windowsWire(facts.limits.windows),
    },
    rotation: rotationSettingWire(token, profile, engine.clock.now()),
    created_at: formatInstant(token.createdAt),
    created_by: token.createdBy,
    last_used_at: lastUse === null ? null : formatInstant(lastUse.at),
    last_used_ip: lastUse?.ip ?? null,
    ends_at: instantOrNull(token.graceEndsAt ?? token.supersededAt),
    revoked_at: instantOrNull(token.revokedAt),
    imported_from: importedFrom(token),
    supersedes: token.supersedes,
    superseded_by: token.supersededBy,
  };
}

function rotationSettingWire(token: TokenRecord, profile: Profile, now: number): TokenWire['rotation'] {
  const { rotation } = token;
  const plan = rotationPlanOf(profile);
  const state = tokenState(token, now);
  const dueAt = state === 'active' || state === 'disabled' ? rotationDueAt(token) : null;
  return {
    auto_rotate: rotation.autoRotate,
    rotation_period: rotation.rotationPeriod,
    grace_period: rotation.gracePeriod ?? profile.rotation.gracePeriod,
    end_old_on_first_use: rotation.endOldOnFirstUse ?? false,
    on_unclaimed: rotation.onUnclaimed ?? plan.onUnclaimed,
    notification_email: rotation.notificationEmail,
    self_rotate: rotation.selfRotate,
    due_at: instantOrNull(dueAt),
    state: dueAt === null ? null : rotationStanding(dueAt, plan.overdueAfterMs, now),
  };
}

/** A scheme other than our own names recipe and source. */
function importedFrom({ digestScheme }: TokenRecord): string | null {
  const colon = digestScheme.indexOf(':');
  return colon < 0 ? null : digestScheme.slice(colon + 1);
}

/** Grant ∩ owner, as it stands now. */
export function effectivePermissions(engine: UnderProfile, facts: TokenFacts): string[] {
  const { permissions: ownerMay } = facts.membership;
  if (ownerMay === null) return [];
  const { catalogue } = engine.authenticator.profile;
  const byGrant = effective.get(ownerMay) ?? new WeakMap<TokenFacts['grant'], Effective>();
  let known = byGrant.get(facts.grant);
  if (known === undefined || known.catalogue !== catalogue) {
    known = { catalogue, entries: listEffective(facts.grant.permissions ?? 'inherit', ownerMay, catalogue) };
    effective.set(ownerMay, byGrant.set(facts.grant, known));
  }
  return [...known.entries];
}

interface Effective {
  readonly catalogue: readonly string[] | null;
  readonly entries: readonly string[];
}

/** What was worked out before, by what the owner may do: an owner's tokens share that, and their grants are few. */
const effective = new WeakMap<PermissionSet, WeakMap<TokenFacts['grant'], Effective>>();

/** The grant as it was written. */
export function grantedEntries(engine: UnderProfile, facts: TokenFacts): string[] {
  const { grant } = facts.grant;
  return grant.mode === 'permissions' ? [...grant.permissions] : effectivePermissions(engine, facts);
}

/** The grant, as it was written too. */
export function grantWire({ grant: { grant } }: TokenFacts): TokenWire['grant'] {
  switch (grant.mode) {
    case 'permissions':
      return { permissions: [...grant.permissions] };
    case 'level':
      return { level: grant.level };
    case 'inherit':
      return { inherit: true };
  }
}

export function windowsWire(windows: readonly Window[] | 'unlimited'): Window[] | 'unlimited' {
  return windows === 'unlimited' ? 'unlimited' : windows.map(({ name, limit, seconds }) => ({ name, limit, seconds }));
}

export function ownerSummary(owner: Pick<OwnerRecord, 'id' | 'kind' | 'externalId' | 'name' | 'email'>) {
  return { id: owner.id, kind: owner.kind, external_id: owner.externalId, name: owner.name, email: owner.email };
}

export function workspaceSummary(workspace: Pick<WorkspaceRecord, 'id' | 'externalId' | 'name'>) {
  return { id: workspace.id, external_id: workspace.externalId, name: workspace.name };
}

export function instantOrNull(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}
