import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { guaranteeLine } from '../lines.ts';
import { readList } from '../options.ts';
import { table } from '../table.ts';
import { OBSERVE, observeInstead } from '../trial-view.ts';

interface RoleAnswer {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly everything: boolean;
  readonly built_in: boolean;
  readonly guarantee?: { readonly class: string; readonly milliseconds: number };
}

const ROLE = { syntax: '<role>', about: 'Name or id (rol_…).' } as const;

const create: CommandSpec = {
  name: 'create',
  about: 'Create a role: permissions under a name.',
  options: [
    { flags: '--name <name>', about: 'What people know it by.', isRequired: true },
    {
      flags: '--permissions <list>',
      about: 'What it allows: servers:read,instances:*',
      reads: readList,
      isRequired: true,
    },
  ],
  examples: ['keyhouse role create --name support --permissions servers:read,invoices:read'],
  reach: 'anywhere',
  async run(call) {
    const body = { name: call.option('name'), permissions: call.option('permissions') };
    const reply = await call.ask({ method: 'POST', path: '/v1/roles', body });
    return call.show<RoleAnswer>(reply, (role) => `${tableOf(call, [role])}\nCreated.\n`);
  },
};

const list: CommandSpec = {
  name: 'list',
  about: 'List roles, by name.',
  examples: ['keyhouse role list'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'GET', path: '/v1/roles' });
    return call.show<{ data: RoleAnswer[] }>(reply, ({ data }) => tableOf(call, data));
  },
};

const update: CommandSpec = {
  name: 'update',
  args: [ROLE],
  about: 'Change a role for everybody who has it, at once.',
  options: [
    { flags: '--name <name>', about: 'Its new name.' },
    {
      flags: '--permissions <list>',
      about: 'The whole set: one that is missing is cut from everyone.',
      reads: readList,
    },
    OBSERVE,
  ],
  examples: ['keyhouse role update support --permissions servers:read'],
  reach: 'anywhere',
  async run(call) {
    const body = { name: call.option('name'), permissions: call.option('permissions') };
    if (body.name === undefined && body.permissions === undefined) {
      throw new CommandFailure('usage', 'Nothing to change was named.');
    }
    const id = await idOf(call);
    if (call.option('observe') !== undefined) return observeInstead(call, { kind: 'role', id }, body);
    const reply = await call.ask({ method: 'PATCH', path: `/v1/roles/${id}`, body });
    return call.show<RoleAnswer>(
      reply,
      (role) => `${tableOf(call, [role])}\nChanged.${guaranteeLine(role.guarantee)}\n`,
    );
  },
};

const remove: CommandSpec = {
  name: 'delete',
  args: [ROLE],
  about: 'Delete a role that nobody has.',
  examples: ['keyhouse role delete support'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'DELETE', path: `/v1/roles/${await idOf(call)}` });
    return call.show<{ id: string }>(reply, ({ id }) => `Deleted ${id}.\n`);
  },
};

async function idOf(call: Call): Promise<string> {
  const wanted = call.argument(0);
  if (/^rol_[0-9A-Za-z]{22}$/.test(wanted)) return wanted;
  const { json } = await call.ask({ method: 'GET', path: '/v1/roles' });
  const role = (json as { data: RoleAnswer[] }).data.find(({ name }) => name === wanted);
  if (role !== undefined) return role.id;
  throw new CommandFailure('refused', `There is no role ${wanted}.`, { hint: 'See: keyhouse role list' });
}

function tableOf(call: Call, roles: readonly RoleAnswer[]): string {
  return table(
    roles,
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'NAME', of: ({ name, built_in }) => (built_in ? `${name} (built in)` : name) },
      {
        title: 'PERMISSIONS',
        of: ({ permissions, everything }) => [...(everything ? ['everything'] : []), ...permissions].join(', '),
      },
    ],
    call.paint,
  );
}

export const roleCommands: CommandGroup = {
  name: 'role',
  about: 'Sets of permissions under a name.',
  commands: [create, list, update, remove],
};
