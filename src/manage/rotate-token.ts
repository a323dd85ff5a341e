import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { formatInstant, rotationDueAt, tokenState } from '../policy/index.ts';
import type { TokenRecord, Transaction } from '../ports/index.ts';
import { type Caller, requirePermission } from './caller.ts';
import { commitAgainOn } from './commit-again.ts';
import {
  draftRotation,
  memberOf,
  type Rotated,
  repeatRotation,
  rotatedBefore,
  rotationSchema,
  rotationWire,
} from './draft-rotation.ts';
import { findToken } from './find-token.ts';
import { lockActingToken, permissionsNow, refuseAncestor } from './holder.ts';
import { findReplay, type Replayable, rememberReplay, replayable } from './idempotency.ts';
import { checkMayReissue, requireSelfService } from './may-give.ts';
import { defineOperation, type Engine } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { Rejection } from './rejection.ts';
import { descriptionSchema, gracePeriodSchema } from './schemas.ts';

const inputSchema = z.strictObject({
  id: tokenIdSchema,
  grace_period: gracePeriodSchema.optional(),
  end_old_on_first_use: z
    .boolean()
    .optional()
    .describe('Whether the old token ends as soon as its successor is first used, whatever the grace'),
  reason: descriptionSchema.optional(),
  replace_unused_successor: z.boolean().optional(),
  only_if_due: z
    .boolean()
    .optional()
    .describe('Rotates only when automatic rotation has a successor waiting: for clients that ask every day'),
});
type Input = z.infer<typeof inputSchema>;
type Output = z.infer<typeof rotationSchema>;

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
  output: rotationSchema,
  run: async (engine, caller, input) => {
    const { token } = await findToken(engine, caller, input.id, 'keyhouse-tokens:write');
    const isBearer = caller.token?.id === token.id;
    const replay = isBearer ? null : replayable(caller, `rotateToken ${token.id}`, input);
    const { value, guarantee } = await commitAgainOn(engine, ['digest'], (transaction) =>
      isBearer
        ? rotateByBearer(engine, caller, token, input, transaction)
        : rotateByManager(engine, caller, token, input, transaction, replay),
    );
    return rotationWire(value, guarantee);
  },
});

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
  if (token.supersededBy !== null && !isReplacing) {
    return repeatRotation(caller, transaction, { lineage, token }, caller.presented, now);
  }
  if (!isReplacing) refuseBeforeDue(token, input, now);
  const rotating = { lineage, token, asked: input, sealUnder: caller.presented, claimedBy: 'bearer' as const };
  return draftRotation(engine, caller, transaction, rotating, now);
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
  if (earlier !== null) return rotatedBefore(caller, { lineage, token }, earlier, now);
  // A bearer of an older value of the line, or of a token made from it, must not come by a value that outlives its own.
  if (caller.token !== null) requirePermission(caller, 'keyhouse-tokens:write');
  requireSelfService(engine, caller);
  await refuseAncestor(transaction, caller, token);
  checkMayReissue(engine, caller, await permissionsNow(transaction, token), token);
  refuseBeforeDue(token, input, now);
  const rotating = { lineage, token, asked: input, sealUnder: null, claimedBy: 'manager' as const };
  const rotated = await draftRotation(engine, caller, transaction, rotating, now);
  await rememberReplay(transaction, replay, rotated.value.successor.id, now);
  return rotated;
}

/** @throws {Rejection} `not_due`, for who asked to be refused then. */
function refuseBeforeDue(token: TokenRecord, { only_if_due: onlyIfDue }: Input, now: number): void {
  if (onlyIfDue !== true || token.supersededBy !== null) return;
  const dueAt = rotationDueAt(token);
  if (dueAt !== null && dueAt <= now) return;
  throw new Rejection('not_due', dueAt === null ? 'This token does not rotate by itself.' : undefined, {
    extra: { due_at: dueAt === null ? null : formatInstant(dueAt) },
  });
}
