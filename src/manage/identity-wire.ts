import { z } from 'zod';
import type { TokenFacts } from '../authenticate/index.ts';
import { formatInstant, type RateLimitVerdict } from '../policy/index.ts';
import { timeSchema } from './schemas.ts';
import {
  effectivePermissions,
  ownerSummary,
  ownerSummarySchema,
  type UnderProfile,
  workspaceSummary,
  workspaceSummarySchema,
} from './token-wire.ts';

/** Who a request comes from: what the resource API is told about an accepted token. */
export const identitySchema = z
  .object({
    id: z.string(),
    lineage_id: z.string(),
    name: z.string(),
    environment: z.string().nullable(),
    owner: ownerSummarySchema.extend({ metadata: z.record(z.string(), z.unknown()) }),
    workspace: workspaceSummarySchema,
    metadata: z.record(z.string(), z.unknown()),
    effective_permissions: z.array(z.string()),
  })
  .meta({ id: 'Identity' });
export type IdentityWire = z.infer<typeof identitySchema>;

export const rateLimitSchema = z
  .object({
    limit: z.int(),
    remaining: z.int(),
    reset: timeSchema.describe('When the oldest counted part of the longest window leaves it'),
    windows: z.array(
      z.object({ name: z.string(), limit: z.int(), seconds: z.int(), remaining: z.int(), reset: timeSchema }),
    ),
  })
  .meta({ id: 'RateLimit' });
export type RateLimitWire = z.infer<typeof rateLimitSchema>;

export function identityWire(engine: UnderProfile, facts: TokenFacts): IdentityWire {
  const { owner, workspace } = facts.membership;
  return {
    id: facts.id,
    lineage_id: facts.lineageId,
    name: facts.name,
    environment: facts.environment,
    owner: { ...ownerSummary(owner), metadata: owner.metadata },
    workspace: workspaceSummary(workspace),
    metadata: facts.metadata,
    effective_permissions: effectivePermissions(engine, facts),
  };
}

/** All windows, and the longest of them in front; null where nothing is limited. */
export function rateLimitWire(limit: RateLimitVerdict | null, now: number): RateLimitWire | null {
  if (limit === null) return null;
  const windows = limit.describe().map(({ name, limit: most, seconds, remaining, resetMs }) => ({
    name,
    limit: most,
    seconds,
    remaining,
    reset: formatInstant(now + Math.ceil(resetMs)),
  }));
  return { ...longestWindowWire(limit, now), windows };
}

/** The longest window alone. */
export function longestWindowWire(verdict: RateLimitVerdict, now: number): Omit<RateLimitWire, 'windows'> {
  const longest = verdict.describe().reduce((a, b) => (b.seconds > a.seconds ? b : a));
  return {
    limit: longest.limit,
    remaining: longest.remaining,
    reset: formatInstant(now + Math.ceil(longest.resetMs)),
  };
}
