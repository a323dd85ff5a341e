import { OTHER_USES } from '../policy/index.ts';
import type { LastUse, UsageCount, UsageLog, UseDetail } from '../ports/index.ts';
import { detailsOf, HOUR_MS, lastUseOf, type PendingToken, rowsOf } from './pending-usage.ts';

/** Rows handed to the log at once: building and posting more would hold up decisions. */
const ROWS_PER_WRITE = 4_000;
const DETAIL_ROWS_PER_WRITE = 12_000;
/** In the place of a token: uses of some token of whose details none could be kept. */
export const UNTOLD_TOKEN = '';

/** Writes and empties `batch` slice by slice; what is left in it after an exception was not written. */
export async function writeInSlices(batch: Map<string, PendingToken>, log: UsageLog): Promise<void> {
  let counts: UsageCount[] = [];
  let lastUses: LastUse[] = [];
  let details: UseDetail[] = [];
  let slice: string[] = [];
  const write = async () => {
    if (slice.length === 0) return;
    await log.add(counts, lastUses, details);
    for (const tokenId of slice) batch.delete(tokenId);
    counts = [];
    lastUses = [];
    details = [];
    slice = [];
  };
  for (const [tokenId, token] of batch) {
    counts.push(...rowsOf(tokenId, token));
    details.push(...detailsOf(tokenId, token));
    const lastUse = lastUseOf(tokenId, token);
    if (lastUse !== null) lastUses.push(lastUse);
    slice.push(tokenId);
    if (counts.length >= ROWS_PER_WRITE || details.length >= DETAIL_ROWS_PER_WRITE) await write();
  }
  await write();
}

/** Since when uses are told apart: what was used on a day without uses is known too, from then on. */
export function beginning(now: number): UseDetail {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  return { tokenId: UNTOLD_TOKEN, hour, aspect: 'agent', value: OTHER_USES, outcome: 'begun', count: 0 };
}

/** That details of so many uses are missing, by hour. */
export function untoldRows(untold: ReadonlyMap<number, number>): UseDetail[] {
  return [...untold].map(([hour, count]) => {
    const row = { tokenId: UNTOLD_TOKEN, hour: hour * HOUR_MS, outcome: 'ok', count } as const;
    return { ...row, aspect: 'permission', value: OTHER_USES } as const;
  });
}
