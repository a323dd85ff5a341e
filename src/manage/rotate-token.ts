import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { formatInstant, parseDuration, planRotation, type RotationPlan, tokenState } from '../policy/index.ts';
import type { TokenRecord, Transaction } from '../ports/index.ts';
import { openSealed, sealValue } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, requirePermission } from './caller.ts';
import { commitAgainOn } from './commit-again.ts';
import { findToken } from './find-token.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken, permissionsNow, refuseAncestor } from './holder.ts';
import { ALREADY_ISSUED_HELP, findReplay, type Replayable, rememberReplay, replayable } from './idempotency.ts';
import { checkMayReissue, requireSelfService } from './may-give.ts';
import { mintToken, UNTOUCHED } from './mint-token.ts';
import { defineOperation, type Engine } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { Rejection } from './rejection.ts';
import { descriptionSchema, gracePeriodSchema, guaranteeSchema, timeSchema } from './schemas.ts';

/** How long the bearer of the old value may ask again and is given the same successor. */
const REPEATABLE_MS = 10 * 60_000;

const inputSchema = z.strictObject({
  id: tokenIdSchema,
  grace_period: gracePeriodSchema.optional(),
  reason: descriptionSchema.optional(),
  replace_unused_successor: z.boolean().optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    old_key: z.object({ id: z.string(), expires_at: timeSchema }),
    new_key: z.object({ id: z.string(), value: z.string().nullable(), created_at: timeSchema }),
    already_issued: z.literal(true).optional(),
    help: z.string().optional(),
    guarantee: guaranteeSchema,
  })
  .meta({ id: 'Rotation' });
type Output = z.infer<typeof outputSchema>;

/**
 * Gives a token a successor that differs in nothing but its value; the old one works until the grace ends. With the old
 * token itself it can be repeated: the same successor, until it is first used or ten minutes have passed.
 */
export const rotateToken = defineOperation<Input, Output>({
  id: 'rotateToken',
  summary: 'Rotate a token',
  access: { needs: 'keyhouse-tokens:write', orSelf: true },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { token } = await findToken(engine, caller, input.id, 'keyhouse-tokens:write');
    const isBearer = caller.token?.id === token.id;
    const replay = isBearer ? null : replayable(caller, `rotateToken ${token.id}`, input);
    const { value, guarantee } = await commitAgainOn(engine, ['digest'], (transaction) =>
      isBearer
        ? rotateByBearer(engine, caller, token, input, transaction)
        : rotateByManager(engine, caller, token, input, transaction, replay),
    );
    if (guarantee === null) throw new Error('a rotation without a guarantee');
    return {
      old_key: { id: value.old.id, expires_at: formatInstant(endOf(value.old)) },
      new_key: { id: value.successor.id, value: value.value, created_at: formatInstant(value.successor.createdAt) },
      ...(value.value === null && { already_issued: true as const, help: ALREADY_ISSUED_HELP }),
      guarantee: guaranteeWire(guarantee),
    };
  },
});

interface Rotated {
  readonly old: TokenRecord;
  readonly successor: TokenRecord;
  /** null when an earlier call was given it. */
  readonly value: string | null;
}

async function rotateByBearer(
  engine: Engine,
  caller: Caller,
  asked: TokenRecord,
  input: Input,
  transaction: Transaction,
): Promise<Draft<Rotated>> {
  const now = engine.clock.now();
  const lineage = await transaction.tokens.lockLineage(asked.lineageId);
  const token = memberOf(lineage, asked.id);
  if (!token.rotation.selfRotate) {
    throw new Rejection(
      'insufficient_permissions',
      'This token was created with self_rotate: false and cannot rotate itself.',
    );
  }
  const isReplacing = input.replace_unused_successor === true && tokenState(token, now) === 'superseded';
  if (token.supersededBy !== null && !isReplacing) return repeat(caller, lineage, token, transaction, now);
  return rotate(engine, caller, lineage, token, input, transaction, now, caller.presented);
}

/** The same successor again, for the bearer whose first answer was lost (peers §2 row 1). */
async function repeat(
  caller: Caller,
  lineage: readonly TokenRecord[],
  token: TokenRecord,
  transaction: Transaction,
  now: number,
): Promise<Draft<Rotated>> {
  const successor = memberOf(lineage, token.supersededBy as string);
  const sealed = await transaction.replays.findSealed(token.id, now);
  const value = sealed === null || caller.presented === null ? null : openSealed(sealed.sealed, caller.presented);
  if (value === null || successor.firstUsedAt !== null || tokenState(successor, now) !== 'active') {
    throw alreadyRotated(successor.id);
  }
  return draft(caller, now, { old: token, successor, value }, { unchanged: true });
}

async function rotateByManager(
  engine: Engine,
  caller: Caller,
  asked: TokenRecord,
  input: Input,
  transaction: Transaction,
  replay: Replayable | null,
): Promise<Draft<Rotated>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const isOthers = caller.self?.ownerId !== asked.ownerId;
  // Whoever is handed the successor of another owner's token can act as that owner.
  if (isOthers) requirePermission(caller, 'keyhouse-owners:act-as');
  const lineage = await transaction.tokens.lockLineage(asked.lineageId);
  const token = memberOf(lineage, asked.id);
  const earlier = await findReplay(transaction, replay, now);
  if (earlier !== null) {
    return draft(caller, now, { old: token, successor: memberOf(lineage, earlier), value: null }, { unchanged: true });
  }
  // A bearer of an older value of the line, or of a token made from it, must not come by a value that outlives its own.
  if (caller.token !== null) requirePermission(caller, 'keyhouse-tokens:write');
  requireSelfService(engine, caller);
  await refuseAncestor(transaction, caller, token);
  checkMayReissue(engine, caller, await permissionsNow(transaction, token), token);
  const rotated = await rotate(engine, caller, lineage, token, input, transaction, now, null);
  await rememberReplay(transaction, replay, rotated.value.successor.id, now);
  return rotated;
}

