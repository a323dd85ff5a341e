import type { SuggestionWire } from '../../manage/index.ts';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { guaranteeLine } from '../lines.ts';
import { requireWorkspace } from '../references.ts';
import { facts, type Paint, table } from '../table.ts';
import { minutes, ownerName } from '../token-view.ts';
import { observeInstead } from '../trial-view.ts';
import { pathOf } from './token-place.ts';

const PAGE = 100;

interface Suggestions {
  readonly data: readonly SuggestionWire[];
  readonly next_cursor: string | null;
}

export const tokenSuggest: CommandSpec = {
  name: 'suggest',
  args: [{ syntax: '[id]', about: 'Of the token: tok_…; every live token when left out.' }],
  about: 'Show what a token used of what it holds, and what would be enough for it.',
  details:
    'Looks at every request that was accepted, those of the predecessors of a rotated token too. --apply makes the change, which holds ' +
    'everywhere when the command returns; --observe changes nothing and notes who would be refused. Where some of the time is not known, --apply ' +
    'refuses: ask for fewer days, or observe first. Without an id it lists whoever holds more than it uses, the widest gap first.',
  options: [
    { flags: '--days <number>', about: 'How far back to look, at most 365; 90 when left out.' },
    { flags: '--apply', about: 'Change the token to what is suggested.' },
    { flags: '--observe [duration]', about: 'Put the change on trial instead, 14d unless told: keyhouse trial show.' },
    { flags: '--workspace <workspace>', about: 'Of a list: only this workspace, by id or external id.' },
  ],
  examples: [
    'keyhouse token suggest tok_4n2hV9cWqTzL8xYbRk3MsA --days 30',
    'keyhouse token suggest tok_4n2hV9cWqTzL8xYbRk3MsA --observe',
    'keyhouse token suggest --workspace org-7',
  ],
  reach: 'anywhere',
  async run(call) {
    if (call.flag('apply') && isObserving(call)) throw new CommandFailure('usage', 'Either --apply or --observe.');
    return call.args[0] === undefined ? suggestAll(call) : suggestOne(call);
  },
};

async function suggestOne(call: Call): Promise<undefined> {
  if (call.option('workspace') !== undefined) throw new CommandFailure('usage', '--workspace is for the list.');
  const path = await pathOf(call);
  const query = { days: call.option('days') };
  const reply = await call.ask({ method: 'GET', path: `${path}/suggestion`, query });
  const told = reply.json as SuggestionWire;
  if (!call.flag('apply') && !isObserving(call)) return call.show<SuggestionWire>(reply, inWords(call.paint));
  if (told.suggestion === null) throw new CommandFailure('refused', `Nothing is changed. ${verdictText(told)}`);
  if (isObserving(call)) return observeInstead(call, { kind: 'token', id: told.token.id }, told.suggestion);
  if (!told.complete) throw new CommandFailure('refused', `Nothing is changed. ${unknownText(told)}`);
  const changed = await call.ask({ method: 'PATCH', path, body: told.suggestion });
  return call.show<{ readonly guarantee?: Parameters<typeof guaranteeLine>[0] }>(
    changed,
    ({ guarantee }) => `Changed to ${grantText(told.suggestion)}.${guaranteeLine(guarantee)}\n`,
  );
}

function isObserving(call: Call): boolean {
  return call.option('observe') !== undefined;
}

async function suggestAll(call: Call): Promise<undefined> {
  if (call.flag('apply') || isObserving(call))
    throw new CommandFailure('usage', 'Name the token: --apply and --observe change one at a time.');
  const workspace = call.option('workspace');
  const query = {
    days: call.option('days'),
    workspace_id: workspace === undefined ? undefined : await requireWorkspace(call, workspace),
    limit: PAGE,
  };
  const all: SuggestionWire[] = [];
  let cursor: string | null = null;
  let reply: Awaited<ReturnType<Call['ask']>>;
  do {
    reply = await call.ask({
      method: 'GET',
      path: '/v1/token-suggestions',
      query: { ...query, cursor: cursor ?? undefined },
    });
    const page: Suggestions = reply.json as Suggestions;
    all.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  all.sort((one, other) => other.unused.length - one.unused.length);
  return call.show<Suggestions>({ ...reply, json: { data: all, next_cursor: null } }, ({ data }) =>
    data.length === 0 ? 'No token holds more than it uses.\n' : suggestionTable(data, call.paint),
  );
}

function suggestionTable(suggestions: readonly SuggestionWire[], paint: Paint): string {
  return table(
    suggestions,
    [
      { title: 'ID', of: ({ token }) => token.id },
      { title: 'NAME', of: ({ token }) => token.name },
      { title: 'OWNER', of: ({ token }) => ownerName(token.owner) },
      { title: 'WORKSPACE', of: ({ token }) => token.workspace.name },
      { title: 'USES', of: usesText },
      { title: 'WOULD DO', of: ({ suggestion, verdict }) => (verdict === 'unused' ? 'unused' : grantText(suggestion)) },
    ],
    paint,
  );
}

function inWords(paint: Paint) {
  return (told: SuggestionWire): string => {
    const about = facts(
      [
        ['token', `${told.token.name} (${told.token.hint})`],
        ['looked at', `${told.days} days, since ${told.from.slice(0, 10)}`],
        ['uses', usesText(told)],
        ['not used', told.unused.join(', ')],
        ['would do', told.suggestion === null ? null : grantText(told.suggestion)],
      ],
      paint,
    );
    const used = table(
      told.used,
      [
        { title: 'PERMISSION', of: ({ permission }) => permission.replaceAll('|', ' or ') },
        { title: 'ACCEPTED', of: ({ allowed }) => allowed },
        { title: 'FREE', of: ({ free }) => free },
        { title: 'FIRST', of: ({ first_at }) => first_at.slice(0, 10) },
        { title: 'LAST', of: ({ last_at }) => last_at.slice(0, 10) },
      ],
      paint,
    );
    const notes = [verdictText(told), told.complete ? '' : unknownText(told), unnamedText(told)];
    return `${about}\n${told.used.length === 0 ? '' : `${used}\n`}${notes.filter(Boolean).join('\n')}\n`;
  };
}

function usesText({ held, unused }: SuggestionWire): string {
  return `${held.length - unused.length} of ${held.length} permissions`;
}

function grantText(grant: SuggestionWire['suggestion']): string {
  if (grant === null) return 'nothing less';
  return 'level' in grant ? `level ${grant.level}` : grant.permissions.join(', ');
}

function verdictText({ verdict, token: { id } }: SuggestionWire): string {
  switch (verdict) {
    case 'narrow':
      return `To try it first: keyhouse token suggest ${id} --observe\nTo change it: keyhouse token suggest ${id} --apply`;
    case 'fits':
      return 'It needs what it holds.';
    case 'unused':
      return `It was not used. If nothing needs it any more: keyhouse token revoke ${id}`;
    case 'inherits':
      return 'It may do whatever its owner may do. Give it permissions of its own to narrow it.';
    case 'unknown':
      return 'What it needs cannot be told: its requests named no permission, or too many different ones.';
  }
}

function unknownText({ known_from: since }: SuggestionWire): string {
  return since === null
    ? 'Nothing is known yet of what it was used for.'
    : `Not everything is known of this time: uses are told apart since ${minutes(since)}. Ask for fewer --days, or --observe first.`;
}

function unnamedText({ unnamed_requests: count }: SuggestionWire): string {
  return count === 0 ? '' : `${count} accepted requests named no permission: what they needed is not seen here.`;
}
