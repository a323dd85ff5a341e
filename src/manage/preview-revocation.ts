import { z } from 'zod';
import { tokenState } from '../policy/index.ts';
import type { FactsRow, TokenRecord } from '../ports/index.ts';
import { findToken } from './find-token.ts';
import { defineOperation, type Engine } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { draftRevocation } from './revoke-token.ts';
import { describeTokens, tokenSchema } from './token-wire.ts';

const DAY_MS = 24 * 3_600_000;
const LISTED_MAX = 100;

const inputSchema = z.strictObject({
  id: tokenIdSchema,
  scope: z.enum(['lineage']).optional().describe('As for revoking'),
});

const outputSchema = z
  .object({
    tokens: z
      .array(tokenSchema.extend({ allowed_last_day: z.int().describe('Accepted requests, by whole hours') }))
      .describe('What works now, or could again, and would end: the first hundred'),
    token_count: z.int().describe('How many that are, listed or not'),
    successor_id: z.string().nullable().describe('The successor that would live on'),
  })
  .meta({ id: 'RevocationPreview' });
type Output = z.infer<typeof outputSchema>;

/** What revoking a token would end, and how much that is in use, found as the revocation itself finds it. Nothing is changed. */
export const previewRevocation = defineOperation<z.infer<typeof inputSchema>, Output>({
  id: 'previewRevocation',
  summary: 'See what revoking a token would end',
  access: { needs: 'keyhouse-tokens:revoke', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { token } = await findToken(engine, caller, input.id, 'keyhouse-tokens:revoke');
    const { draft } = await engine.changes.rehearse(
      (transaction) => draftRevocation(engine, caller, token, input, transaction),
      async () => null,
    );
    const ending = draft.unchanged === true ? [] : draft.value.tokens.filter((one) => isStanding(engine, one));
    return {
      tokens: await inUse(engine, ending.slice(0, LISTED_MAX)),
      token_count: ending.length,
      successor_id: draft.value.successorId,
    };
  },
});

/** Those that expired or were replaced are revoked as well, and nothing stops by that. */
function isStanding({ clock }: Engine, token: TokenRecord): boolean {
  const state = tokenState(token, clock.now());
  return state === 'active' || state === 'disabled' || state === 'superseded';
}

async function inUse(engine: Engine, tokens: readonly TokenRecord[]): Promise<Output['tokens']> {
  const now = engine.clock.now();
  const rows = await Promise.all(tokens.map(({ id }) => engine.store.facts.findByTokenId(id)));
  const described = await describeTokens(
    engine,
    rows.filter((row): row is FactsRow => row !== null),
  );
  const listed: Output['tokens'] = [];
  for (const token of described) {
    const counts = await engine.usage.usageOf(token.id, now - DAY_MS, now + 1);
    const allowed = counts.filter(({ outcome }) => outcome === 'ok').reduce((sum, { count }) => sum + count, 0);
    listed.push({ ...token, allowed_last_day: allowed });
  }
  return listed;
}
