import type { PagePosition, TokenRecord, Transaction } from '../ports/index.ts';
import { isManagementGrant } from './token-input.ts';

/**
 * Ends at once, in favour of `next`, whatever else of its owner's still works in its workspace: tokens that were made
 * before the profile said that an owner has one (threats row 63). Those that manage Keyhouse are not counted.
 * @returns the lineages that ended.
 */
export async function endEarlier(
  transaction: Transaction,
  next: Pick<TokenRecord, 'id' | 'ownerId' | 'workspaceId'>,
  now: number,
): Promise<readonly string[]> {
  const lineages = await lineagesOf(transaction, next, now);
  for (const lineageId of lineages) {
    for (const { id, revokedAt, supersededAt, supersededBy, graceEndsAt } of await transaction.tokens.lockLineage(
      lineageId,
    )) {
      if (revokedAt !== null || (supersededAt !== null && graceEndsAt === null)) continue;
      await transaction.tokens.update(id, {
        soleKey: null,
        supersededAt: supersededAt ?? now,
        supersededBy: supersededBy ?? next.id,
        graceEndsAt: null,
      });
    }
  }
  return lineages;
}

async function lineagesOf(
  { tokens }: Transaction,
  { ownerId, workspaceId }: Pick<TokenRecord, 'ownerId' | 'workspaceId'>,
  now: number,
): Promise<readonly string[]> {
  const lineages = new Set<string>();
  const filter = { ownerId, workspaceId, liveAt: now };
  for (let after = null as PagePosition | null, more = true; more; more = after !== null) {
    const page = await tokens.list(filter, { limit: 100, after });
    for (const { lineageId, grant } of page.rows) if (!isManagementGrant(grant)) lineages.add(lineageId);
    after = page.next;
  }
  return [...lineages].sort();
}
