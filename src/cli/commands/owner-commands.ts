import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { CommandFailure, EXIT_CODES } from '../failure.ts';
import { guaranteeLine, moreLine } from '../lines.ts';
import { PAGE } from '../options.ts';
import { changedOwner, type EndedAnswer, endedOwner, type OwnerAnswer, ownerFacts, ownerTable } from '../owner-view.ts';
import { workspaceReference } from '../references.ts';
import { table } from '../table.ts';
import { OBSERVE, observeInstead } from '../trial-view.ts';
import { OWNER_OPTIONS, ownerFields } from './owner-options.ts';

const EXTERNAL_ID = { syntax: '<external-id>', about: 'Your own id of the owner.' } as const;

const put: CommandSpec = {
  name: 'put',
  args: [EXTERNAL_ID],
  about: 'Tell Keyhouse about an owner of yours: a user of your application.',
  details: 'It is created, or changed where it exists already; what is not named stays.',
  options: [
    { flags: '--name <name>', about: 'What people know it by.' },
    { flags: '--email <address>', about: 'Where it can be reached.' },
    { flags: '--workspace-name <name>', about: 'For a workspace that does not exist yet: it is made with this name.' },
    ...OWNER_OPTIONS,
    { flags: '--disabled', about: 'None of its tokens works any more.' },
    { flags: '--enabled', about: 'They work again, unless it was disabled in Keyhouse itself.' },
    OBSERVE,
  ],
  examples: [
    'keyhouse owner put user-42 --email ada@example.com --workspace org-7 --workspace-name "Example Ltd" --permissions servers:read',
  ],
  reach: 'anywhere',
  async run(call) {
    if (call.option('observe') !== undefined) {
      return observeInstead(call, { kind: 'owner', external_id: call.argument(0) }, ownerFields(call));
    }
    const reply = await call.ask({ method: 'PUT', path: pathOf(call), body: ownerFields(call) });
    return call.show<OwnerAnswer & { created: boolean }>(reply, (owner) =>
      changedOwner(call, owner, owner.created ? 'Created.' : 'Up to date.'),
    );
  },
};

const read: CommandSpec = {
  name: 'read',
  args: [EXTERNAL_ID],
  about: 'Show an owner.',
  examples: ['keyhouse owner read user-42'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'GET', path: pathOf(call) });
    return call.show<OwnerAnswer>(reply, (owner) => ownerFacts(owner, call.paint));
  },
};

const list: CommandSpec = {
  name: 'list',
  about: 'List owners, newest first.',
  options: [
    { flags: '--workspace <workspace>', about: 'Only members of this workspace, by id or external id.' },
    { flags: '--search <text>', about: 'Only those whose name, e-mail address or external id contains the text.' },
    ...PAGE,
  ],
  examples: ['keyhouse owner list --workspace org-7'],
  reach: 'anywhere',
  run: (call) => listOwners(call, '/v1/owners', 'owners'),
};

export async function listOwners(call: Call, path: string, what: string): Promise<undefined> {
  const workspace = call.option('workspace');
  const found = workspace === undefined ? null : workspaceReference(workspace);
  const reply = await call.ask({
    method: 'GET',
    path,
    query: {
      ...(found !== null &&
        ('id' in found ? { workspace_id: found.id } : { workspace_external_id: found.external_id })),
      search: call.option('search'),
      limit: call.option('limit'),
      cursor: call.option('cursor'),
    },
  });
  return call.show<{ data: OwnerAnswer[]; next_cursor: string | null }>(reply, (page) =>
    page.data.length === 0
      ? `There are no ${what} like that.\n`
      : ownerTable(page.data, call.paint) + moreLine(page.next_cursor),
  );
}

const remove: CommandSpec = {
  name: 'delete',
  args: [EXTERNAL_ID],
  about: 'Delete an owner and revoke all its tokens.',
  examples: ['keyhouse owner delete user-42'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'DELETE', path: pathOf(call) });
    return call.show<EndedAnswer>(reply, endedOwner);
  },
};

/** Ours, whatever the application says of the owner with `owner put`. */
const switching = (name: string, disabled: boolean, about: string, done: string): CommandSpec => ({
  name,
  args: [EXTERNAL_ID],
  about,
  examples: [`keyhouse owner ${name} user-42`],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'PATCH', path: pathOf(call), body: { disabled } });
    return call.show<OwnerAnswer>(reply, (owner) => changedOwner(call, owner, done));
  },
});

const disable = switching(
  'disable',
  true,
  'Stop all tokens of an owner, whatever your application says of it.',
  'Disabled.',
);
const enable = switching('enable', false, 'Let an owner that was disabled here go on.', 'Enabled here.');

const sync: CommandSpec = {
  name: 'sync',
  args: [{ syntax: '<file>', about: 'One JSON object per line, as `owner put` takes it, each with its external_id.' }],
  about: 'Tell Keyhouse about many owners at once.',
  details:
    'Every line is done wholly or not at all, whatever becomes of the others. The exit code is 1 when a line was rejected. Safe to repeat.',
  options: [{ flags: '--dry-run', about: 'Change nothing and say what would change.' }],
  examples: ['keyhouse owner sync owners.ndjson --dry-run'],
  reach: 'anywhere',
  async run(call) {
    const file = resolve(call.terminal.cwd, call.argument(0));
    if (!existsSync(file)) throw new CommandFailure('usage', `There is no file ${file}`);
    const reply = await call.ask({
      method: 'POST',
      path: '/v1/owners/sync',
      query: { dry_run: call.flag('dryRun') || undefined },
      upload: () => createReadStream(file),
    });
    await call.show<SyncAnswer>(reply, (answer) => syncInWords(call, answer));
    return (reply.json as SyncAnswer).rejected > 0 ? EXIT_CODES.refused.number : EXIT_CODES.ok.number;
  },
};

interface SyncAnswer {
  readonly dry_run: boolean;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly narrowed: number;
  readonly results: readonly SyncedLine[];
  readonly guarantee?: { readonly class: string; readonly milliseconds: number };
}
interface SyncedLine {
  readonly line: number;
  readonly external_id: string | null;
  readonly result: string;
  readonly narrowed: boolean;
  readonly changes: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
  readonly message?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

function syncInWords(call: Call, answer: SyncAnswer): string {
  const told = answer.results.filter(({ result }) => result !== 'unchanged');
  const lines = table(
    told,
    [
      { title: 'LINE', of: ({ line }) => line },
      { title: 'OWNER', of: ({ external_id }) => external_id },
      { title: 'RESULT', of: ({ result, narrowed }) => (narrowed ? `${result}, narrowed` : result) },
      { title: 'WHAT', of: whatOf },
    ],
    call.paint,
  );
  const done = answer.dry_run ? 'Nothing was changed. It would be: ' : '';
  const counts = `${done}${answer.created} created, ${answer.updated} updated (${answer.narrowed} of them narrowed), ${answer.unchanged} unchanged, ${answer.rejected} rejected.`;
  return `${told.length === 0 ? '' : `${lines}\n`}${counts}${guaranteeLine(answer.guarantee)}\n`;
}

function whatOf({ changes, message, errors = [] }: SyncedLine): string {
  if (message === undefined) return changes.map(({ path }) => path).join(', ');
  return [message, ...errors.map((error) => `${error.path}: ${error.message}`)].join(' ');
}

function pathOf(call: Call): string {
  return `/v1/owners/${encodeURIComponent(call.argument(0))}`;
}

export const ownerCommands: CommandGroup = {
  name: 'owner',
  about: "Keep Keyhouse told about your application's own users.",
  commands: [put, read, list, disable, enable, remove, sync],
};
