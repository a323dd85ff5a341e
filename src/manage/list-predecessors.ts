import { z } from 'zod';
import { formatInstant, tokenState } from '../policy/index.ts';
import type { LastUse, TokenRecord } from '../ports/index.ts';
import { findToken } from './find-token.ts';
import { defineOperation, type Engine } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';

const PREDECESSORS_MAX = 20;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Uses are not kept for ever, and nobody looks for older ones. */
const LOOKED_BACK_MS = 92 * DAY_MS;

const inputSchema = z.strictObject({ id: tokenIdSchema });

const predecessorSchema = z.object({
  id: z.string(),
  hint: z.string(),
  state: z.enum(['superseded', 'replaced']).describe('`superseded` still works'),
  superseded_at: timeSchema,
  ends_at: timeSchema.describe('When it stops working, or did'),
  still_used: z.boolean().describe('Whether it was accepted since it was superseded, or refused since it ended'),
  last_used_at: timeSchema.nullable(),
  last_used_ip: z.string().nullable(),
  allowed: z.int().describe('Accepted requests since the hour in which it was superseded'),
  refused: z.int().describe('Requests refused because it has ended, since then'),
});

const outputSchema = z.object({ data: z.array(predecessorSchema) }).meta({ id: 'Predecessors' });

/** The tokens that came before one in its line, newest first, and whether somebody still uses them. */
export const listPredecessors = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>>({
  id: 'listPredecessors',
  summary: 'List who still uses the tokens before this one',
  access: { needs: 'keyhouse-tokens:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { id }) => {
    const { token } = await findToken(engine, caller, id, 'keyhouse-tokens:read');
    const now = engine.clock.now();
    const lineage = await engine.store.tokens.findByLineage(token.lineageId);
    const before = predecessorsOf(lineage, token).filter((one) =>
      ['superseded', 'replaced'].includes(tokenState(one, now)),
    );
    const newest = before.slice(0, PREDECESSORS_MAX);
    const lastUses = await engine.usage.lastUses(newest.map((one) => one.id));
    const byToken = new Map(lastUses.map((use) => [use.tokenId, use]));
    const data = [];
    for (const one of newest) data.push(await describe(engine, one, byToken.get(one.id) ?? null, now));
    return { data };
  },
});

function predecessorsOf(lineage: readonly TokenRecord[], token: TokenRecord): readonly TokenRecord[] {
  const byId = new Map(lineage.map((one) => [one.id, one]));
  const before: TokenRecord[] = [];
  for (let at = token.supersedes; at !== null; ) {
    const one = byId.get(at);
    if (one === undefined) break;
    before.push(one);
    at = one.supersedes;
  }
  return before;
}

async function describe(engine: Engine, token: TokenRecord, lastUse: LastUse | null, now: number) {
  const supersededAt = token.supersededAt ?? now;
  // Uses are kept by the hour.
  const from = Math.floor(Math.max(supersededAt, now - LOOKED_BACK_MS) / HOUR_MS) * HOUR_MS;
  const counts = await engine.usage.usageOf(token.id, from, now + 1);
  const sum = (outcome: string) =>
    counts.reduce((total, one) => (one.outcome === outcome ? total + one.count : total), 0);
  const refused = sum('invalid_token');
  return {
    id: token.id,
    hint: token.hint,
    state: tokenState(token, now) === 'superseded' ? ('superseded' as const) : ('replaced' as const),
    superseded_at: formatInstant(supersededAt),
    ends_at: formatInstant(token.graceEndsAt ?? supersededAt),
    still_used: refused > 0 || (lastUse !== null && lastUse.at > supersededAt),
    last_used_at: instantOrNull(lastUse?.at ?? null),
    last_used_ip: lastUse?.ip ?? null,
    allowed: sum('ok'),
    refused,
  };
}
