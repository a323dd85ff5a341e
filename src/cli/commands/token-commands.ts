import type { TokenWire } from '../../manage/index.ts';
import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { guaranteeLine, moreLine } from '../lines.ts';
import { PAGE } from '../options.ts';
import { findOwner, OWNER_RULE, workspaceReference } from '../references.ts';
import { tokenFacts, tokenTable } from '../token-view.ts';
import { OBSERVE, observeInstead } from '../trial-view.ts';
import { tokenRevokeMany, tokenTransfer } from './token-bulk.ts';
import { tokenCreate } from './token-create.ts';
import { SETTINGS_OF_TOKEN, SWITCHED_OFF, tokenSettings, WITHOUT_SETTINGS } from './token-options.ts';
import { ID, pathOf } from './token-place.ts';
import { tokenClaim, tokenPredecessors, tokenRotate } from './token-rotation.ts';
import { tokenSuggest } from './token-suggest.ts';
import { tokenUsage } from './token-usage.ts';
import { tokenVerify } from './token-verify.ts';

const list: CommandSpec = {
  name: 'list',
  about: 'List tokens, newest first unless told otherwise.',
  details: OWNER_RULE,
  options: [
    { flags: '--owner <owner>', about: 'Only those of this owner.' },
    { flags: '--workspace <workspace>', about: 'Only those of this workspace, by id or external id.' },
    { flags: '--environment <name>', about: 'Only those of this environment.', choices: ['live', 'test'] },
    { flags: '--lineage <id>', about: 'Only this line of rotations: lin_…' },
    { flags: '--search <text>', about: 'Only those whose name or hint contains the text.' },
    { flags: '--live', about: 'Only those that can still be accepted.' },
    {
      flags: '--state <state>',
      about: 'Only those in this state.',
      choices: ['active', 'disabled', 'superseded', 'replaced', 'expired', 'revoked'],
    },
    { flags: '--unused-for <duration>', about: 'Only those not accepted for this long, such as 90d.' },
    { flags: '--expires-within <duration>', about: 'Only those that expire within this time, such as 30d.' },
    {
      flags: '--sort <order>',
      about: 'In which order; last_used: most recent first, expires: soonest first.',
      choices: ['newest', 'oldest', 'name', 'last_used', 'expires'],
    },
    ...PAGE,
  ],
  examples: [
    'keyhouse token list --live',
    'keyhouse token list --live --unused-for 90d --sort last_used',
    'keyhouse token list --owner user-42 --json',
  ],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({
      method: 'GET',
      path: (await call.dialect()).tokensPath,
      query: {
        ...(await ownerQuery(call)),
        ...workspaceQuery(call),
        environment: call.option('environment'),
        lineage_id: call.option('lineage'),
        search: call.option('search'),
        live: call.flag('live') || undefined,
        state: call.option('state'),
        unused_for: call.option('unusedFor'),
        expires_within: call.option('expiresWithin'),
        sort: call.option('sort'),
        limit: call.option('limit'),
        cursor: call.option('cursor'),
      },
    });
    return call.show<{ data: TokenWire[]; next_cursor: string | null }>(reply, (page, { tokens }) =>
      page.data.length === 0
        ? `There are no ${tokens} like that.\n`
        : tokenTable(page.data, call.paint) + moreLine(page.next_cursor),
    );
  },
};

async function ownerQuery(call: Call): Promise<Record<string, string>> {
  const owner = call.option('owner');
  if (owner === undefined) return {};
  const found = await findOwner(call, owner);
  return 'id' in found ? { owner_id: found.id } : { owner_external_id: found.external_id };
}

function workspaceQuery(call: Call): Record<string, string> {
  const workspace = call.option('workspace');
  if (workspace === undefined) return {};
  const found = workspaceReference(workspace);
  return 'id' in found ? { workspace_id: found.id } : { workspace_external_id: found.external_id };
}

const read: CommandSpec = {
  name: 'read',
  args: [ID],
  about: 'Show everything about a token but its value.',
  examples: ['keyhouse token read tok_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'GET', path: await pathOf(call) });
    return call.show<TokenWire>(reply, (token) => tokenFacts(token, call.paint));
  },
};

