import type { FindingWire, TrialWire } from '../../manage/index.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { guaranteeLine, moreLine } from '../lines.ts';
import { PAGE } from '../options.ts';
import { trialFacts, trialTable } from '../trial-view.ts';

const TRIAL = { syntax: '<trial>', about: 'Id of the trial: trl_…' } as const;

const list: CommandSpec = {
  name: 'list',
  about: 'List what is and was observed, newest first.',
  options: PAGE,
  examples: ['keyhouse trial list'],
  reach: 'anywhere',
  async run(call) {
    const query = { limit: call.option('limit'), cursor: call.option('cursor') };
    const reply = await call.ask({ method: 'GET', path: '/v1/trials', query });
    return call.show<{ data: TrialWire[]; next_cursor: string | null }>(reply, ({ data, next_cursor }) =>
      data.length === 0
        ? 'Nothing is observed. To begin: keyhouse token update … --observe 14d\n'
        : trialTable(data, call.paint) + moreLine(next_cursor),
    );
  },
};

const show: CommandSpec = {
  name: 'show',
  args: [TRIAL],
  about: 'Show who would break: which tokens would be refused, why, how often, when last.',
  options: PAGE,
  examples: ['keyhouse trial show trl_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const query = { limit: call.option('limit'), cursor: call.option('cursor') };
    const reply = await call.ask({ method: 'GET', path: pathOf(call.argument(0)), query });
    return call.show<TrialWire & { change: object; findings: FindingWire[]; next_cursor: string | null }>(
      reply,
      (trial) => trialFacts(trial, call.paint) + moreLine(trial.next_cursor),
    );
  },
};

const enforce: CommandSpec = {
  name: 'enforce',
  args: [TRIAL],
  about: 'Make the change that was observed: from then on it refuses.',
  examples: ['keyhouse trial enforce trl_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'POST', path: `${pathOf(call.argument(0))}/enforce` });
    return call.show<{ guarantee?: { readonly class: string; readonly milliseconds: number } }>(
      reply,
      ({ guarantee }) => `The change is made.${guaranteeLine(guarantee)}\n`,
    );
  },
};

const end: CommandSpec = {
  name: 'end',
  args: [TRIAL],
  about: 'Stop observing; the change is not made, and what was seen can still be shown.',
  examples: ['keyhouse trial end trl_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'DELETE', path: pathOf(call.argument(0)) });
    return call.show<TrialWire>(reply, (trial) => `${trialTable([trial], call.paint)}\nEnded. Nothing was changed.\n`);
  },
};

function pathOf(id: string): string {
  return `/v1/trials/${encodeURIComponent(id)}`;
}

export const trialCommands: CommandGroup = {
  name: 'trial',
  about:
    'What a change would refuse, observed before it is made; begun by --observe of the command that would make it.',
  commands: [list, show, enforce, end],
};
