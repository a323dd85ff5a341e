import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { guaranteeLine, moreLine } from '../lines.ts';
import { PAGE, readObject } from '../options.ts';
import { requireWorkspace } from '../references.ts';
import { facts, table } from '../table.ts';
import { minutes } from '../token-view.ts';

interface WorkspaceAnswer {
  readonly id: string;
  readonly external_id: string | null;
  readonly name: string;
  readonly home: boolean;
  readonly disabled: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  readonly guarantee?: { readonly class: string; readonly milliseconds: number };
}

const WORKSPACE = { syntax: '<workspace>', about: 'Id (wsp_…) or external id.' } as const;

const create: CommandSpec = {
  name: 'create',
  about: 'Create a workspace: one of your customers, invisible from all others.',
  options: [
    { flags: '--name <name>', about: 'What people know it by.', isRequired: true },
    { flags: '--external-id <id>', about: 'Your own id of it.' },
    { flags: '--metadata <json>', about: 'An object of your own, at most 4 KiB.', reads: readObject },
  ],
  examples: ['keyhouse workspace create --name "Example Ltd" --external-id org-7'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({
      method: 'POST',
      path: '/v1/workspaces',
      body: { name: call.option('name'), external_id: call.option('externalId'), metadata: call.option('metadata') },
    });
    return call.show<WorkspaceAnswer>(reply, (workspace) => `${inWords(call, workspace)}\nCreated.\n`);
  },
};

const list: CommandSpec = {
  name: 'list',
  about: 'List workspaces, newest first.',
  options: PAGE,
  examples: ['keyhouse workspace list'],
  reach: 'anywhere',
  async run(call) {
    const query = { limit: call.option('limit'), cursor: call.option('cursor') };
    const reply = await call.ask({ method: 'GET', path: '/v1/workspaces', query });
    return call.show<{ data: WorkspaceAnswer[]; next_cursor: string | null }>(
      reply,
      (page) => tableOf(call, page.data) + moreLine(page.next_cursor),
    );
  },
};

const read: CommandSpec = {
  name: 'read',
  args: [WORKSPACE],
  about: 'Show a workspace.',
  examples: ['keyhouse workspace read org-7'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'GET', path: await pathOf(call) });
    return call.show<WorkspaceAnswer>(reply, (workspace) => inWords(call, workspace));
  },
};

const update: CommandSpec = {
  name: 'update',
  args: [WORKSPACE],
  about: 'Change a workspace.',
  options: [
    { flags: '--name <name>', about: 'What people know it by.' },
    { flags: '--metadata <json>', about: 'An object of your own, at most 4 KiB.', reads: readObject },
  ],
  examples: ['keyhouse workspace update org-7 --name "Example Group"'],
  reach: 'anywhere',
  async run(call) {
    const body = { name: call.option('name'), metadata: call.option('metadata') };
    if (body.name === undefined && body.metadata === undefined) {
      throw new CommandFailure('usage', 'Nothing to change was named.');
    }
    return patch(call, body, 'Changed.');
  },
};

const disable: CommandSpec = {
  name: 'disable',
  args: [WORKSPACE],
  about: 'Stop every token of a workspace until it is enabled again.',
  examples: ['keyhouse workspace disable org-7'],
  reach: 'anywhere',
  run: (call) => patch(call, { disabled: true }, `Disabled. To undo: keyhouse workspace enable ${call.argument(0)}`),
};

const enable: CommandSpec = {
  name: 'enable',
  args: [WORKSPACE],
  about: 'Let the tokens of a disabled workspace work again.',
  examples: ['keyhouse workspace enable org-7'],
  reach: 'anywhere',
  run: (call) => patch(call, { disabled: false }, 'Enabled.'),
};

async function patch(call: Call, body: object, done: string): Promise<undefined> {
  const reply = await call.ask({ method: 'PATCH', path: await pathOf(call), body });
  return call.show<WorkspaceAnswer>(
    reply,
    (workspace) => `${inWords(call, workspace)}\n${done}${guaranteeLine(workspace.guarantee)}\n`,
  );
}

async function pathOf(call: Call): Promise<string> {
  return `/v1/workspaces/${await requireWorkspace(call, call.argument(0))}`;
}

function stateOf({ home, disabled }: WorkspaceAnswer): string {
  return [disabled ? 'disabled' : 'active', ...(home ? ['your own'] : [])].join(', ');
}

function tableOf(call: Call, workspaces: readonly WorkspaceAnswer[]): string {
  return table(
    workspaces,
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'EXTERNAL ID', of: ({ external_id }) => external_id },
      { title: 'NAME', of: ({ name }) => name },
      { title: 'STATE', of: stateOf },
      { title: 'CREATED', of: ({ created_at }) => minutes(created_at) },
    ],
    call.paint,
  );
}

function inWords(call: Call, workspace: WorkspaceAnswer): string {
  return facts(
    [
      ['id', workspace.id],
      ['external id', workspace.external_id],
      ['name', workspace.name],
      ['state', stateOf(workspace)],
      ['metadata', Object.keys(workspace.metadata).length === 0 ? null : JSON.stringify(workspace.metadata)],
      ['created', minutes(workspace.created_at)],
    ],
    call.paint,
  );
}

export const workspaceCommands: CommandGroup = {
  name: 'workspace',
  about: 'Your customers, each invisible from all others.',
  commands: [create, list, read, update, disable, enable],
};
