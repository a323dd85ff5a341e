import type { CommandGroup, CommandSpec } from '../command.ts';
import { table } from '../table.ts';

interface Preview {
  readonly sends_mail: boolean;
  readonly before_expiry: readonly string[];
  readonly rotation_after: string | null;
  readonly unused_after: string | null;
  readonly hour: number;
  readonly day_ends_at: string;
  readonly complete: boolean;
  readonly data: readonly {
    readonly to: string;
    readonly count: number;
    readonly reminders: readonly {
      readonly kind: string;
      readonly name: string;
      readonly hint: string | null;
      readonly at: string;
    }[];
  }[];
}

const preview: CommandSpec = {
  name: 'preview',
  about: 'Show when people are reminded of tokens, and what would be mailed now. Nothing is sent.',
  details:
    'The times are those of the profile in force (`reminders`). Whoever was mailed today has the rest tomorrow and is not listed. `keyhouse mail list` shows what was sent.',
  options: [],
  examples: ['keyhouse reminder preview', 'keyhouse reminder preview --json'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'GET', path: '/v1/reminders' });
    return call.show<Preview>(reply, (answer) => {
      const rows = answer.data.flatMap(({ to, reminders }) => reminders.map((reminder) => ({ to, ...reminder })));
      const listed = table(
        rows,
        [
          { title: 'TO', of: ({ to }) => to },
          { title: 'ABOUT', of: ({ kind }) => kind.replaceAll('_', ' ') },
          { title: 'NAME', of: ({ name }) => name },
          { title: 'TOKEN', of: ({ hint }) => hint },
          { title: 'AT', of: ({ at }) => at.replace(/\.\d+Z$/, 'Z') },
        ],
        call.paint,
      );
      const count = answer.data.reduce((sum, digest) => sum + digest.count, 0);
      const rest = count - rows.length;
      return [
        timesOf(answer),
        rows.length === 0 ? 'Nothing would be mailed now.\n' : listed,
        rest > 0 ? `And ${rest} more, which the mails count.\n` : '',
        answer.complete ? '' : 'More is due than was looked at.\n',
        answer.sends_mail ? '' : 'No mail is set up: nothing is sent. `keyhouse mail --help` says more.\n',
      ].join('');
    });
  },
};

function timesOf({ before_expiry, rotation_after, unused_after, hour }: Preview): string {
  const lines = [
    before_expiry.length === 0 ? null : `${before_expiry.join(', ')} before a token ends`,
    rotation_after === null
      ? null
      : `${rotation_after} after it was made or rotated, where it does not rotate by itself`,
    unused_after === null ? null : `${unused_after} without use`,
    'when its owner is disabled or has left',
  ];
  const times = lines.filter((line) => line !== null).map((line) => `  ${line}\n`);
  return `People are reminded, in one mail a day from ${hour}:00 UTC:\n${times.join('')}\n`;
}

export const reminderCommands: CommandGroup = {
  name: 'reminder',
  about: 'When people are reminded of tokens.',
  commands: [preview],
};
