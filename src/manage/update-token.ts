import { z } from 'zod';
import { grantedPermissions, type ProfileInForce } from '../authenticate/index.ts';
import type { Draft } from '../changes/index.ts';
import { findExcess, type GrantedPower, type PermissionSet, rotationDueAt, tokenState } from '../policy/index.ts';
import type { TokenPatch, TokenRecord, Transaction } from '../ports/index.ts';
import { auditDraft, personalChange } from './audit-draft.ts';
import { type Caller, requirePermission } from './caller.ts';
import { findToken } from './find-token.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken, lockHolder, permissionsNow, refuseAncestor } from './holder.ts';
import { checkMayGive, checkMayReissue, requireSelfService } from './may-give.ts';
import { defineOperation, type Engine } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { readRotation } from './rotation-input.ts';
import { guaranteeSchema } from './schemas.ts';
import { isManagementGrant, readAllowlist, readExpiry, readGrant, readLimits, settingsSchema } from './token-input.ts';
import { describeToken, tokenSchema } from './token-wire.ts';

const inputSchema = z.strictObject({
  ...settingsSchema,
  name: settingsSchema.name.optional(),
  id: tokenIdSchema,
  disabled: z.boolean().optional().describe('true stops the token now; false lets it work again'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = tokenSchema
  .extend({ guarantee: guaranteeSchema.optional().describe('Present when something accepted before is now refused') })
  .meta({ id: 'UpdatedToken' });
type Output = z.infer<typeof outputSchema>;

/** Changes a token. It can be narrowed, widened within what its owner may do, and paused; an ended one stays ended. */
export const updateToken = defineOperation<Input, Output>({
  id: 'updateToken',
  summary: 'Change or disable a token',
  access: { needs: 'keyhouse-tokens:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { token } = await findToken(engine, caller, input.id, 'keyhouse-tokens:write');
    requirePermission(caller, 'keyhouse-tokens:write');
    if (caller.token?.lineageId === token.lineageId) {
      throw new Rejection('insufficient_permissions', 'A token cannot change itself: it could undo what binds it.');
    }
    const { guarantee } = await engine.changes.commit((transaction) =>
      draftTokenUpdate(engine, caller, token, input, transaction),
    );
    const row = await engine.store.facts.findByTokenId(token.id);
    if (row === null) throw new Error('a token that was just changed cannot be read');
    const wire = await describeToken(engine, row);
    return guarantee === null ? wire : { ...wire, guarantee: guaranteeWire(guarantee) };
  },
});

/** Drafts the change of a token. */
export async function draftTokenUpdate(
  engine: Engine,
  caller: Caller,
  asked: TokenRecord,
  input: Input,
  transaction: Transaction,
): Promise<Draft<null>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const lineage = await transaction.tokens.lockLineage(asked.lineageId);
  const before = lineage.find((token) => token.id === asked.id);
  if (before === undefined) throw new Rejection('not_found');
  const state = tokenState(before, now);
  if (state === 'revoked' || state === 'replaced' || state === 'expired') {
    throw new Rejection('conflict', `A token that is ${state} stays so: create another.`);
  }
  await refuseAncestor(transaction, caller, before);
  const patch = changedFields(before, patchOf(engine, before, input, now));
  const after: TokenRecord = { ...before, ...patch };
  const isDisabling = before.disabledAt === null && after.disabledAt !== null;
  const isEnabling = before.disabledAt !== null && after.disabledAt === null;
  const owned = await permissionsNow(transaction, before);
  if (isEnabling) checkMayReissue(engine, caller, owned, after);
  if (exceeds(engine, after, before, owned)) {
    const reference = { owner: { id: before.ownerId }, workspace: { id: before.workspaceId } };
    checkMayGive(engine, caller, await lockHolder(transaction, caller, reference), after);
  }
  if (sendsClaimsElsewhere(before, after)) {
    // Whoever is mailed the successor of another owner's token can act as that owner.
    if (caller.self?.ownerId !== before.ownerId) requirePermission(caller, 'keyhouse-owners:act-as');
    requireSelfService(engine, caller);
    checkMayReissue(engine, caller, owned, after);
  }
  const narrows = exceeds(engine, before, after, owned);
  const unchanged = Object.keys(patch).length === 0;
  await transaction.tokens.update(before.id, patch);
  await limitAlike(transaction, lineage, patch);
  await rescheduleRotation(transaction, before, after, now);
  return {
    value: null,
    subjects: [{ kind: 'lineage', id: before.lineageId }],
    unchanged,
    // What is so already may have been made so by a call that ended without its answer: then this one waits for it.
    tightening: isDisabling || narrows || unchanged,
    audit: auditDraft(caller, now, {
      action: isDisabling ? 'token.disabled' : isEnabling ? 'token.enabled' : 'token.updated',
      subject: { kind: 'lineage', id: before.lineageId },
      workspaceId: before.workspaceId,
      details: {
        token_id: before.id,
        before: pick(before, patch),
        after: pick(after, patch),
        personal_changed: PERSONAL.filter((field) => field in patch),
      },
      personal: personalChange(personalOf(before), personalOf(after), ['name', 'description', 'notification_email']),
    }),
  };
}

/** Whoever was mailed a link and is named no more has none from now on; whoever is named instead is told at once. */
async function rescheduleRotation(
  { rotations }: Transaction,
  before: TokenRecord,
  after: TokenRecord,
  now: number,
): Promise<void> {
  const isMailedElsewhere = after.rotation.notificationEmail !== before.rotation.notificationEmail;
  if (isMailedElsewhere) await rotations.shortenLinks(before.id, now);
  const dueAt = after.supersededAt === null ? rotationDueAt(after) : null;
  if (isMailedElsewhere || dueAt !== rotationDueAt(before)) await rotations.lookAt(before.id, dueAt);
}

/** Whether links to the successor are mailed to an address to which none were. */
function sendsClaimsElsewhere({ rotation: before }: TokenRecord, { rotation: after }: TokenRecord): boolean {
  if (!after.autoRotate || after.notificationEmail === null) return false;
  return !before.autoRotate || after.notificationEmail !== before.notificationEmail;
}

/** A line has one count of its requests, and so one set of limits: two would make it forget what the other one counts. */
async function limitAlike(
  transaction: Transaction,
  lineage: readonly TokenRecord[],
  { limits }: TokenPatch,
): Promise<void> {
  if (limits === undefined) return;
  for (const { id } of lineage) await transaction.tokens.update(id, { limits });
}

function changedFields(before: TokenRecord, patch: TokenPatch): TokenPatch {
  return Object.fromEntries(
    Object.entries(patch).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof TokenPatch]),
    ),
  );
}

