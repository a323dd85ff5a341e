import { tokenState } from '../policy/index.ts';
import type { TokenRecord, Transaction } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import { anonymousCaller } from './caller.ts';
import type { Engine } from './operation.ts';
import { newRequestId } from './request-id.ts';

type Noting = Pick<Engine, 'store' | 'changes' | 'random'>;

/**
 * Notes that a successor was used for the first time and erases its sealed value: from now on nobody is given it again.
 * Where its rotation asked for it, the token before it ends here, which is a change as any other; otherwise nothing is
 * altered that a request may do.
 */
export async function noteFirstUse(engine: Noting, tokenId: string, now: number): Promise<void> {
  const before = await predecessorOf(engine, tokenId);
  if (before === null || !endsOnFirstUse(before, now)) {
    await engine.store.transact((transaction) => note(transaction, tokenId, now));
    return;
  }
  const caller = anonymousCaller({ ip: null, requestId: newRequestId(engine), idempotencyKey: null });
  const { id, lineageId, workspaceId } = before;
  await engine.changes.commit(async (transaction) => {
    const lineage = await transaction.tokens.lockLineage(lineageId);
    const old = lineage.find((token) => token.id === id);
    const ends = old !== undefined && endsOnFirstUse(old, now);
    // Without a grace that a clock stepped back would open again; it is replaced from now on, and is told so.
    if (ends) await transaction.tokens.update(id, { graceEndsAt: null, supersededAt: now });
    await note(transaction, tokenId, now);
    const subject = { kind: 'lineage' as const, id: lineageId };
    return {
      value: null,
      subjects: [subject],
      unchanged: !ends,
      tightening: true,
      audit: auditDraft(caller, now, {
        action: 'token.replaced',
        subject,
        workspaceId,
        details: { token_id: id, successor_id: tokenId, grace_ended_at: old?.graceEndsAt ?? null },
      }),
    };
  });
}

async function note(transaction: Transaction, tokenId: string, now: number): Promise<void> {
  const token = await transaction.tokens.findById(tokenId);
  if (token === null || token.firstUsedAt !== null) return;
  await transaction.tokens.update(tokenId, { firstUsedAt: now });
  await transaction.replays.eraseSealed([tokenId]);
}

async function predecessorOf({ store }: Noting, tokenId: string): Promise<TokenRecord | null> {
  const token = await store.tokens.findById(tokenId);
  return token?.supersedes == null ? null : store.tokens.findById(token.supersedes);
}

/** A disabled one too: enabled again, it would work beside its successor. */
function endsOnFirstUse(token: TokenRecord, now: number): boolean {
  const state = tokenState({ ...token, disabledAt: null }, now);
  return state === 'superseded' && token.rotation.endOldOnFirstUse === true;
}
