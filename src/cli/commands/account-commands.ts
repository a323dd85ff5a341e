import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec, OptionSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { PAGE } from '../options.ts';
import { changedOwner, type EndedAnswer, endedOwner, type OwnerAnswer, ownerFacts } from '../owner-view.ts';
import { type AccountKind, requireAccount } from '../references.ts';
import { OBSERVE, observeInstead } from '../trial-view.ts';
import { listOwners } from './owner-commands.ts';
import { OWNER_OPTIONS, ownerFields } from './owner-options.ts';
import { peopleCommands } from './people-commands.ts';

/** Users and service accounts are kept in the same way; what differs stands here. */
interface Account {
  readonly kind: AccountKind;
  readonly one: string;
  readonly many: string;
  readonly about: string;
  readonly argument: { readonly syntax: string; readonly about: string };
  readonly identity: readonly OptionSpec[];
  readonly sample: string;
  readonly sampleOptions: string;
}

const USER: Account = {
  kind: 'user',
  one: 'user',
  many: 'users',
  about: 'People who sign in to Keyhouse.',
  argument: { syntax: '<user>', about: 'Id (usr_…) or e-mail address.' },
  identity: [
    { flags: '--email <address>', about: 'Identifies the person.' },
    { flags: '--name <name>', about: 'What people know them by.' },
  ],
  sample: 'ops@example.com',
  sampleOptions: '--email ops@example.com --workspace org-7 --roles admin',
};

const SERVICE_ACCOUNT: Account = {
  kind: 'service-account',
  one: 'service account',
  many: 'service accounts',
  about: 'Machines with permissions of their own.',
  argument: { syntax: '<service-account>', about: 'Id (svc_…) or name.' },
  identity: [{ flags: '--name <name>', about: 'What people know it by.' }],
  sample: 'deployer',
  sampleOptions: '--name deployer --workspace org-7 --permissions servers:*',
};

function commandsOf(account: Account): CommandGroup {
  const { kind, one, many, argument, identity, sample, sampleOptions } = account;
  const collection = `/v1/${kind}s`;
  const [identifying] = identity as [OptionSpec];
  const pathOf = async (call: Call) => `${collection}/${await requireAccount(call, kind, call.argument(0))}`;

  const create: CommandSpec = {
    name: 'create',
    about: `Create a ${one}.`,
    options: [{ ...identifying, isRequired: true }, ...identity.slice(1), ...OWNER_OPTIONS],
    examples: [`keyhouse ${kind} create ${sampleOptions}`],
    reach: 'anywhere',
    async run(call) {
      const reply = await call.ask({ method: 'POST', path: collection, body: ownerFields(call) });
      const next = `Created. A token for it: keyhouse token create --name NAME --inherit --owner ${(reply.json as OwnerAnswer).id}`;
      return call.show<OwnerAnswer>(reply, (owner) => changedOwner(call, owner, next));
    },
  };
  const list: CommandSpec = {
    name: 'list',
    about: `List ${many}, newest first.`,
    options: [
      { flags: '--workspace <workspace>', about: 'Only members of this workspace, by id or external id.' },
      { flags: '--search <text>', about: 'Only those whose name or e-mail address contains the text.' },
      ...PAGE,
    ],
    examples: [`keyhouse ${kind} list`],
    reach: 'anywhere',
    run: (call) => listOwners(call, collection, many),
  };
  const read: CommandSpec = {
    name: 'read',
    args: [argument],
    about: `Show a ${one}.`,
    examples: [`keyhouse ${kind} read ${sample}`],
    reach: 'anywhere',
    async run(call) {
      const reply = await call.ask({ method: 'GET', path: await pathOf(call) });
      return call.show<OwnerAnswer>(reply, (owner) => ownerFacts(owner, call.paint));
    },
  };
  const update: CommandSpec = {
    name: 'update',
    args: [argument],
    about: `Change a ${one}.`,
    details: 'Only what is named changes. What it may do no longer, its tokens may do no longer, at once.',
    options: [...identity, ...OWNER_OPTIONS, OBSERVE],
    examples: [`keyhouse ${kind} update ${sample} --workspace org-7 --permissions servers:read`],
    reach: 'anywhere',
    async run(call) {
      const body = ownerFields(call);
      if (Object.keys(body).length === 0) throw new CommandFailure('usage', 'Nothing to change was named.');
      const path = await pathOf(call);
      if (call.option('observe') !== undefined) {
        return observeInstead(call, { kind: 'owner', id: path.split('/').at(-1) }, body);
      }
      return patch(call, path, body, 'Changed.');
    },
  };
  const disable: CommandSpec = {
    name: 'disable',
    args: [argument],
    about: `Stop a ${one} and all its tokens until it is enabled again.`,
    examples: [`keyhouse ${kind} disable ${sample}`],
    reach: 'anywhere',
    run: async (call) =>
      patch(
        call,
        await pathOf(call),
        { disabled: true },
        `Disabled. To undo: keyhouse ${kind} enable ${call.argument(0)}`,
      ),
  };
  const enable: CommandSpec = {
    name: 'enable',
    args: [argument],
    about: `Let a disabled ${one} and its tokens work again.`,
    examples: [`keyhouse ${kind} enable ${sample}`],
    reach: 'anywhere',
    run: async (call) => patch(call, await pathOf(call), { disabled: false }, 'Enabled.'),
  };
  const remove: CommandSpec = {
    name: 'delete',
    args: [argument],
    about: `Delete a ${one} and revoke all its tokens.`,
    examples: [`keyhouse ${kind} delete ${sample}`],
    reach: 'anywhere',
    async run(call) {
      const reply = await call.ask({ method: 'DELETE', path: await pathOf(call) });
      return call.show<EndedAnswer>(reply, endedOwner);
    },
  };
  return { name: kind, about: account.about, commands: [create, list, read, update, disable, enable, remove] };
}

async function patch(call: Call, path: string, body: object, done: string): Promise<undefined> {
  const reply = await call.ask({ method: 'PATCH', path, body });
  return call.show<OwnerAnswer>(reply, (owner) => changedOwner(call, owner, done));
}

const users = commandsOf(USER);
export const userCommands: CommandGroup = { ...users, commands: [...users.commands, ...peopleCommands] };
export const serviceAccountCommands = commandsOf(SERVICE_ACCOUNT);
