import { z } from 'zod';
import { mayDo, UNTOLD_TOKEN } from '../authenticate/index.ts';
import {
  formatInstant,
  type Grant,
  isReserved,
  NONE_NAMED,
  OTHER_USES,
  sufficientGrant,
  sufficientPermissions,
} from '../policy/index.ts';
import type { FactsRow, UseSum } from '../ports/index.ts';
import type { Engine } from './operation.ts';
import { levelSchema, timeSchema } from './schemas.ts';
import {
  effectivePermissions,
  grantWire,
  instantOrNull,
  ownerSummary,
  tokenSchema,
  workspaceSummary,
} from './token-wire.ts';

const DAY_MS = 86_400_000;
export const SUGGESTION_DAYS = 90;
/** So long details are kept by the day. */
export const SUGGESTION_DAYS_MAX = 365;

const VERDICTS = ['narrow', 'fits', 'unused', 'inherits', 'unknown'] as const;

export const suggestionSchema = z
  .object({
    token: tokenSchema.pick({ id: true, name: true, hint: true, owner: true, workspace: true }),
    days: z.int(),
    from: timeSchema.describe('The first day of UTC that was looked at'),
    known_from: timeSchema
      .nullable()
      .describe('Since when it is known what was used, and the line has existed; null where nothing is known yet'),
    complete: z.boolean().describe('false where some of the time is not known: what was needed then is not seen here'),
    verdict: z
      .enum(VERDICTS)
      .describe(
        '`narrow`: less would do. `fits`: it uses what it holds. `unused`: it was used for nothing. `inherits`: it follows its owner, and has no permissions of its own to narrow. `unknown`: requests named no permission, or too many different ones to tell',
      ),
    grant: tokenSchema.shape.grant,
    suggestion: z
      .union([z.object({ permissions: z.array(z.string()) }), z.object({ level: levelSchema })])
      .nullable()
      .describe('What to change the token to, as an update of it takes it; null but for `narrow`'),
    held: z.array(z.string()).describe('What it may do now; a wildcard counts as one where any permission exists'),
    unused: z.array(z.string()).describe('Of these, what no request needed'),
    used: z
      .array(
        z.object({
          permission: z.string().describe('Alternatives such as a:read|b:read where one of them was needed'),
          allowed: z.int(),
          free: z.int().describe('Questions that cost nothing'),
          first_at: timeSchema.describe('The day'),
          last_at: timeSchema.describe('The day'),
        }),
      )
      .describe('What accepted requests asked for, of all tokens of the line, most first'),
    unnamed_requests: z
      .int()
      .describe('Accepted requests that named no permission: what your API lets them do, it decides for itself'),
  })
  .meta({ id: 'GrantSuggestion' });
export type SuggestionWire = z.infer<typeof suggestionSchema>;

/** What each token used of what it holds in the last `days`, and the smaller grant that would have been enough. */
export async function suggestGrants(
  engine: Engine,
  rows: readonly FactsRow[],
  days: number,
): Promise<readonly SuggestionWire[]> {
  const now = engine.clock.now();
  const from = Math.floor((now - days * DAY_MS) / DAY_MS) * DAY_MS;
  const lines = new Map<string, Line>();
  for (const { token } of rows) {
    // What its predecessors did, it will be asked to do.
    const line = token.supersedes === null ? [token] : await engine.store.tokens.findByLineage(token.lineageId);
    const begun = Math.min(...line.map(({ createdAt }) => createdAt));
    lines.set(token.id, { ids: line.map(({ id }) => id), begun });
  }
  const ids = [UNTOLD_TOKEN, ...new Set([...lines.values()].flatMap((line) => line.ids))];
  const sums = await engine.usage.detailsOf(ids, 'permission', { unit: 'day', from, to: now + 1 });
  const since = await engine.usage.detailsSince();
  const byToken = Map.groupBy(sums, ({ tokenId }) => tokenId);
  const isAllTold = !byToken.has(UNTOLD_TOKEN);
  return rows.map((row) => {
    const line = lines.get(row.token.id) as Line;
    const seen = line.ids.flatMap((id) => byToken.get(id) ?? []);
    const knownFrom = since === null ? null : Math.max(since, line.begun);
    const isKnown = since !== null && (since <= from || since <= line.begun);
    return suggestionOf(engine, row, seen, { days, from, knownFrom, isComplete: isAllTold && isKnown });
  });
}

