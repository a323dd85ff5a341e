import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import {
  type Caller,
  commitAgainOn,
  defineOperation,
  draftRotation,
  type Engine,
  memberOf,
  ownerStands,
  Rejection,
  type Rotated,
  recipientsOf,
  repeatRotation,
  rotationSchema,
  rotationWire,
} from '../manage/index.ts';
import { rotationDueAt, tokenState } from '../policy/index.ts';
import type { Transaction } from '../ports/index.ts';
import { TOKEN_TEXT_MAX } from '../token/index.ts';
import { digestSecret } from './one-time-secret.ts';

const inputSchema = z.strictObject({
  secret: z.string().max(TOKEN_TEXT_MAX).describe('What stands behind the # of the link'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = rotationSchema
  .extend({ name: z.string().describe('Of the token that was rotated'), environment: z.string().nullable() })
  .meta({ id: 'Claim' });
type Output = z.infer<typeof outputSchema>;

/**
 * Claims the successor of a token whose rotation is due with the secret of a mailed link: the grace of the old one begins
 * here. The same link gives the same successor again, until that is first used or ten minutes have passed.
 */
export const claimToken = defineOperation<Input, Output>({
  id: 'claimToken',
  summary: 'Claim the successor of a token whose rotation is due',
  access: { oneTimeSecret: true },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { secret }) => {
    const { value, guarantee } = await commitAgainOn(engine, ['digest'], (transaction) =>
      draftClaim(engine, caller, secret, transaction),
    );
    const { name, environment } = value.successor;
    return { ...rotationWire(value, guarantee), name, environment };
  },
});

async function draftClaim(
  engine: Engine,
  caller: Caller,
  secret: string,
  transaction: Transaction,
): Promise<Draft<Rotated>> {
  const now = engine.clock.now();
  const link = await transaction.rotations.findLink(digestSecret(secret));
  const mailedFor = link === null || link.expiresAt <= now ? null : await transaction.tokens.findById(link.tokenId);
  if (link === null || mailedFor === null) throw new Rejection('link_invalid');
  const lineage = await transaction.tokens.lockLineage(mailedFor.lineageId);
  const token = memberOf(lineage, mailedFor.id);
  // A link outlives nobody: whose token would be refused is given no other.
  if (!(await ownerStands(transaction.owners, token))) throw new Rejection('link_invalid');
  // Nor does it outlive the reason why it was mailed there: an address that changed, an administrator who left.
  const told = await recipientsOf(transaction.owners, { ...token, ...token.rotation });
  if (!told.includes(link.recipient)) throw new Rejection('link_invalid');
  if (token.supersededBy !== null && tokenState(token, now) !== 'revoked')
    return repeatRotation(caller, transaction, { lineage, token }, secret, now);
  const dueAt = rotationDueAt(token);
  if (tokenState(token, now) !== 'active' || dueAt === null || dueAt > now) throw new Rejection('link_invalid');
  const { recipient } = link;
  const rotating = { lineage, token, asked: {}, sealUnder: secret, claimedBy: 'link' as const, recipient };
  return draftRotation(engine, caller, transaction, rotating, now);
}
