import { z } from 'zod';
import { grantedPermissions } from '../authenticate/index.ts';
import type { Draft } from '../changes/index.ts';
import { entriesNotCovered, listEffective, tokenState } from '../policy/index.ts';
import type { OwnerRecord, TokenPatch, TokenRecord, Transaction } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, requirePermission } from './caller.ts';
import { findToken } from './find-token.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { type Holder, lockActingToken, lockHolder, permissionsNow, refuseAncestor } from './holder.ts';
import { checkMayReissue } from './may-give.ts';
import { defineOperation, type Engine } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { Rejection } from './rejection.ts';
import { lineagesOf } from './revoke-token.ts';
import { actorSchema, descriptionSchema, guaranteeSchema, referenceSchema } from './schemas.ts';
import { describeToken, tokenSchema } from './token-wire.ts';

const inputSchema = z.strictObject({
  id: tokenIdSchema,
  owner: referenceSchema.describe('Who has it from now on: a member of the workspace it belongs to'),
  reason: descriptionSchema.optional(),
  actor: actorSchema.optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = tokenSchema
  .extend({
    lost_permissions: z.array(z.string()).describe('What it could do, and its new owner may not do'),
    guarantee: guaranteeSchema.optional().describe('Present when something accepted before is now refused'),
  })
  .meta({ id: 'TransferredToken' });
type Output = z.infer<typeof outputSchema>;

/**
 * Gives a token, and the line of rotations it belongs to, to another owner. Its value, its grant and its limits stay; it
 * can do what its grant and the new owner have in common. Whoever knows the value still does: rotate it where that matters.
 */
export const transferToken = defineOperation<Input, Output>({
  id: 'transferToken',
  summary: 'Give a token to another owner',
  access: { needs: 'keyhouse-owners:act-as' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    requirePermission(caller, 'keyhouse-tokens:write');
    const { token } = await findToken(engine, caller, input.id, 'keyhouse-owners:act-as');
    if (caller.token?.lineageId === token.lineageId) {
      throw new Rejection('insufficient_permissions', 'A token cannot give itself away.');
    }
    const { value: lost, guarantee } = await engine.changes.commit((transaction) =>
      draftTransfer(engine, caller, token, input, transaction),
    );
    const row = await engine.store.facts.findByTokenId(token.id);
    if (row === null) throw new Error('a token that was just changed cannot be read');
    return {
      ...(await describeToken(engine, row)),
      lost_permissions: [...lost],
      ...(guarantee !== null && { guarantee: guaranteeWire(guarantee) }),
    };
  },
});

async function draftTransfer(
  engine: Engine,
  caller: Caller,
  asked: TokenRecord,
  input: Input,
  transaction: Transaction,
): Promise<Draft<readonly string[]>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const lineage = await transaction.tokens.lockLineage(asked.lineageId);
  const before = lineage.find((token) => token.id === asked.id);
  if (before === undefined) throw new Rejection('not_found');
  const state = tokenState(before, now);
  if (state === 'revoked' || state === 'replaced' || state === 'expired') {
    throw new Rejection('conflict', `A token that is ${state} stays where it is.`);
  }
  await refuseAncestor(transaction, caller, before);
  const holder = await lockHolder(transaction, caller, {
    owner: input.owner,
    workspace: { id: before.workspaceId },
  });
  const unchanged = holder.owner.id === before.ownerId;
  // Under another owner it may come to do what it could not: no more of Keyhouse itself than the caller may.
  checkMayReissue(engine, caller, holder.permissions, { ...before, ownerId: holder.owner.id });
  const owned = await permissionsNow(transaction, before);
  const { levels, catalogue } = engine.authenticator.profile;
  const granted = grantedPermissions(before.grant, levels) ?? 'inherit';
  const could = listEffective(granted, owned, catalogue);
  const can = listEffective(granted, holder.permissions, catalogue);
  const lost = entriesNotCovered(could, holder.permissions, catalogue);
  const previous = await transaction.owners.find({ id: before.ownerId });
  if (!unchanged) await move(transaction, lineage, holder, previous, now);
  return {
    value: lost,
    subjects: lineagesOf([before]),
    unchanged,
    tightening: lost.length > 0 || unchanged,
    audit: auditDraft(caller, now, {
      action: 'token.transferred',
      subject: { kind: 'lineage', id: before.lineageId },
      workspaceId: before.workspaceId,
      namedActor: input.actor,
      details: {
        token_id: before.id,
        token_ids: lineage.map(({ id }) => id),
        before: { owner_id: before.ownerId, effective_permissions: could },
        after: { owner_id: holder.owner.id, effective_permissions: can },
      },
      personal: { reason: input.reason },
    }),
  };
}

async function move(
  transaction: Transaction,
  lineage: readonly TokenRecord[],
  { owner, workspace }: Holder,
  previous: OwnerRecord | null,
  now: number,
): Promise<void> {
  const soleKey = `${owner.id}/${workspace.id}`;
  const isSole = lineage.some((token) => token.soleKey !== null);
  if (isSole && (await transaction.tokens.lockSole(soleKey)) !== null) {
    throw new Rejection('conflict', 'The new owner has its one token already.');
  }
  for (const token of lineage) {
    const { rotation } = token;
    // Links to its successors went to the one who had it, and are mailed there no more.
    const isTold = rotation.notificationEmail !== null && rotation.notificationEmail === previous?.email;
    const patch: TokenPatch = {
      ownerId: owner.id,
      ...(token.soleKey !== null && { soleKey }),
      ...(isTold && { rotation: { ...rotation, notificationEmail: null } }),
    };
    await transaction.tokens.update(token.id, patch);
    await transaction.rotations.shortenLinks(token.id, now);
  }
}