interface Line {
  readonly ids: readonly string[];
  /** When the first of its tokens was created. */
  readonly begun: number;
}

interface Known {
  readonly days: number;
  readonly from: number;
  readonly knownFrom: number | null;
  readonly isComplete: boolean;
}

function suggestionOf(engine: Engine, row: FactsRow, sums: readonly UseSum[], known: Known): SuggestionWire {
  const facts = engine.authenticator.factsOf(row);
  const { levels } = engine.authenticator.profile;
  const accepted = sums.filter(({ outcome }) => outcome === 'ok' || outcome === 'free');
  const terms = [...new Set(accepted.map(({ value }) => value))];
  const may = (permission: string) => mayDo(facts, permission);
  const held = effectivePermissions(engine, facts);
  const { grant } = facts.grant;
  const isUntold = terms.includes(OTHER_USES);
  const smaller = isUntold ? null : sufficientGrant({ grant, levels, effective: held, may }, terms);
  const needed = [...sufficientPermissions(terms, may)];
  const isUsed = (entry: string) =>
    entry.endsWith(':*') ? needed.some((one) => one.startsWith(entry.slice(0, -1))) : needed.includes(entry);
  const unnamed = accepted.filter(({ value }) => value === NONE_NAMED).reduce((sum, { count }) => sum + count, 0);
  const isSeen = needed.length > 0 || held.some(isReserved);
  const { token } = row;
  return {
    token: {
      id: token.id,
      name: token.name,
      hint: token.hint,
      owner: ownerSummary(row.owner),
      workspace: workspaceSummary(row.workspace),
    },
    days: known.days,
    from: formatInstant(known.from),
    known_from: instantOrNull(known.knownFrom),
    complete: known.isComplete,
    verdict: verdictOf(grant, smaller, { isUntold, isSeen, isUsed: isSeen || unnamed > 0 }),
    grant: grantWire(facts),
    suggestion: smaller === null ? null : suggested(smaller),
    held,
    unused: held.filter((entry) => !isUsed(entry) && !isReserved(entry)),
    used: usedOf(accepted),
    unnamed_requests: unnamed,
  };
}

function verdictOf(
  grant: Grant,
  smaller: Grant | null,
  seen: { readonly isUntold: boolean; readonly isSeen: boolean; readonly isUsed: boolean },
): SuggestionWire['verdict'] {
  if (grant.mode === 'inherit') return 'inherits';
  if (smaller !== null) return 'narrow';
  if (!seen.isUsed) return 'unused';
  return seen.isUntold || !seen.isSeen ? 'unknown' : 'fits';
}

function suggested(grant: Grant): SuggestionWire['suggestion'] {
  switch (grant.mode) {
    case 'permissions':
      return { permissions: [...grant.permissions] };
    case 'level':
      return { level: grant.level };
    case 'inherit':
      return null;
  }
}

function usedOf(accepted: readonly UseSum[]): SuggestionWire['used'] {
  const named = accepted.filter(({ value }) => value !== NONE_NAMED && value !== OTHER_USES);
  const byTerm = [...Map.groupBy(named, ({ value }) => value)];
  const used = byTerm.map(([permission, sums]) => {
    const times = sums.map(({ at }) => at);
    const count = (outcome: string) =>
      sums.filter((one) => one.outcome === outcome).reduce((sum, one) => sum + one.count, 0);
    return {
      permission,
      allowed: count('ok'),
      free: count('free'),
      first_at: formatInstant(Math.min(...times)),
      last_at: formatInstant(Math.max(...times)),
    };
  });
  return used.sort((a, b) => b.allowed + b.free - a.allowed - a.free || (a.permission < b.permission ? -1 : 1));
}
