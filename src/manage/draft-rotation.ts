import { z } from 'zod';
import type { Draft, Guarantee } from '../changes/index.ts';
import {
  formatInstant,
  parseDuration,
  planRotation,
  type RotationPlan,
  rotationDueAt,
  tokenState,
} from '../policy/index.ts';
import type { TokenRecord, Transaction } from '../ports/index.ts';
import { openSealed, sealValue } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { ALREADY_ISSUED_HELP } from './idempotency.ts';
import { mintToken, UNTOUCHED } from './mint-token.ts';
import type { Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { guaranteeSchema, timeSchema } from './schemas.ts';

/** How long whoever was given a successor may ask again and is given the same one. */
const REPEATABLE_MS = 10 * 60_000;

export interface Rotated {
  readonly old: TokenRecord;
  readonly successor: TokenRecord;
  /** null when an earlier call was given it. */
  readonly value: string | null;
}

/** One token of a line that is locked, and how it is to be rotated. */
export interface Rotating {
  readonly lineage: readonly TokenRecord[];
  readonly token: TokenRecord;
  readonly asked: {
    readonly grace_period?: string | undefined;
    readonly reason?: string | undefined;
    readonly replace_unused_successor?: boolean | undefined;
    readonly end_old_on_first_use?: boolean | undefined;
  };
  /** What the successor's value is sealed under for repeats: the old value, or the secret of a link; null for none. */
  readonly sealUnder: string | null;
  /** Who the successor is given to. */
  readonly claimedBy: 'bearer' | 'link' | 'manager';
  /** Who a link was mailed to. */
  readonly recipient?: string;
}

/**
 * Gives the token a successor that differs in nothing but its value. Only here a successor comes to be: until then there is
 * no value that could be stolen.
 * @throws {Rejection} `already_rotated`, `conflict`.
 */
export async function draftRotation(
  engine: Engine,
  caller: Caller,
  transaction: Transaction,
  { lineage, token, asked, sealUnder, claimedBy, recipient }: Rotating,
  now: number,
): Promise<Draft<Rotated>> {
  const plan = planFor(engine, lineage, token, asked, now);
  const dueAt = rotationDueAt(token);
  const { value, identity } = mintToken(engine, token.environment);
  await endOthers(transaction, lineage, token, plan, now);
  const replaced = lineage.find((member) => member.id === plan.replaceSuccessor);
  // What one rotation asked for is not what the line is set to.
  const { rotation } = replaced ?? token;
  const endsOnFirstUse = asked.end_old_on_first_use ?? rotation.endOldOnFirstUse ?? false;
  const ending = {
    soleKey: null,
    supersededAt: now,
    supersededBy: identity.id,
    // What ends now has no grace, rather than one that is over: a clock that is stepped back would open it again.
    graceEndsAt: plan.oldEndsAt > now ? plan.oldEndsAt : null,
    rotation: { ...rotation, endOldOnFirstUse: endsOnFirstUse },
  };
  await transaction.tokens.update(token.id, ending);
  const old = { ...token, ...ending };
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
    rotation,
    // Of a one-per-owner profile: held by the newest of the line, which may be the successor that is replaced.
    soleKey: (replaced ?? token).soleKey,
  };
  await transaction.tokens.insert(successor);
  await transaction.rotations.lookAt(successor.id, rotationDueAt(successor));
  await transaction.rotations.lookAt(token.id, null);
  await transaction.rotations.shortenLinks(token.id, now + REPEATABLE_MS);
  await transaction.replays.eraseSealed(lineage.map((member) => member.id));
  if (sealUnder !== null) {
    await transaction.replays.insertSealed({
      tokenId: successor.id,
      predecessorId: token.id,
      sealed: sealValue(value, sealUnder, engine.random),
      expiresAt: now + REPEATABLE_MS,
    });
  }
  return draft(
    caller,
    now,
    { old, successor, value },
    {
      details: {
        revoked_unused_id: plan.replaceSuccessor,
        claimed_by: claimedBy,
        was_due: dueAt !== null && dueAt <= now,
        ends_on_first_use: endsOnFirstUse,
      },
      personal: { reason: asked.reason, claimed_by: recipient },
    },
  );
}

/**
 * The same successor again, for whoever was given it and lost the answer (peers §2 row 1).
 * @param under what its value was sealed under.
 * @throws {Rejection} `already_rotated` once it was used, ten minutes have passed, or it was given to somebody else.
 */
export async function repeatRotation(
  caller: Caller,
  transaction: Transaction,
  { lineage, token }: Pick<Rotating, 'lineage' | 'token'>,
  under: string | null,
  now: number,
): Promise<Draft<Rotated>> {
  const successor = memberOf(lineage, token.supersededBy as string);
  const sealed = await transaction.replays.findSealed(token.id, now);
  const value = sealed === null || under === null ? null : openSealed(sealed.sealed, under);
  if (value === null || successor.firstUsedAt !== null || tokenState(successor, now) !== 'active') {
    throw alreadyRotated(successor.id);
  }
  return draft(caller, now, { old: token, successor, value }, { unchanged: true });
}

/** What a manager's earlier call has made, without its value. */
export function rotatedBefore(
  caller: Caller,
  { lineage, token }: Pick<Rotating, 'lineage' | 'token'>,
  successorId: string,
  now: number,
): Draft<Rotated> {
  const rotated = { old: token, successor: memberOf(lineage, successorId), value: null };
  return draft(caller, now, rotated, { unchanged: true });
}

/** @throws {Rejection} `not_found`. */
export function memberOf(lineage: readonly TokenRecord[], id: string): TokenRecord {
  const member = lineage.find((token) => token.id === id);
  if (member === undefined) throw new Rejection('not_found');
  return member;
}

export const rotationSchema = z
  .object({
    old_key: z.object({ id: z.string(), expires_at: timeSchema }),
    new_key: z.object({ id: z.string(), value: z.string().nullable(), created_at: timeSchema }),
    already_issued: z.literal(true).optional(),
    help: z.string().optional(),
    guarantee: guaranteeSchema,
  })
  .meta({ id: 'Rotation' });

export function rotationWire({ old, successor, value }: Rotated, guarantee: Guarantee | null) {
  if (guarantee === null) throw new Error('a rotation without a guarantee');
  return {
    old_key: { id: old.id, expires_at: formatInstant(endOf(old)) },
    new_key: { id: successor.id, value, created_at: formatInstant(successor.createdAt) },
    ...(value === null && { already_issued: true as const, help: ALREADY_ISSUED_HELP }),
    guarantee: guaranteeWire(guarantee),
  };
}

function planFor(
  engine: Engine,
  lineage: readonly TokenRecord[],
  token: TokenRecord,
  asked: Rotating['asked'],
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
      ...(asked.grace_period !== undefined && { gracePeriodMs: graceMs(asked.grace_period) }),
      replaceUnusedSuccessor: asked.replace_unused_successor ?? false,
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

function alreadyRotated(successorId: string | null): Rejection {
  return new Rejection('already_rotated', 'This token was rotated already; its successor is in use or was given out.', {
    extra: { successor_id: successorId },
  });
}

function draft(
  caller: Caller,
  now: number,
  rotated: Rotated,
  more: {
    readonly unchanged?: boolean;
    readonly details?: Readonly<Record<string, unknown>>;
    readonly personal?: Readonly<Record<string, string | undefined>>;
  },
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
        ...more.details,
      },
      personal: more.personal ?? {},
    }),
  };
}
