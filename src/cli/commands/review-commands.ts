import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { readCsv } from '../../policy/index.ts';
import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { CommandFailure, EXIT_CODES } from '../failure.ts';
import { requireWorkspace } from '../references.ts';
import { facts, table } from '../table.ts';

const exportReview: CommandSpec = {
  name: 'export',
  about: 'Print every token as a file to decide in: keep, revoke or narrow.',
  details:
    'One row for each token that works or could again, with its owner, what it may do and when it was last used. The reviewer writes ' +
    'keep, revoke or narrow into the column decision, the permissions that remain into narrow_to, and a reason into note.',
  options: [
    { flags: '--format <format>', about: 'csv when left out.', choices: ['csv', 'jsonl'] },
    { flags: '--workspace <workspace>', about: 'Only this workspace, by id or external id.' },
    { flags: '--ended', about: 'Also tokens that were revoked, replaced or have expired.' },
  ],
  examples: ['keyhouse review export > review.csv'],
  reach: 'anywhere',
  async run(call) {
    const workspace = call.option('workspace');
    const body = {
      format: call.option('format') ?? 'csv',
      ended: call.flag('ended'),
      workspace_id: workspace === undefined ? undefined : await requireWorkspace(call, workspace),
    };
    let cursor: string | null = null;
    do {
      const asked = cursor === null ? body : { ...body, cursor };
      const { json } = await call.ask({ method: 'POST', path: '/v1/access-reviews/export', body: asked });
      const piece = json as { readonly text: string; readonly next_cursor: string | null };
      await call.terminal.outPaced(piece.text);
      cursor = piece.next_cursor;
    } while (cursor !== null);
    return undefined;
  },
};

interface Reviewed {
  readonly dry_run: boolean;
  readonly applied: boolean;
  readonly kept: number;
  readonly revoked: number;
  readonly narrowed: number;
  readonly undecided: number;
  readonly stale: number;
  readonly rejected: number;
  readonly results: readonly {
    readonly line: number;
    readonly token_id: string | null;
    readonly name: string | null;
    readonly result: string;
    readonly message?: string;
  }[];
}

const applyReview: CommandSpec = {
  name: 'apply',
  args: [{ syntax: '<file>', about: 'The exported file with the decisions in it, as CSV or JSON lines.' }],
  about: 'Do what was decided in a review. Without --yes it only says what would be done.',
  details:
    'A row about a token that was changed since the export is named, and nothing at all is done: export it again and look again. The ' +
    'audit log keeps the SHA-256 of the file, the counts and who reviewed. The exit code is 1 when a row is stale or not right.',
  options: [
    { flags: '--yes', about: 'Do it.' },
    { flags: '--reviewer <name>', about: 'Who decided, where that is somebody else.' },
  ],
  examples: ['keyhouse review apply review.csv', 'keyhouse review apply review.csv --yes --reviewer "Ann Lee"'],
  reach: 'anywhere',
  async run(call) {
    const bytes = readFile(resolve(call.terminal.cwd, call.argument(0)));
    const rows = readRows(bytes.toString('utf8'));
    const reply = await call.ask({
      method: 'POST',
      path: '/v1/access-reviews',
      query: {
        dry_run: !call.flag('yes'),
        reviewer: call.option('reviewer'),
        file_sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      upload: () => Readable.from(rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`))),
    });
    await call.show<Reviewed>(reply, (answer) => inWords(answer, call));
    const { stale, rejected } = reply.json as Reviewed;
    return (stale + rejected > 0 ? EXIT_CODES.refused : EXIT_CODES.ok).number;
  },
};

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CommandFailure('usage', `The file cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Rows as the API takes them. @throws {CommandFailure} the file is no review. */
function readRows(text: string): readonly object[] {
  const isJson = text.trimStart().startsWith('{');
  return (isJson ? readJsonRows(text) : readCsvRows(text)).map(decisionOf);
}

type Row = Readonly<Record<string, unknown>>;

function readJsonRows(text: string): readonly Row[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, at) => {
    try {
      return JSON.parse(line) as Row;
    } catch {
      throw new CommandFailure('usage', `Line ${at + 1} is not JSON.`);
    }
  });
}

function readCsvRows(text: string): readonly Row[] {
  const [header, ...records] = readCsv(text) ?? [];
  if (header === undefined || !['token_id', 'version', 'decision'].every((name) => header.includes(name))) {
    throw new CommandFailure(
      'usage',
      'The file is no exported review: it needs the columns token_id, version and decision.',
      {
        hint: 'Spreadsheets may write semicolons instead of commas: save it as CSV with commas.',
      },
    );
  }
  return records.map((record) => Object.fromEntries(header.map((name, at) => [name, record[at] ?? ''])));
}

function decisionOf(row: Row): object {
  const textOf = (name: string) => String(row[name] ?? '').trim();
  const decision = textOf('decision').toLowerCase();
  const narrowTo = textOf('narrow_to')
    .split(/[\s,;]+/)
    .filter((one) => one !== '');
  const note = textOf('note');
  return {
    token_id: textOf('token_id'),
    version: textOf('version'),
    decision: decision === '' ? null : decision,
    ...(narrowTo.length > 0 && { narrow_to: narrowTo }),
    ...(note !== '' && { note }),
  };
}

function inWords(answer: Reviewed, call: Call): string {
  const { applied, results, stale, rejected } = answer;
  const shown = results.filter(({ result }) => result !== 'kept' && result !== 'undecided');
  const rows = table(
    shown,
    [
      { title: 'LINE', of: ({ line }) => line },
      { title: 'TOKEN', of: ({ token_id }) => token_id },
      { title: 'NAME', of: ({ name }) => name },
      { title: 'RESULT', of: ({ result }) => result },
      { title: 'WHY', of: ({ message }) => message ?? null },
    ],
    call.paint,
  );
  const counts = facts(
    (['kept', 'revoked', 'narrowed', 'undecided', 'stale', 'rejected'] as const).map((name) => [name, answer[name]]),
    call.paint,
  );
  const end = applied
    ? 'Done, and written down in the audit log.'
    : stale + rejected > 0
      ? 'Nothing was done: put the rows right that are stale or rejected.'
      : 'Nothing was done yet. To do it, add --yes.';
  return `${shown.length === 0 ? '' : `${rows}\n`}${counts}\n${end}\n`;
}

export const reviewCommands: CommandGroup = {
  name: 'review',
  about: 'Look through all tokens from time to time.',
  commands: [exportReview, applyReview],
};
