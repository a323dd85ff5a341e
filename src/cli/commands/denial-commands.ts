import type { DenialWire } from '../../manage/index.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { denialTable } from '../denial-view.ts';
import { moreLine } from '../lines.ts';
import { PAGE } from '../options.ts';
import { requireWorkspace } from '../references.ts';

const list: CommandSpec = {
  name: 'list',
  about: 'Show what was refused lately, newest first.',
  details:
    'Denials are kept for up to 30 days, and fewer where there are very many. `keyhouse explain` tells all about one.',
  options: [
    { flags: '--reason <reason>', about: 'Only these: insufficient_permissions, cross_workspace_denied …' },
    { flags: '--token-id <id>', about: 'Only of this token: tok_…' },
    { flags: '--owner-id <id>', about: 'Only of tokens of this owner, by our id.' },
    { flags: '--workspace <workspace>', about: 'Only this workspace, by id or external id.' },
    { flags: '--ip <address>', about: 'Only from this address.' },
    { flags: '--from <instant>', about: 'From this instant on: 2027-01-31T00:00:00Z' },
    { flags: '--to <instant>', about: 'Until before this instant.' },
    ...PAGE,
  ],
  examples: ['keyhouse denial list --reason ip_restricted', 'keyhouse denial list --ip 203.0.113.9 --json'],
  reach: 'anywhere',
  async run(call) {
    const workspace = call.option('workspace');
    const reply = await call.ask({
      method: 'GET',
      path: '/v1/denials',
      query: {
        reason: call.option('reason'),
        token_id: call.option('tokenId'),
        owner_id: call.option('ownerId'),
        workspace_id: workspace === undefined ? undefined : await requireWorkspace(call, workspace),
        ip: call.option('ip'),
        from: call.option('from'),
        to: call.option('to'),
        limit: call.option('limit'),
        cursor: call.option('cursor'),
      },
    });
    return call.show<{ data: DenialWire[]; next_cursor: string | null }>(reply, ({ data, next_cursor }) =>
      data.length === 0
        ? 'Nothing was refused lately, as far as that goes.\n'
        : denialTable(data, call.paint) + moreLine(next_cursor),
    );
  },
};

export const denialCommands: CommandGroup = { name: 'denial', about: 'What was refused lately.', commands: [list] };
