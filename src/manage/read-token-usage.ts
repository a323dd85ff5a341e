import { z } from 'zod';
import { formatInstant, parseInstant } from '../policy/index.ts';
import { findToken } from './find-token.ts';
import { rateLimitSchema, rateLimitWire } from './identity-wire.ts';
import { defineOperation } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import { invalidInput } from './rejection.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SPAN_MAX_MS = 92 * DAY_MS;

const inputSchema = z.strictObject({
  id: tokenIdSchema,
  from: z.string().max(64).optional().describe('RFC 3339; 30 days ago when left out'),
  to: z.string().max(64).optional().describe('RFC 3339; now when left out. At most 92 days after `from`'),
});

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
    hours: z.array(z.object({ hour: timeSchema, allowed: z.int(), denied: z.record(z.string(), z.int()) })),
  })
  .meta({ id: 'Usage' });
type Output = z.infer<typeof outputSchema>;

/** How a token was used, by the hour, the last seconds included. */
export const readTokenUsage = defineOperation<z.infer<typeof inputSchema>, Output>({
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
    const to = input.to === undefined ? now : readInstant('to', input.to);
    const asked = input.from === undefined ? to - 30 * DAY_MS : readInstant('from', input.from);
    // Uses are kept by the hour: the hour that `from` falls into is counted whole, and the answer says so.
    const from = Math.floor(asked / HOUR_MS) * HOUR_MS;
    if (asked >= to) throw invalidInput('from', 'Must be before `to`.');
    if (to - asked > SPAN_MAX_MS) throw invalidInput('from', 'At most 92 days at a time.');
    const counts = await engine.usage.usageOf(token.id, from, to + 1);
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
      last_used_at: instantOrNull(last?.at ?? null),
      last_used_ip: last?.ip ?? null,
      rate_limit: rateLimitWire(await engine.authenticator.standingOf(row), now),
      hours: [...hours].sort(([a], [b]) => a - b).map(([hour, one]) => ({ hour: formatInstant(hour), ...one })),
    };
  },
});

export function readInstant(path: string, text: string): number {
  const at = parseInstant(text);
  if (at === null) throw invalidInput(path, 'Not a date and time with an offset, such as 2027-01-31T00:00:00Z.');
  return at;
}
