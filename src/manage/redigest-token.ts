import type { Store } from '../ports/index.ts';
import { digestToken, type PepperRing } from '../token/index.ts';

/**
 * Digests a token under the current pepper, at a use that matched an older one (threats row 16). Not a change: the token
 * stays what it is, and both digests are of the same text.
 * @param texts those over which its digest can have been taken.
 */
export async function redigestToken(
  store: Store,
  pepper: PepperRing,
  tokenId: string,
  texts: readonly string[],
): Promise<void> {
  const current = pepper.versions.get(pepper.current);
  if (current === undefined) throw new Error(`pepper version ${pepper.current} is not there`);
  await store.transact(async (transaction) => {
    const token = await transaction.tokens.findById(tokenId);
    if (token === null || token.pepperVersion === pepper.current) return;
    const older = pepper.versions.get(token.pepperVersion);
    const digested = texts.find((one) => older && digestToken(one, older) === token.digest);
    if (digested === undefined) return;
    await transaction.tokens.update(tokenId, { digest: digestToken(digested, current), pepperVersion: pepper.current });
  });
}
