import type { Usage } from '../../api/operations.ts';
import { RANGES, type Range, rangeStart } from './usage-range.ts';

/** One hour or day of use. */
export interface UsageBar {
  readonly from: Date;
  readonly label: string;
  readonly allowed: number;
  readonly denied: number;
}

const hour = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The hours of a usage as bars of a range, in local time; those without use are there too. */
export function usageBars({ hours }: Pick<Usage, 'hours'>, range: Range, now: number): readonly UsageBar[] {
  const isByHour = RANGES.find(({ value }) => value === range)?.by === 'hour';
  const bars: { from: Date; label: string; allowed: number; denied: number }[] = [];
  const at = rangeStart(range, now);
  while (at.getTime() <= now) {
    const from = new Date(at);
    bars.push({ from, label: (isByHour ? hour : day).format(from), allowed: 0, denied: 0 });
    if (isByHour) at.setTime(at.getTime() + 3_600_000);
    else at.setDate(at.getDate() + 1);
  }
  for (const one of hours) {
    const time = Date.parse(one.hour);
    const bar = bars.findLast(({ from }) => from.getTime() <= time);
    if (bar === undefined) continue;
    bar.allowed += one.allowed;
    bar.denied += Object.values(one.denied).reduce((sum, count) => sum + count, 0);
  }
  return bars;
}

/** A round number that is no less than `most`, for the top of the scale. */
export function scaleTop(most: number): number {
  if (most <= 4) return 4;
  const size = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((factor) => factor * size).find((top) => top >= most) ?? most;
}
