import { z } from 'zod';
import { formatInstant, parseInstant } from '../policy/index.ts';
import type { UsageCount, UseSum } from '../ports/index.ts';
import { findToken } from './find-token.ts';
import { rateLimitSchema, rateLimitWire } from './identity-wire.ts';
import { defineOperation, type Engine } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { invalidInput } from './rejection.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';
import { groupSchema, groupsOf } from './use-groups.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SPAN_MAX_MS = 92 * DAY_MS;
/** By the hour, and told apart. */
const DETAILED_SPAN_MAX_MS = 7 * DAY_MS;

const inputSchema = z.strictObject({
  id: tokenIdSchema,
  from: z.string().max(64).optional().describe('RFC 3339; 30 days ago when left out'),
  to: z.string().max(64).optional().describe('RFC 3339; now when left out. At most 92 days after `from`'),
  granularity: z
    .enum(['hour', 'day'])
    .default('hour')
    .describe('`day`: whole days of UTC; the day that `from` falls into is counted whole'),
  by: z
    .enum(['permission', 'outcome', 'network', 'agent'])
    .optional()
    .describe('Tells the uses apart by this; by the hour at most 7 days at a time'),
});

type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    token_id: z.string(),
    from: timeSchema,
    to: timeSchema,
    allowed: z.int().describe('Accepted requests in that time'),
    denied: z.record(z.string(), z.int()).describe('Refused requests in that time, by reason'),
    last_used_at: timeSchema.nullable(),
    last_used_ip: z.string().nullable(),
    rate_limit: rateLimitSchema
      .nullable()
      .describe('Where its line stands in its limits now; null where nothing is limited'),
    granularity: z.enum(['hour', 'day']),
    hours: z
      .array(z.object({ hour: timeSchema, allowed: z.int(), denied: z.record(z.string(), z.int()) }))
      .describe('The hours in which it was used, or days where `granularity` says so'),
    groups: z.array(groupSchema).optional().describe('What `by` asked for, most first'),
  })
  .meta({ id: 'Usage' });
type Output = z.infer<typeof outputSchema>;

/** How a token was used, by the hour, the last seconds included. */
export const readTokenUsage = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'readTokenUsage',
  summary: 'Read how a token was used',
  access: { needs: 'keyhouse-tokens:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const row = await findToken(engine, caller, input.id, 'keyhouse-tokens:read');
    const { token } = row;
    const now = engine.clock.now();
    const { granularity, by } = input;
    const unitMs = granularity === 'hour' ? HOUR_MS : DAY_MS;
    const to = input.to === undefined ? now : readInstant('to', input.to);
    const asked = input.from === undefined ? to - usualSpan(input) : readInstant('from', input.from);
    // Uses are kept by the hour: the hour that `from` falls into is counted whole, and the answer says so.
    const from = Math.floor(asked / unitMs) * unitMs;
    if (asked >= to) throw invalidInput('from', 'Must be before `to`.');
    if (to - asked > SPAN_MAX_MS) throw invalidInput('from', 'At most 92 days at a time.');
    if (granularity === 'hour' && by !== undefined && to - asked > DETAILED_SPAN_MAX_MS)
      throw invalidInput('from', 'At most 7 days at a time where uses are told apart by the hour; ask by the day.');
    const counts = (await engine.usage.usageOf(token.id, from, to + 1)).map(({ hour, ...count }) => {
      return { ...count, hour: Math.floor(hour / unitMs) * unitMs };
    });
    const hours = new Map<number, { allowed: number; denied: Record<string, number> }>();
    const total = { allowed: 0, denied: {} as Record<string, number> };
    for (const { hour, outcome, count } of counts) {
      const one = hours.get(hour) ?? { allowed: 0, denied: {} };
      hours.set(hour, one);
      for (const sum of [one, total]) {
        if (outcome === 'ok') sum.allowed += count;
        else sum.denied[outcome] = (sum.denied[outcome] ?? 0) + count;
      }
    }
    const [last] = await engine.usage.lastUses([token.id]);
    return {
      token_id: token.id,
      from: formatInstant(from),
      to: formatInstant(to),
      ...total,
      granularity,
      last_used_at: instantOrNull(last?.at ?? null),
      last_used_ip: last?.ip ?? null,
      rate_limit: rateLimitWire(await engine.authenticator.standingOf(row), now),
      hours: [...hours].sort(([a], [b]) => a - b).map(([hour, one]) => ({ hour: formatInstant(hour), ...one })),
      ...(by !== undefined && {
        groups: groupsOf(await told(engine, token.id, by, counts, { granularity, from, to })),
      }),
    };
  },
});

function usualSpan({ by, granularity }: Input): number {
  return by !== undefined && granularity === 'hour' ? DETAILED_SPAN_MAX_MS : 30 * DAY_MS;
}

/** Outcomes are counted for themselves already. */
async function told(
  engine: Engine,
  tokenId: string,
  by: NonNullable<Input['by']>,
  counts: readonly UsageCount[],
  { granularity: unit, from, to }: { readonly granularity: 'hour' | 'day'; readonly from: number; readonly to: number },
): Promise<readonly Omit<UseSum, 'tokenId'>[]> {
  if (by !== 'outcome') return engine.usage.detailsOf([tokenId], by, { unit, from, to: to + 1 });
  return counts.map(({ hour, outcome, count }) => ({ at: hour, value: outcome, outcome, count }));
}

export function readInstant(path: string, text: string): number {
  const at = parseInstant(text);
  if (at === null) throw invalidInput(path, 'Not a date and time with an offset, such as 2027-01-31T00:00:00Z.');
  return at;
}
