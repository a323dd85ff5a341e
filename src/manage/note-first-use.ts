import type { Store } from '../ports/index.ts';

/**
 * Notes that a successor was used for the first time and erases its sealed value: from now on nobody is given it again.
 * Not a change: nothing that a request may do is altered.
 */
export async function noteFirstUse(store: Store, tokenId: string, now: number): Promise<void> {
  await store.transact(async (transaction) => {
    const token = await transaction.tokens.findById(tokenId);
    if (token === null || token.firstUsedAt !== null) return;
    await transaction.tokens.update(tokenId, { firstUsedAt: now });
    await transaction.replays.eraseSealed([tokenId]);
  });
}
