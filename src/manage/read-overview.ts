import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import type { FactsRow, OversightScope, ReasonTally, Store, TokenSum, UsageSpan, UsageSum } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import { CostlyAnswers } from './costly-answers.ts';
import { tokensWithinReach } from './list-tokens.ts';
import { defineOperation, type Engine } from './operation.ts';
import { timeSchema } from './schemas.ts';
import { ownerSummary, ownerSummarySchema } from './token-wire.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TOP = 5;
const UNUSED_MS = 90 * DAY_MS;
const SOON_MS = 30 * DAY_MS;

/** How far each period looks back, and how its requests are told: the unit under way is the last of them. */
const PERIODS = {
  '24h': { bucketMs: HOUR_MS, buckets: 24 },
  '7d': { bucketMs: DAY_MS, buckets: 7 },
  '30d': { bucketMs: DAY_MS, buckets: 30 },
} as const;

const inputSchema = z.strictObject({ period: z.enum(['24h', '7d', '30d']).default('24h') });
type Input = z.infer<typeof inputSchema>;

const tallySchema = z.array(z.object({ reason: z.string(), count: z.int() }));
const topSchema = z.array(
  z.object({
    token: z.object({ id: z.string(), name: z.string(), hint: z.string(), owner: ownerSummarySchema }),
    count: z.int(),
  }),
);

const outputSchema = z
  .object({
    from: timeSchema,
    to: timeSchema,
    unit: z.enum(['hour', 'day']).describe('Of time: hours and days of UTC'),
    accepted: z.int(),
    refused: z.int(),
    time: z
      .array(z.object({ at: timeSchema, accepted: z.int(), refused: z.int() }))
      .describe('Every unit, oldest first'),
    refused_by_reason: tallySchema.describe('Refused requests of tokens that are known; most first'),
    unrecognised_by_reason: tallySchema
      .nullable()
      .describe(
        'Refused requests in which no token was recognised, as far as they were kept; null for who may not read denials',
      ),
    top_accepted: topSchema,
    top_refused: topSchema,
    tokens: z
      .object({
        working: z.int().describe('That can still be accepted; what follows counts among these'),
        expiring: z.int().describe('Within 30 days'),
        unused: z.int().describe('For 90 days'),
        owner_ended: z.int().describe('Whose owner is disabled or left the workspace'),
        never_expire: z.int(),
      })
      .describe('The lists of tokens with `live=true` and the filter of that name are as long'),
  })
  .meta({ id: 'Overview' });
type Output = z.infer<typeof outputSchema>;

/** What happened lately and what needs a look, over all tokens within reach; without the permission over one's own. */
export const readOverview = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'readOverview',
  summary: 'See what happened lately and which tokens need a look',
  access: { needs: 'keyhouse-tokens:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: (engine, caller, { period }) => {
    const scope = tokensWithinReach(caller) ?? {};
    // Whose tokens, and whether denials are told: two callers with the same key have the same answer.
    const key = JSON.stringify([period, scope, caller.reach, caller.may('keyhouse-denials:read')]);
    const answers = kept.get(engine.store) ?? new CostlyAnswers<Output>();
    kept.set(engine.store, answers);
    return answers.of(key, engine.clock, () => lookOver(engine, caller, scope, period));
  },
});

const kept = new WeakMap<Store, CostlyAnswers<Output>>();

async function lookOver(
  engine: Engine,
  caller: Caller,
  scope: OversightScope,
  period: Input['period'],
): Promise<Output> {
  const now = engine.clock.now();
  const { bucketMs, buckets } = PERIODS[period];
  const to = (Math.floor(now / bucketMs) + 1) * bucketMs;
  const from = to - buckets * bucketMs;
  // What was counted in the last second belongs to it: people look here right after their first call.
  await engine.usage.flush();
  const { oversight } = engine.store;
  const span: UsageSpan = { unit: bucketMs === HOUR_MS ? 'hour' : 'day', from, to };
  const sums = await oversight.uses(scope, span);
  const top = (of: 'accepted' | 'refused') => oversight.topTokens(scope, of, span, TOP);
  const byReason = tallyOf(sums);
  const time = timeOf(sums, from, bucketMs, buckets);
  return {
    from: formatInstant(from),
    to: formatInstant(now),
    unit: span.unit,
    accepted: total(time, 'accepted'),
    refused: total(time, 'refused'),
    time: time.map(({ at, ...counts }) => ({ at: formatInstant(at), ...counts })),
    refused_by_reason: byReason,
    unrecognised_by_reason: await unrecognised(engine, caller, from, now + 1),
    top_accepted: await describeTop(engine, await top('accepted')),
    top_refused: byReason.length === 0 ? [] : await describeTop(engine, await top('refused')),
    tokens: await countTokens(engine, scope, now),
  };
}

interface Unit {
  readonly at: number;
  accepted: number;
  refused: number;
}

function timeOf(sums: readonly UsageSum[], from: number, bucketMs: number, buckets: number): readonly Unit[] {
  const units = Array.from(
    { length: buckets },
    (_, at): Unit => ({ at: from + at * bucketMs, accepted: 0, refused: 0 }),
  );
  for (const { at, outcome, count } of sums) {
    const unit = units[Math.floor((at - from) / bucketMs)];
    if (unit !== undefined) unit[outcome === 'ok' ? 'accepted' : 'refused'] += count;
  }
  return units;
}

function total(units: readonly Unit[], of: 'accepted' | 'refused'): number {
  return units.reduce((sum, unit) => sum + unit[of], 0);
}

function tallyOf(sums: readonly UsageSum[]): ReasonTally[] {
  const counts = new Map<string, number>();
  for (const { outcome, count } of sums) {
    if (outcome !== 'ok') counts.set(outcome, (counts.get(outcome) ?? 0) + count);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}

async function unrecognised({ denials }: Engine, { may, reach }: Caller, from: number, to: number) {
  if (!may('keyhouse-denials:read')) return null;
  return [...(await denials.tallyUnknown({ ...(reach !== 'installation' && reach), from, to }))];
}

async function describeTop({ store }: Engine, sums: readonly TokenSum[]) {
  const rows = await Promise.all(sums.map(({ tokenId }) => store.facts.findByTokenId(tokenId)));
  return rows.flatMap((row, at) => (row === null ? [] : [{ token: tokenWire(row), count: sums[at]?.count ?? 0 }]));
}

function tokenWire({ token: { id, name, hint }, owner }: FactsRow) {
  return { id, name, hint, owner: ownerSummary(owner) };
}

async function countTokens({ store: { oversight } }: Engine, scope: OversightScope, now: number) {
  const moments = { liveAt: now, endsBefore: now + SOON_MS + 1, unusedSince: now - UNUSED_MS };
  const { live, ending, unused, ownerEnded, neverExpire } = await oversight.tally(scope, moments);
  return { working: live, expiring: ending, unused, owner_ended: ownerEnded, never_expire: neverExpire };
}