function patchOf(engine: Engine, before: TokenRecord, input: Input, now: number): TokenPatch {
  const inForce: ProfileInForce = engine.authenticator.profile;
  const grant = readGrant(input, inForce);
  // Counted as the owner's one token or not when it was made; a change of sides would give the owner two.
  if (grant !== null && inForce.profile.onePerOwner && isManagementGrant(grant) !== isManagementGrant(before.grant)) {
    throw invalidInput(
      '',
      'A token that manages Keyhouse and one for the API do not become each other: create another.',
    );
  }
  const limits = readLimits(input, inForce);
  const changesExpiry = input.expires_at !== undefined || input.expires_in !== undefined;
  const expiry = changesExpiry ? readExpiry(input, inForce, now) : null;
  return {
    ...(input.name !== undefined && { name: input.name }),
    ...(input.description !== undefined && { description: input.description }),
    ...(input.metadata !== undefined && { metadata: input.metadata }),
    ...(grant !== null && { grant }),
    ...(limits !== null && { limits }),
    ...(input.ip_allowlist !== undefined && { ipAllowlist: readAllowlist(input.ip_allowlist) }),
    ...(expiry !== null && { expiresAt: expiry.expiresAt, expiryExplicit: expiry.explicit }),
    rotation: readRotation(input, before.rotation, inForce),
    ...(input.disabled !== undefined && { disabledAt: input.disabled ? (before.disabledAt ?? now) : null }),
  };
}

/** Whether `one` accepts something that `other` does not, in any dimension. */
function exceeds(engine: Engine, one: TokenRecord, other: TokenRecord, owner: PermissionSet): boolean {
  const { catalogue } = engine.authenticator.profile;
  return findExcess(powerOf(engine, one), powerOf(engine, other), { owner, catalogue }).length > 0;
}

function powerOf(engine: Engine, token: TokenRecord): GrantedPower {
  const { levels, windowsOf } = engine.authenticator.profile;
  return {
    permissions: grantedPermissions(token.grant, levels) ?? 'inherit-of-owner',
    ipAllowlist: token.ipAllowlist,
    expiresAt: token.expiresAt,
    windows: windowsOf(token.limits),
    workspaceId: token.workspaceId,
    environment: token.environment,
  };
}

const PERSONAL: readonly string[] = ['name', 'description', 'metadata'];

function personalOf({ name, description, rotation }: TokenRecord) {
  return { name, description, notification_email: rotation.notificationEmail };
}

/** What the audit entry shows of it: the changed fields, as far as they belong to no person. */
function pick(token: TokenRecord, patch: TokenPatch): Record<string, unknown> {
  const { notificationEmail: _personal, ...rotation } = token.rotation;
  const shown = Object.keys(patch).filter((field) => !PERSONAL.includes(field));
  const values = { ...token, rotation };
  return Object.fromEntries(shown.map((field) => [field, values[field as keyof TokenPatch] ?? null]));
}
