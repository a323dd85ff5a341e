import type { CommandGroup, CommandSpec } from '../command.ts';
import { moreLine } from '../lines.ts';
import { PAGE } from '../options.ts';
import { requireWorkspace } from '../references.ts';
import { table } from '../table.ts';
import { auditSealCommands } from './audit-seal.ts';
import { auditTakingOut } from './audit-taking-out.ts';
import { auditVerify } from './audit-verify.ts';

interface Ref {
  readonly kind: string;
  readonly id: string | null;
}
interface EventAnswer {
  readonly seq: number;
  readonly at: string;
  readonly action: string;
  readonly actor: Ref;
  readonly on_behalf_of: Ref | null;
  readonly subject: Ref | null;
}

const list: CommandSpec = {
  name: 'list',
  about: 'Show who changed what, newest first.',
  options: [
    { flags: '--subject <id>', about: 'Only changes of this: an owner, a lineage, a role …' },
    { flags: '--actor <id>', about: 'Only changes by this one.' },
    { flags: '--action <action>', about: 'Only this kind of change: token.revoked' },
    { flags: '--workspace <workspace>', about: 'Only this workspace, by id or external id.' },
    { flags: '--from <instant>', about: 'From this instant on: 2027-01-31T00:00:00Z' },
    { flags: '--to <instant>', about: 'Until before this instant.' },
    ...PAGE,
  ],
  examples: ['keyhouse audit list --action token.revoked', 'keyhouse audit list --limit 100 --json'],
  reach: 'anywhere',
  async run(call) {
    const workspace = call.option('workspace');
    const reply = await call.ask({
      method: 'GET',
      path: '/v1/audit-events',
      query: {
        subject_id: call.option('subject'),
        actor_id: call.option('actor'),
        action: call.option('action'),
        workspace_id: workspace === undefined ? undefined : await requireWorkspace(call, workspace),
        from: call.option('from'),
        to: call.option('to'),
        limit: call.option('limit'),
        cursor: call.option('cursor'),
      },
    });
    return call.show<{ data: EventAnswer[]; next_cursor: string | null }>(reply, (page) =>
      page.data.length === 0
        ? 'There are no such events.\n'
        : table(
            page.data,
            [
              { title: 'NO.', of: ({ seq }) => seq },
              { title: 'AT', of: ({ at }) => at },
              { title: 'ACTION', of: ({ action }) => action },
              {
                title: 'BY',
                of: ({ actor, on_behalf_of: named }) => who(actor) + (named === null ? '' : ` for ${who(named)}`),
              },
              { title: 'WHAT', of: ({ subject }) => (subject === null ? null : who(subject)) },
            ],
            call.paint,
          ) + moreLine(page.next_cursor),
    );
  },
};

function who({ kind, id }: Ref): string {
  return id === null ? kind : `${kind} ${id}`;
}

export const auditCommands: CommandGroup = {
  name: 'audit',
  about: 'Who changed what.',
  commands: [list, auditVerify, ...auditTakingOut, ...auditSealCommands],
};
