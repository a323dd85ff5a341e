import type { AlertWire } from '../../manage/index.ts';
import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { moreLine } from '../lines.ts';
import { PAGE } from '../options.ts';
import { requireWorkspace } from '../references.ts';
import { facts, table } from '../table.ts';

const KINDS: readonly AlertWire['kind'][] = [
  'new_network',
  'denial_burst',
  'used_after_end',
  'failures_from_address',
  'rotated_from_new_address',
  'token_in_url',
];
/** At once, as the API takes them. */
const AT_ONCE = 100;

const FILTER = [
  { flags: '--kind <kind>', about: 'Only these.', choices: KINDS },
  { flags: '--token-id <id>', about: 'Only of this token and those it was rotated from and to: tok_…' },
  { flags: '--workspace <workspace>', about: 'Only this workspace, by id or external id.' },
  { flags: '--since <instant>', about: 'Raised since then: 2027-01-31T00:00:00Z' },
] as const;

const list: CommandSpec = {
  name: 'list',
  about: 'List alerts about what was unusual, newest first.',
  options: [...FILTER, { flags: '--state <state>', about: 'Only these.', choices: ['open', 'acknowledged'] }, ...PAGE],
  examples: ['keyhouse alert list --state open', 'keyhouse alert list --kind new_network --json'],
  reach: 'anywhere',
  async run(call) {
    const query = {
      ...(await filterOf(call)),
      state: call.option('state'),
      limit: call.option('limit'),
      cursor: call.option('cursor'),
    };
    const reply = await call.ask({ method: 'GET', path: '/v1/alerts', query });
    return call.show<{ data: AlertWire[]; next_cursor: string | null }>(reply, ({ data, next_cursor }) =>
      data.length === 0 ? 'No alerts, as far as that goes.\n' : tableOf(call, data) + moreLine(next_cursor),
    );
  },
};

const show: CommandSpec = {
  name: 'show',
  args: [{ syntax: '<alert>', about: 'Id of the alert: alt_…' }],
  about: 'Show all there is of an alert.',
  examples: ['keyhouse alert show alt_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'GET', path: pathOf(call.argument(0)) });
    return call.show<AlertWire>(reply, (alert) => `${alert.summary}\n\n${factsOf(call, alert)}`);
  },
};

const acknowledge: CommandSpec = {
  name: 'acknowledge',
  args: [{ syntax: '[alert]', about: 'Id of the alert: alt_…' }],
  about: 'Say that somebody has looked at an alert, or at all open ones that a filter finds.',
  details: 'Without an id, --all is needed; the newest hundred are taken at once.',
  options: [
    { flags: '--note <text>', about: 'What was found out.' },
    { flags: '--all', about: 'Every open one that the filter finds.' },
    ...FILTER,
  ],
  examples: [
    'keyhouse alert acknowledge alt_4n2hV9cWqTzL8xYbRk3MsA --note "our new data centre"',
    'keyhouse alert acknowledge --all --kind new_network --note "our new data centre"',
  ],
  reach: 'anywhere',
  async run(call) {
    const [id] = call.args;
    const isAll = call.flag('all');
    if ((id === undefined) !== isAll) throw new CommandFailure('usage', 'Name one alert, or --all.');
    const note = call.option('note');
    if (id !== undefined) {
      const reply = await call.ask({ method: 'POST', path: `${pathOf(id)}/acknowledge`, body: { note } });
      return call.show<AlertWire>(reply, (alert) => `${tableOf(call, [alert])}\nAcknowledged.\n`);
    }
    const query = { ...(await filterOf(call)), state: 'open', limit: String(AT_ONCE) };
    const found = await call.ask({ method: 'GET', path: '/v1/alerts', query });
    const { data, next_cursor: more } = found.json as { data: AlertWire[]; next_cursor: string | null };
    if (data.length === 0) return call.show(found, () => 'There is no open alert, as far as that goes.\n');
    const body = { ids: data.map((alert) => alert.id), note };
    const reply = await call.ask({ method: 'POST', path: '/v1/alerts/acknowledge', body });
    return call.show<{ data: AlertWire[] }>(
      reply,
      (answer) =>
        `Acknowledged: ${answer.data.length}.${more === null ? '' : ' There are more: repeat the command.'}\n`,
    );
  },
};

async function filterOf(call: Call) {
  const workspace = call.option('workspace');
  return {
    kind: call.option('kind'),
    token_id: call.option('tokenId'),
    workspace_id: workspace === undefined ? undefined : await requireWorkspace(call, workspace),
    since: call.option('since'),
  };
}

function pathOf(id: string): string {
  return `/v1/alerts/${encodeURIComponent(id)}`;
}

function tableOf(call: Call, alerts: readonly AlertWire[]): string {
  return table(
    alerts,
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'LAST SEEN', of: ({ last_seen_at: at }) => seconds(at) },
      { title: 'WHAT', of: ({ kind }) => kind.replaceAll('_', ' ') },
      { title: 'TOKEN', of: ({ token }) => (token === null ? null : token.name) },
      { title: 'FROM', of: ({ networks }) => (networks.length > 1 ? `${networks[0]} …` : (networks[0] ?? null)) },
      { title: 'TIMES', of: ({ count }) => String(count) },
      { title: 'STATE', of: ({ state }) => state },
    ],
    call.paint,
  );
}

function factsOf(call: Call, alert: AlertWire): string {
  const { token, owner, acknowledged_at: at, acknowledged_by: by } = alert;
  return facts(
    [
      ['id', alert.id],
      ['kind', alert.kind],
      ['token', token === null ? null : `${token.name}, ${token.hint}, ${token.id}`],
      ['owner', owner === null ? null : `${owner.email ?? owner.external_id ?? owner.name ?? ''} (${owner.id})`.trim()],
      ['workspace', alert.workspace_id],
      ['from', alert.networks.join(', ')],
      ['times', alert.count],
      ['first seen', seconds(alert.first_seen_at)],
      ['last seen', seconds(alert.last_seen_at)],
      ['state', alert.state],
      ['acknowledged', at === null ? null : `${seconds(at)} by ${by?.kind ?? ''} ${by?.id ?? ''}`.trim()],
      ['note', alert.note],
    ],
    call.paint,
  );
}

/** `2026-03-01 12:00:05 UTC`. */
function seconds(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}

export const alertCommands: CommandGroup = {
  name: 'alert',
  about: 'What was unusual about tokens and addresses.',
  commands: [list, show, acknowledge],
};
