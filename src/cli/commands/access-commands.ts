import type { AccessWire } from '../../manage/index.ts';
import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec, OptionSpec } from '../command.ts';
import { moreLine } from '../lines.ts';
import { PAGE } from '../options.ts';
import { requireWorkspace } from '../references.ts';
import { type Paint, table } from '../table.ts';

const ASKED: readonly OptionSpec[] = [
  { flags: '--from <instant>', about: 'From this instant on: 2027-01-31T00:00:00Z', isRequired: true },
  { flags: '--to <instant>', about: 'Until before this instant, at most 31 days later.', isRequired: true },
  { flags: '--outcome <outcome>', about: 'all when left out.', choices: ['all', 'accepted', 'refused'] },
  { flags: '--reason <reason>', about: 'Only refusals for this reason: insufficient_permissions' },
  { flags: '--token <id>', about: 'Only of this token: tok_…' },
  { flags: '--owner <id>', about: 'Only of tokens of this owner, by our id.' },
  { flags: '--workspace <workspace>', about: 'Only this workspace, by id or external id.' },
  { flags: '--ip <address>', about: 'Only from this address.' },
];

async function asked(call: Call): Promise<Record<string, string | undefined>> {
  const workspace = call.option('workspace');
  return {
    from: call.option('from'),
    to: call.option('to'),
    outcome: call.option('outcome'),
    reason: call.option('reason'),
    token_id: call.option('token'),
    owner_id: call.option('owner'),
    workspace_id: workspace === undefined ? undefined : await requireWorkspace(call, workspace),
    ip: call.option('ip'),
  };
}

const list: CommandSpec = {
  name: 'list',
  about: 'List decisions of a time, newest first: all refusals, and a sample of what was accepted.',
  details: 'How many accepted requests are kept is set with access-log-one-in, and for how long with access-log-days.',
  options: [...ASKED, ...PAGE],
  examples: ['keyhouse access list --from 2027-01-31T00:00:00Z --to 2027-02-01T00:00:00Z --outcome refused'],
  reach: 'anywhere',
  async run(call) {
    const query = { ...(await asked(call)), limit: call.option('limit'), cursor: call.option('cursor') };
    const reply = await call.ask({ method: 'GET', path: '/v1/access-log', query });
    return call.show<{ data: AccessWire[]; next_cursor: string | null }>(reply, (page) =>
      page.data.length === 0
        ? 'Nothing is kept of that time.\n'
        : accessTable(page.data, call.paint) + moreLine(page.next_cursor),
    );
  },
};

const exportAccesses: CommandSpec = {
  name: 'export',
  about: 'Print the access log of a time, newest first, as JSON lines or CSV.',
  details:
    'It is taken out piece by piece, no faster than it is written here. That it was exported stands in the audit log.',
  options: [
    { flags: '--format <format>', about: 'jsonl when left out.', choices: ['jsonl', 'csv'] },
    { flags: '--without-personal', about: 'Leave out addresses.' },
    ...ASKED,
  ],
  examples: ['keyhouse access export --from 2027-01-31T00:00:00Z --to 2027-02-01T00:00:00Z > access.jsonl'],
  reach: 'anywhere',
  async run(call) {
    const body = {
      ...(await asked(call)),
      format: call.option('format') ?? 'jsonl',
      personal: !call.flag('withoutPersonal'),
    };
    let cursor: string | null = null;
    do {
      const { json } = await call.ask({
        method: 'POST',
        path: '/v1/access-log-exports',
        body: cursor === null ? body : { ...body, cursor },
      });
      const piece = json as { readonly text: string; readonly next_cursor: string | null };
      await call.terminal.outPaced(piece.text);
      cursor = piece.next_cursor;
    } while (cursor !== null);
    return undefined;
  },
};

function accessTable(accesses: readonly AccessWire[], paint: Paint): string {
  return table(
    accesses,
    [
      { title: 'AT', of: ({ at }) => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC` },
      { title: 'OUTCOME', of: ({ outcome }) => outcome },
      { title: 'TOKEN', of: ({ token }) => (token === null ? null : token.name || token.id) },
      { title: 'ASKED', of: ({ all_of: all, any_of: any }) => [...all, any.join(' or ')].filter(Boolean).join(' ') },
      { title: 'WHAT', of: ({ method, path }) => `${method ?? ''} ${path ?? ''}`.trim() || null },
      { title: 'FROM', of: ({ ip }) => ip },
      { title: 'AGENT', of: ({ agent }) => agent },
    ],
    paint,
  );
}

export const accessCommands: CommandGroup = {
  name: 'access',
  about: 'Look at decisions that were taken, and take them out: the access log.',
  commands: [list, exportAccesses],
};
