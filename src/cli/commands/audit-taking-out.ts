import type { CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { findOwner, requireWorkspace } from '../references.ts';

interface Piece {
  readonly text: string;
  readonly events: number;
  readonly next_cursor: string | null;
}

const exportEvents: CommandSpec = {
  name: 'export',
  about: 'Print the audit log, oldest first, as JSON lines or CSV.',
  details:
    'One event is one line of JSON, with all that audit verify needs; --format csv is for spreadsheets. The log is taken out piece by ' +
    'piece, no faster than it is written here. That it was exported stands in the log.',
  options: [
    { flags: '--format <format>', about: 'jsonl when left out.', choices: ['jsonl', 'csv'] },
    { flags: '--without-personal', about: 'Leave out addresses, names and reasons.' },
    { flags: '--subject <id>', about: 'Only changes of this: an owner, a lineage, a role …' },
    { flags: '--actor <id>', about: 'Only changes by this one.' },
    { flags: '--action <action>', about: 'Only this kind of change: token.revoked' },
    { flags: '--workspace <workspace>', about: 'Only this workspace, by id or external id.' },
    { flags: '--from <instant>', about: 'From this instant on: 2027-01-31T00:00:00Z' },
    { flags: '--to <instant>', about: 'Until before this instant.' },
  ],
  examples: ['keyhouse audit export > audit.jsonl', 'keyhouse audit export --format csv --from 2027-01-01T00:00:00Z'],
  reach: 'anywhere',
  async run(call) {
    const workspace = call.option('workspace');
    const body = {
      format: call.option('format') ?? 'jsonl',
      personal: !call.flag('withoutPersonal'),
      subject_id: call.option('subject'),
      actor_id: call.option('actor'),
      action: call.option('action'),
      workspace_id: workspace === undefined ? undefined : await requireWorkspace(call, workspace),
      from: call.option('from'),
      to: call.option('to'),
    };
    let cursor: string | null = null;
    do {
      const asked = cursor === null ? body : { ...body, cursor };
      const piece: Piece = (await call.ask({ method: 'POST', path: '/v1/audit-exports', body: asked })).json as Piece;
      await call.terminal.outPaced(piece.text);
      cursor = piece.next_cursor;
    } while (cursor !== null);
    return undefined;
  },
};

const erase: CommandSpec = {
  name: 'erase',
  about: 'Erase the clear text about a person from the audit log: names, addresses, free text.',
  details:
    'The events stay with their ids, and the chain still verifies. What was exported, sent elsewhere or backed up before is not touched. ' +
    'Of an owner who was deleted the record loses its name, address and metadata too.',
  options: [
    { flags: '--owner <owner>', about: 'Whom: our id, or the external id.' },
    { flags: '--email <address>', about: 'Whom: also somebody who was only invited.' },
    { flags: '--reason <text>', about: 'Kept in the log.' },
  ],
  examples: ['keyhouse audit erase --owner usr_4mK2pQ8xL0vR7tYcW3nZ9b --reason "request of 3 May"'],
  reach: 'anywhere',
  async run(call) {
    const [owner, email] = [call.option('owner'), call.option('email')];
    if ((owner === undefined) === (email === undefined)) {
      throw new CommandFailure('usage', 'Say whom: --owner or --email.');
    }
    const person = owner === undefined ? { email } : await findOwner(call, owner);
    const reply = await call.ask({
      method: 'POST',
      path: '/v1/audit-erasures',
      body: { person, reason: call.option('reason') },
    });
    return call.show<{ events: number; fields: number; record_erased: boolean }>(reply, (done) => {
      const record = done.record_erased ? ' The record of the deleted owner was emptied too.' : '';
      return `${done.fields} fields of ${done.events} events were erased.${record}\n`;
    });
  },
};

export const auditTakingOut: readonly CommandSpec[] = [exportEvents, erase];
