import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { facts, table } from '../table.ts';
import { minutes } from '../token-view.ts';
import { ID, pathOf } from './token-place.ts';

export const tokenUsage: CommandSpec = {
  name: 'usage',
  args: [ID],
  about: 'Show how a token was used, by the hour.',
  options: [
    { flags: '--from <instant>', about: 'Begin of the time shown; 30 days ago when left out.' },
    { flags: '--to <instant>', about: 'End of the time shown; now when left out.' },
    { flags: '--granularity <unit>', about: 'hour when left out.', choices: ['hour', 'day'] },
    {
      flags: '--by <aspect>',
      about: 'Tell uses apart; the last 7 days when no --from is given, or 30 by the day.',
      choices: ['permission', 'outcome', 'network', 'agent'],
    },
  ],
  examples: [
    'keyhouse token usage tok_4n2hV9cWqTzL8xYbRk3MsA --from 2027-01-01T00:00:00Z',
    'keyhouse token usage tok_4n2hV9cWqTzL8xYbRk3MsA --by permission --granularity day',
  ],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({
      method: 'GET',
      path: `${await pathOf(call)}/usage`,
      query: {
        from: call.option('from'),
        to: call.option('to'),
        granularity: call.option('granularity'),
        by: call.option('by'),
      },
    });
    return call.show<Usage>(reply, (answer) => usageInWords(call, answer));
  },
};

interface Counts {
  readonly allowed: number;
  readonly denied: Readonly<Record<string, number>>;
}
interface Usage extends Counts {
  readonly from: string;
  readonly to: string;
  readonly last_used_at: string | null;
  readonly last_used_ip: string | null;
  readonly granularity: 'hour' | 'day';
  readonly hours: readonly (Counts & { readonly hour: string })[];
  readonly groups?: readonly UsageGroup[];
}

interface UsageGroup {
  readonly value: string;
  readonly allowed: number;
  readonly free: number;
  readonly denied: number;
  readonly last_at: string;
}

function usageInWords(call: Call, answer: Usage): string {
  const deniedText = ({ denied }: Counts) =>
    Object.entries(denied)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', ');
  const summary = facts(
    [
      ['from', minutes(answer.from)],
      ['to', minutes(answer.to)],
      ['accepted', answer.allowed],
      ['refused', deniedText(answer) || '0'],
      ['last used', minutes(answer.last_used_at) ?? 'never'],
      ['last address', answer.last_used_ip],
    ],
    call.paint,
  );
  if (answer.groups !== undefined) return `${summary}\n${groupTable(call, answer.groups)}`;
  if (answer.hours.length === 0) return summary;
  const byHour = table(
    answer.hours,
    [
      {
        title: answer.granularity.toUpperCase(),
        of: ({ hour }) => (answer.granularity === 'day' ? hour.slice(0, 10) : minutes(hour)),
      },
      { title: 'ACCEPTED', of: ({ allowed }) => allowed },
      { title: 'REFUSED', of: deniedText },
    ],
    call.paint,
  );
  return `${summary}\n${byHour}`;
}

function groupTable(call: Call, groups: readonly UsageGroup[]): string {
  return table(
    groups,
    [
      { title: 'WHAT', of: ({ value }) => value.replaceAll('|', ' or ') },
      { title: 'ACCEPTED', of: ({ allowed }) => allowed },
      { title: 'FREE', of: ({ free }) => free },
      { title: 'REFUSED', of: ({ denied }) => denied },
      { title: 'LAST', of: ({ last_at }) => minutes(last_at) },
    ],
    call.paint,
  );
}