async function rotate(
  engine: Engine,
  caller: Caller,
  lineage: readonly TokenRecord[],
  token: TokenRecord,
  input: Input,
  transaction: Transaction,
  now: number,
  sealUnder: string | null,
): Promise<Draft<Rotated>> {
  const plan = planFor(engine, lineage, token, input, now);
  const { value, identity } = mintToken(engine, token.environment);
  await endOthers(transaction, lineage, token, plan, now);
  // What ends now has no grace, rather than one that is over: a clock that is stepped back would open it again.
  const graceEndsAt = plan.oldEndsAt > now ? plan.oldEndsAt : null;
  const ending = { soleKey: null, supersededAt: now, supersededBy: identity.id, graceEndsAt };
  await transaction.tokens.update(token.id, ending);
  const old = { ...token, ...ending };
  const replaced = lineage.find((member) => member.id === plan.replaceSuccessor);
  const successor: TokenRecord = {
    ...token,
    ...identity,
    ...UNTOUCHED,
    parentId: token.parentId,
    clientId: token.clientId,
    expiresAt: plan.successorExpiresAt,
    createdAt: now,
    createdBy: caller.actor,
    supersedes: token.id,
    // Of a one-per-owner profile: held by the newest of the line, which may be the successor that is replaced.
    soleKey: (replaced ?? token).soleKey,
  };
  await transaction.tokens.insert(successor);
  await transaction.replays.eraseSealed(lineage.map((member) => member.id));
  if (sealUnder !== null) {
    await transaction.replays.insertSealed({
      tokenId: successor.id,
      predecessorId: token.id,
      sealed: sealValue(value, sealUnder, engine.random),
      expiresAt: now + REPEATABLE_MS,
    });
  }
  return draft(caller, now, { old, successor, value }, { reason: input.reason, replaced: plan.replaceSuccessor });
}

function planFor(
  engine: Engine,
  lineage: readonly TokenRecord[],
  token: TokenRecord,
  input: Input,
  now: number,
): Extract<RotationPlan, { plan: 'rotate' }> {
  const { profile } = engine.authenticator.profile;
  const successor = lineage.find((member) => member.id === token.supersededBy);
  const plan = planRotation(
    {
      ...token,
      state: tokenState(token, now),
      gracePeriodMs: token.rotation.gracePeriod === null ? null : graceMs(token.rotation.gracePeriod),
      successorUsed: successor !== undefined && (successor.firstUsedAt !== null || successor.supersededBy !== null),
    },
    {
      ...(input.grace_period !== undefined && { gracePeriodMs: graceMs(input.grace_period) }),
      replaceUnusedSuccessor: input.replace_unused_successor ?? false,
    },
    {
      gracePeriodMs: graceMs(profile.rotation.gracePeriod),
      lifetimeMs: profile.expiry.lifetime === null ? null : parseDuration(profile.expiry.lifetime),
      onePerOwner: profile.onePerOwner,
    },
    now,
  );
  if (plan.plan === 'rotate') return plan;
  if (plan.because === 'already_rotated') throw alreadyRotated(token.supersededBy);
  throw new Rejection('conflict', `A token that is ${tokenState(token, now)} cannot be rotated.`);
}

/** Never more than two values of a lineage work: earlier tokens still in grace end now, an unused successor is revoked. */
async function endOthers(
  transaction: Transaction,
  lineage: readonly TokenRecord[],
  token: TokenRecord,
  plan: Extract<RotationPlan, { plan: 'rotate' }>,
  now: number,
): Promise<void> {
  for (const member of lineage) {
    if (member.id === token.id) continue;
    if (member.id === plan.replaceSuccessor) {
      await transaction.tokens.update(member.id, {
        revokedAt: now,
        revokedReason: 'replaced before its first use',
        soleKey: null,
      });
    } else if (member.supersededAt !== null && member.graceEndsAt !== null) {
      // A disabled one too: enabled again, it would be a third.
      await transaction.tokens.update(member.id, { graceEndsAt: null });
    }
  }
}

function graceMs(duration: string): number {
  return duration === '0s' ? 0 : (parseDuration(duration) ?? 0);
}

/** When a token that was rotated stops working, or did. */
function endOf({ graceEndsAt, supersededAt }: TokenRecord): number {
  return graceEndsAt ?? (supersededAt as number);
}

function memberOf(lineage: readonly TokenRecord[], id: string): TokenRecord {
  const member = lineage.find((token) => token.id === id);
  if (member === undefined) throw new Rejection('not_found');
  return member;
}

function alreadyRotated(successorId: string | null): Rejection {
  return new Rejection('already_rotated', 'This token was rotated already; its successor is in use or was given out.', {
    extra: { successor_id: successorId },
  });
}

function draft(
  caller: Caller,
  now: number,
  rotated: Rotated,
  more: { readonly unchanged?: boolean; readonly reason?: string | undefined; readonly replaced?: string | null },
): Draft<Rotated> {
  const { old, successor } = rotated;
  const subject = { kind: 'lineage' as const, id: old.lineageId };
  return {
    value: rotated,
    subjects: [subject],
    unchanged: more.unchanged ?? false,
    tightening: true,
    audit: auditDraft(caller, now, {
      action: 'token.rotated',
      subject,
      workspaceId: old.workspaceId,
      details: {
        old_id: old.id,
        new_id: successor.id,
        old_ends_at: endOf(old),
        by_itself: caller.token?.id === old.id,
        revoked_unused_id: more.replaced ?? null,
      },
      personal: { reason: more.reason },
    }),
  };
}
