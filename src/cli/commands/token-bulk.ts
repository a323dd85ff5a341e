import type { TokenWire } from '../../manage/index.ts';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { guaranteeLine } from '../lines.ts';
import { readList } from '../options.ts';
import { findOwner, OWNER_RULE, workspaceReference } from '../references.ts';
import { tokenFacts, tokenTable } from '../token-view.ts';
import { ID, pathOf } from './token-place.ts';

interface Guaranteed {
  readonly guarantee?: { readonly class: string; readonly milliseconds: number };
}

interface BulkAnswer extends Guaranteed {
  readonly bulk_id: string;
  readonly dry_run: boolean;
  readonly tokens: readonly TokenWire[];
  readonly revoked_ids: readonly string[];
  readonly not_found_ids: readonly string[];
  readonly next_cursor: string | null;
}

/** The API takes so many ids at once. */
const IDS_AT_ONCE = 500;

export const tokenRevokeMany: CommandSpec = {
  name: 'revoke-many',
  about: 'End many tokens for good: those that are named, or all that the options find.',
  details: `Look first with --dry-run. Each is revoked as by itself, with an audit entry of its own; all entries of one command have its bulk id. Safe to repeat. ${OWNER_RULE}`,
  options: [
    { flags: '--ids <list>', about: 'Their ids, several with commas or by repeating it.', reads: readList },
    { flags: '--owner <owner>', about: 'Those of this owner.' },
    { flags: '--workspace <workspace>', about: 'Those of this workspace, by id or external id.' },
    { flags: '--environment <name>', about: 'Those of this environment.', choices: ['live', 'test'] },
    { flags: '--search <text>', about: 'Those whose name or hint contains the text.' },
    { flags: '--state <state>', about: 'Those in this state.', choices: ['active', 'disabled', 'superseded'] },
    { flags: '--unused-for <duration>', about: 'Those not accepted for this long, such as 90d.' },
    { flags: '--expires-within <duration>', about: 'Those that expire within this time, such as 30d.' },
    { flags: '--never-expires', about: 'Those without an expiry.' },
    { flags: '--owner-ended', about: 'Those whose owner is disabled or left the workspace.' },
    { flags: '--reason <text>', about: 'For the audit log.' },
    { flags: '--dry-run', about: 'End nothing and show what would end.' },
  ],
  examples: [
    'keyhouse token revoke-many --owner user-42 --dry-run',
    'keyhouse token revoke-many --workspace org-7 --unused-for 180d --reason "nobody uses them"',
  ],
  reach: 'anywhere',
  async run(call) {
    const path = `${(await call.dialect()).tokensPath}/revoke`;
    const isDryRun = call.flag('dryRun');
    const common = { reason: call.option('reason'), dry_run: isDryRun || undefined };
    const dialect = await call.dialect();
    const answers: BulkAnswer[] = [];
    for (let next: Record<string, unknown> | null = null, pieces = await piecesOf(call); pieces.length > 0; ) {
      const [piece, ...rest] = pieces;
      const bulkId = isDryRun ? undefined : answers[0]?.bulk_id;
      const body = { ...common, ...piece, ...next, ...(bulkId !== undefined && { bulk_id: bulkId }) };
      const reply = await call.ask({ method: 'POST', path, body });
      const answer = dialect.ours(reply.json) as BulkAnswer;
      answers.push(answer);
      next = answer.next_cursor === null ? null : { cursor: answer.next_cursor };
      if (next === null) pieces = rest;
    }
    const whole = together(answers);
    call.terminal.out(call.isJson ? `${JSON.stringify(whole)}\n` : inWords(call, whole));
    return undefined;
  },
};

async function piecesOf(call: Call): Promise<Record<string, unknown>[]> {
  const ids = call.option<readonly string[]>('ids');
  const filter = await filterOf(call);
  if ((ids === undefined) === (Object.keys(filter).length === 0)) {
    throw new CommandFailure('usage', 'Say which: either --ids, or options that find them.');
  }
  if (ids === undefined) return [{ filter }];
  const pieces: Record<string, unknown>[] = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) pieces.push({ ids: ids.slice(from, from + IDS_AT_ONCE) });
  return pieces;
}

async function filterOf(call: Call): Promise<Record<string, unknown>> {
  const owner = call.option('owner');
  const workspace = call.option('workspace');
  const foundOwner = owner === undefined ? null : await findOwner(call, owner);
  const place = workspace === undefined ? null : workspaceReference(workspace);
  const filter = {
    ...(foundOwner !== null &&
      ('id' in foundOwner ? { owner_id: foundOwner.id } : { owner_external_id: foundOwner.external_id })),
    ...(place !== null && ('id' in place ? { workspace_id: place.id } : { workspace_external_id: place.external_id })),
    environment: call.option('environment'),
    search: call.option('search'),
    state: call.option('state'),
    unused_for: call.option('unusedFor'),
    expires_within: call.option('expiresWithin'),
    never_expires: call.flag('neverExpires') ? 'true' : undefined,
    owner_ended: call.flag('ownerEnded') ? 'true' : undefined,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function together(answers: readonly BulkAnswer[]): BulkAnswer {
  const last = answers.at(-1) as BulkAnswer;
  return {
    ...last,
    bulk_id: (answers[0] as BulkAnswer).bulk_id,
    tokens: answers.flatMap(({ tokens }) => tokens),
    revoked_ids: answers.flatMap(({ revoked_ids }) => revoked_ids),
    not_found_ids: answers.flatMap(({ not_found_ids }) => not_found_ids),
  };
}

function inWords(call: Call, { dry_run, tokens, bulk_id, not_found_ids, guarantee }: BulkAnswer): string {
  const missing = not_found_ids.map((id) => `There is no ${id}.\n`).join('');
  if (tokens.length === 0) return `${missing}There is nothing to revoke.\n`;
  const count = tokens.length === 1 ? '1 token' : `${tokens.length} tokens`;
  const done = dry_run
    ? `Nothing was changed. ${count} would end.`
    : `Revoked ${count}; in the audit log they stand under ${bulk_id}.${guaranteeLine(guarantee)}`;
  return `${tokenTable(tokens, call.paint)}\n${missing}${done}\n`;
}

export const tokenTransfer: CommandSpec = {
  name: 'transfer',
  args: [ID],
  about: 'Give a token to another owner. It can do what its grant and the new owner have in common.',
  details: `Its value stays as it is: rotate it where the one who had it must not use it. ${OWNER_RULE}`,
  options: [
    { flags: '--owner <owner>', about: 'Who has it from now on.', isRequired: true },
    { flags: '--reason <text>', about: 'For the audit log.' },
  ],
  examples: ['keyhouse token transfer tok_4n2hV9cWqTzL8xYbRk3MsA --owner user-43 --reason "new team"'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({
      method: 'POST',
      path: `${await pathOf(call)}/transfer`,
      body: { owner: await findOwner(call, call.option('owner') as string), reason: call.option('reason') },
    });
    return call.show<TokenWire & Guaranteed & { readonly lost_permissions: readonly string[] }>(reply, (token) => {
      const lost =
        token.lost_permissions.length === 0 ? '' : ` It can no longer do ${token.lost_permissions.join(', ')}.`;
      return `${tokenFacts(token, call.paint)}\nTransferred.${lost}${guaranteeLine(token.guarantee)}\n`;
    });
  },
};
