import { z } from 'zod';
import { formatInstant, OTHER_USES } from '../policy/index.ts';
import type { UseSum } from '../ports/index.ts';
import { timeSchema } from './schemas.ts';

/** Values that are told apart in one answer; the others are added up. */
const GROUPS_MAX = 50;

const countsSchema = {
  allowed: z.int(),
  free: z.int().describe('Accepted questions that cost nothing; they are in no other count'),
  denied: z.int(),
};

export const groupSchema = z
  .object({
    value: z
      .string()
      .describe(
        'A permission, or alternatives such as a:read|b:read of which one was needed, or none where the request named none; an outcome; a network; a kind of client; other for what is not told apart',
      ),
    ...countsSchema,
    first_at: timeSchema,
    last_at: timeSchema,
    series: z.array(z.object({ at: timeSchema, ...countsSchema })),
  })
  .meta({ id: 'UsageGroup' });
export type GroupWire = z.infer<typeof groupSchema>;

/** What was counted, one group for each value, most first. */
export function groupsOf(sums: readonly Omit<UseSum, 'tokenId'>[]): GroupWire[] {
  const totals = new Map<string, number>();
  for (const { value, count } of sums) totals.set(value, (totals.get(value) ?? 0) + count);
  const ranked = [...totals].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([value]) => value);
  const shown = new Set(ranked.slice(0, GROUPS_MAX));
  const groups = new Map<string, Map<number, Counts>>();
  for (const { value, at, outcome, count } of sums) {
    const name = shown.has(value) ? value : OTHER_USES;
    const series = groups.get(name) ?? new Map<number, Counts>();
    groups.set(name, series);
    const counts = series.get(at) ?? { allowed: 0, free: 0, denied: 0 };
    series.set(at, counts);
    counts[fieldOf(outcome)] += count;
  }
  const wires = [...groups].map(([value, series]) =>
    groupWire(
      value,
      [...series].sort(([a], [b]) => a - b),
    ),
  );
  const uses = ({ allowed, free, denied }: Counts) => allowed + free + denied;
  return wires.sort((a, b) => uses(b) - uses(a) || (a.value < b.value ? -1 : 1));
}

interface Counts {
  allowed: number;
  free: number;
  denied: number;
}

function fieldOf(outcome: string): keyof Counts {
  if (outcome === 'ok') return 'allowed';
  return outcome === 'free' ? 'free' : 'denied';
}

function groupWire(value: string, series: readonly (readonly [number, Counts])[]): GroupWire {
  const times = series.map(([at]) => at);
  const sum = (field: keyof Counts) => series.reduce((total, [, counts]) => total + counts[field], 0);
  return {
    value,
    allowed: sum('allowed'),
    free: sum('free'),
    denied: sum('denied'),
    first_at: formatInstant(Math.min(...times)),
    last_at: formatInstant(Math.max(...times)),
    series: series.map(([at, counts]) => ({ at: formatInstant(at), ...counts })),
  };
}