const update: CommandSpec = {
  name: 'update',
  args: [ID],
  about: 'Change what a token may do, from where, until when, how often.',
  details: 'Only what is named changes. A narrower setting holds everywhere before the command returns.',
  options: [
    { flags: '--name <name>', about: 'What people know it by.' },
    ...WITHOUT_SETTINGS,
    ...SETTINGS_OF_TOKEN,
    ...SWITCHED_OFF,
    OBSERVE,
  ],
  examples: ['keyhouse token update tok_4n2hV9cWqTzL8xYbRk3MsA --permissions servers:read --any-ip'],
  reach: 'anywhere',
  async run(call) {
    const body = tokenSettings(call);
    if (Object.keys(body).length === 0) throw new CommandFailure('usage', 'Nothing to change was named.');
    if (call.option('observe') !== undefined)
      return observeInstead(call, { kind: 'token', id: call.argument(0) }, body);
    return patch(call, body, 'Changed.');
  },
};

const disable: CommandSpec = {
  name: 'disable',
  args: [ID],
  about: 'Stop a token until it is enabled again.',
  examples: ['keyhouse token disable tok_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  run: (call) =>
    patch(call, { disabled: true }, `Disabled. To let it work again: keyhouse token enable ${call.argument(0)}`),
};

const enable: CommandSpec = {
  name: 'enable',
  args: [ID],
  about: 'Let a disabled token work again.',
  examples: ['keyhouse token enable tok_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  run: (call) => patch(call, { disabled: false }, 'Enabled.'),
};

async function patch(call: Call, body: Record<string, unknown>, done: string): Promise<undefined> {
  const reply = await call.ask({ method: 'PATCH', path: await pathOf(call), body });
  return call.show<TokenWire & Guaranteed>(
    reply,
    (token) => `${tokenFacts(token, call.paint)}\n${done}${guaranteeLine(token.guarantee)}\n`,
  );
}

const revoke: CommandSpec = {
  name: 'revoke',
  args: [ID],
  about: 'End a token for good. The next request with it is refused, everywhere.',
  details:
    'The current token of a line of rotations ends the whole line; an older one in its grace ends alone, unless --lineage is given.',
  options: [
    { flags: '--lineage', about: 'Every token of the line of rotations, whichever is named: after a leak.' },
    { flags: '--reason <text>', about: 'For the audit log.' },
  ],
  examples: ['keyhouse token revoke tok_4n2hV9cWqTzL8xYbRk3MsA --reason "laptop stolen"'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({
      method: 'DELETE',
      path: await pathOf(call),
      query: { scope: call.flag('lineage') ? 'lineage' : undefined, reason: call.option('reason') },
    });
    return call.show<Revocation>(reply, ({ revoked_ids, revoked_at, successor_id, guarantee }) => {
      const others =
        successor_id === undefined ? '' : `Its successor ${successor_id} still works; --lineage ends that too.\n`;
      return `Revoked at ${revoked_at}:\n${revoked_ids.map((id) => `  ${id}\n`).join('')}${others}No request with ${revoked_ids.length === 1 ? 'it' : 'them'} is accepted any more.${guaranteeLine(guarantee)}\n`;
    });
  },
};

interface Guaranteed {
  readonly guarantee?: { readonly class: string; readonly milliseconds: number };
}

interface Revocation extends Guaranteed {
  readonly revoked_ids: readonly string[];
  readonly revoked_at: string;
  readonly successor_id?: string;
}

export const tokenCommands: CommandGroup = {
  name: 'token',
  about: 'Create, look at, change, rotate and revoke tokens.',
  commands: [
    tokenCreate,
    list,
    read,
    update,
    disable,
    enable,
    tokenRotate,
    tokenClaim,
    tokenPredecessors,
    revoke,
    tokenRevokeMany,
    tokenTransfer,
    tokenUsage,
    tokenSuggest,
    tokenVerify,
  ],
};
