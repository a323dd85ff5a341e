import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { Subject, TokenRecord, Transaction } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, requirePermission } from './caller.ts';
import { findToken } from './find-token.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { defineOperation, type Engine } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { actorSchema, descriptionSchema, guaranteeSchema, timeSchema } from './schemas.ts';

const inputSchema = z.strictObject({
  id: tokenIdSchema,
  scope: z.enum(['lineage']).optional().describe('`lineage` ends every token of the rotation line, whichever is named'),
  reason: descriptionSchema.optional(),
  actor: actorSchema.optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    revoked_ids: z.array(z.string()),
    revoked_at: timeSchema,
    successor_id: z.string().optional().describe('The successor that lives on when a superseded token was revoked'),
    guarantee: guaranteeSchema,
  })
  .meta({ id: 'Revocation' });
type Output = z.infer<typeof outputSchema>;

/**
 * Revokes a token. A superseded one ends alone; the current one ends its lineage, and with it every token it minted for
 * itself. Repeating it is safe: the same ids and instant, and a guarantee that was waited for again.
 */
export const revokeToken = defineOperation<Input, Output>({
  id: 'revokeToken',
  summary: 'Revoke a token',
  access: { needs: 'keyhouse-tokens:revoke', orSelf: true },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { token } = await findToken(engine, caller, input.id, 'keyhouse-tokens:revoke');
    if (input.actor !== undefined) requirePermission(caller, 'keyhouse-owners:act-as');
    const { value, guarantee } = await engine.changes.commit((transaction) =>
      draftRevocation(engine, caller, token, input, transaction),
    );
    if (guarantee === null) throw new Error('a revocation without a guarantee');
    return {
      revoked_ids: value.tokens.map(({ id }) => id),
      revoked_at: formatInstant(value.revokedAt),
      ...(value.successorId !== null && { successor_id: value.successorId }),
      guarantee: guaranteeWire(guarantee),
    };
  },
});

interface Revoked {
  readonly tokens: readonly TokenRecord[];
  readonly revokedAt: number;
  readonly successorId: string | null;
}

/** Drafts the end of a token and of what goes with it. */
export async function draftRevocation(
  engine: Engine,
  caller: Caller,
  { id, lineageId, workspaceId }: TokenRecord,
  input: Omit<Input, 'id'>,
  transaction: Transaction,
): Promise<Draft<Revoked>> {
  const now = engine.clock.now();
  const lineage = await transaction.tokens.lockLineage(lineageId);
  const named = lineage.find((token) => token.id === id) as TokenRecord;
  const isCurrent = isCurrentOf(lineage, named);
  const wanted = isCurrent || input.scope === 'lineage' ? lineage : [named];
  const isLive = (token: TokenRecord) => token.revokedAt === null;
  const ending = await withDescendants(transaction, wanted.filter(isLive), isLive);
  // Of a line that ended in several calls a repeat is about the last one.
  const revokedAt = ending.length > 0 ? now : Math.max(...wanted.map((token) => token.revokedAt as number));
  for (const token of ending) {
    await transaction.tokens.update(token.id, { revokedAt, revokedReason: input.reason ?? null, soleKey: null });
  }
  // It answers what that call ended: everything that shares its instant.
  const endedThen = (token: TokenRecord) => token.revokedAt === revokedAt;
  const ended = ending.length > 0 ? ending : await withDescendants(transaction, wanted.filter(endedThen), endedThen);
  const ids = ended.map((token) => token.id);
  await transaction.replays.eraseSealed(ids);
  return {
    value: { tokens: ended, revokedAt, successorId: wanted.length === 1 && !isCurrent ? named.supersededBy : null },
    subjects: lineagesOf(ended),
    unchanged: ending.length === 0,
    tightening: true,
    audit: auditDraft(caller, now, {
      action: 'token.revoked',
      subject: { kind: 'lineage', id: lineageId },
      workspaceId,
      namedActor: input.actor,
      details: { token_ids: ids, scope: input.scope ?? null, by_itself: caller.token?.lineageId === lineageId },
      personal: { reason: input.reason },
    }),
  };
}

/** The one that nothing has followed: neither a successor of its own, nor one in its place when it was never used. */
function isCurrentOf(lineage: readonly TokenRecord[], { id, supersedes, supersededBy }: TokenRecord): boolean {
  const predecessor = lineage.find((token) => token.id === supersedes);
  return supersededBy === null && (predecessor === undefined || predecessor.supersededBy === id);
}

/** The tokens and all that were minted with one of them for itself, at any depth, as far as `isMeant` says. */
export async function withDescendants(
  transaction: Transaction,
  tokens: readonly TokenRecord[],
  isMeant: (child: TokenRecord) => boolean,
): Promise<readonly TokenRecord[]> {
  const all = new Map(tokens.map((token) => [token.id, token]));
  for (let parents = [...all.keys()]; parents.length > 0; ) {
    const children = await transaction.tokens.lockChildren(parents);
    const further = children.filter((child) => isMeant(child) && !all.has(child.id));
    for (const child of further) all.set(child.id, child);
    parents = further.map((child) => child.id);
  }
  return [...all.values()];
}

export function lineagesOf(tokens: readonly TokenRecord[]): Subject[] {
  return [...new Set(tokens.map((token) => token.lineageId))].map((id) => ({ kind: 'lineage', id }));
}
