import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { InvalidArgumentError } from 'commander';
import type { Call } from '../call.ts';
import type { Reply } from '../client.ts';
import type { CommandSpec } from '../command.ts';
import { CommandFailure, EXIT_CODES } from '../failure.ts';
import { type Conversion, importedRow } from '../import/import-rows.ts';
import { type Row, readRows } from '../import/read-rows.ts';
import { type Columns, SOURCES, type Source } from '../import/sources.ts';
import { readList } from '../options.ts';
import { workspaceReference } from '../references.ts';
import { table } from '../table.ts';
import { importInstallation } from './export-command.ts';

interface Line {
  readonly line: number;
  readonly foreign_id: string | null;
  readonly result: string;
  readonly token_id: string | null;
  readonly message?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

interface Answer {
  readonly dry_run: boolean;
  readonly imported: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly results: readonly Line[];
}

/** `'*=servers:read'`: what a permission there is here; several in one mention with commas. */
function readMapping(text: string, before: unknown): ReadonlyMap<string, readonly string[]> {
  const cut = text.lastIndexOf('=');
  if (cut < 1) throw new InvalidArgumentError("It must be THERE=HERE, such as '*=servers:read'.");
  return new Map([
    ...((before as ReadonlyMap<string, readonly string[]> | undefined) ?? []),
    [text.slice(0, cut), readList(text.slice(cut + 1), undefined)],
  ]);
}

function readColumn(text: string, before: unknown): ReadonlyMap<string, readonly string[]> {
  const cut = text.indexOf('=');
  const known = Object.keys(SOURCES.plain?.columns ?? {});
  if (cut < 1 || !known.includes(text.slice(0, cut))) {
    throw new InvalidArgumentError(`It must be WHAT=COLUMN, where WHAT is one of ${known.join(', ')}.`);
  }
  return new Map([
    ...((before as ReadonlyMap<string, readonly string[]> | undefined) ?? []),
    [text.slice(0, cut), [text.slice(cut + 1)]],
  ]);
}

export const importCommand: CommandSpec = {
  name: 'import',
  args: [{ syntax: '<file>', about: 'The exported table as CSV or JSON, or - for standard input.' }],
  about: 'Take over tokens of another system: they go on working, and nobody is given a new one.',
  details:
    `Systems: ${Object.entries(SOURCES)
      .map(([name, { about }]) => `${name} (${about})`)
      .join('; ')}. ` +
    'keyhouse fills an installation in which nobody is yet with what `export` wrote. Of every other system, ' +
    'owners are told of first, with `owner sync`. Every row is done wholly or not at all, whatever becomes of the others, and a ' +
    'row that is here already is skipped: safe to repeat. The exit code is 1 when a row was rejected.',
  options: [
    {
      flags: '--from <system>',
      about: 'Where the tokens come from.',
      choices: [...Object.keys(SOURCES), 'keyhouse'],
      isRequired: true,
    },
    { flags: '--dry-run', about: 'Change nothing and say what would be imported.' },
    { flags: '--source <name>', about: 'What this import is called; the system’s name when left out.' },
    {
      flags: '--map <mapping>',
      about: "What a permission there is here, such as '*=servers:read'; repeatable.",
      reads: readMapping,
    },
    { flags: '--map-file <file>', about: 'The same as a JSON object: {"*": ["servers:read"]}' },
    { flags: '--permissions <list>', about: 'What every token may do, whatever its row says.', reads: readList },
    { flags: '--level <level>', about: 'The same as a level of the profile.', choices: ['read', 'write', 'admin'] },
    { flags: '--inherit', about: 'Every token may do what its owner may do.' },
    { flags: '--owner <owner>', about: 'Whose they are, by external id, where no column says it.' },
    { flags: '--workspace <workspace>', about: 'The workspace they belong to, by id or external id.' },
    { flags: '--environment <name>', about: 'Which data they reach.', choices: ['live', 'test'] },
    {
      flags: '--column <column>',
      about: 'Which column holds what, such as owner=customer; repeatable.',
      reads: readColumn,
    },
    { flags: '--prefix <text>', about: 'How the tokens begin.' },
    {
      flags: '--alphabet <name>',
      about: 'What they are written with behind the prefix.',
      choices: ['hex', 'base62', 'base64url', 'printable'],
    },
    { flags: '--length <length>', about: 'How many characters stand behind the prefix: 40, or 40-48.' },
    { flags: '--scheme <scheme>', about: 'A scheme beside Bearer that their clients send, such as Token.' },
    { flags: '--pepper <file>', about: 'With --from keyhouse: the pepper.json of the installation that was exported.' },
  ],
  examples: [
    "keyhouse import tokens.csv --from sanctum --map '*=servers:read,servers:write' --dry-run",
    'keyhouse import tokens.csv --from knox --permissions servers:read',
    'keyhouse import keys.csv --from sha256 --prefix acme_ --alphabet base62 --length 32',
  ],
  reach: 'anywhere',
  async run(call) {
    if (call.option('from') === 'keyhouse') return importInstallation(call);
    const source = SOURCES[call.option('from') as string] as Source;
    const rows = await readRows(call.terminal, call.argument(0));
    const conversion = conversionOf(call, source);
    if (source.isPlain) warnOfPlain(call);
    const { lines, problems } = convert(rows, conversion);
    const dialect = await call.dialect();
    const reply = await call.ask({
      method: 'POST',
      path: `${dialect.tokensPath}/import`,
      query: { dry_run: call.flag('dryRun') || undefined, ...formOf(call, source, rows, conversion) },
      upload: () => Readable.from(lines.map(({ value }) => Buffer.from(`${JSON.stringify(value)}\n`))),
    });
    const answer = merged(reply.json as Answer, lines, problems);
    await call.show<Answer>(retold(reply, answer), () => inWords(call, answer));
    return (answer.rejected > 0 ? EXIT_CODES.refused : EXIT_CODES.ok).number;
  },
};

function warnOfPlain(call: Call): void {
  call.warn('This file holds tokens in the clear. Only their digests leave this command; delete the file afterwards.');
}

function conversionOf(call: Call, source: Source): Conversion {
  const owner = call.option('owner');
  const workspace = call.option('workspace');
  const environment = call.option('environment');
  const columns = { ...source.columns, ...Object.fromEntries(call.option<Map<string, string[]>>('column') ?? []) };
  return {
    source,
    columns: columns as Columns,
    map: new Map([...mapFile(call), ...(call.option<Map<string, string[]>>('map') ?? [])]),
    grant: grantOf(call),
    fixed: {
      ...(owner !== undefined && { owner: { external_id: owner } }),
      ...(workspace !== undefined && { workspace: workspaceReference(workspace) }),
      ...(environment !== undefined && { environment }),
    },
  };
}

function grantOf(call: Call): Readonly<Record<string, unknown>> | null {
  const permissions = call.option<readonly string[]>('permissions');
  const level = call.option('level');
  if (permissions !== undefined) return { permissions };
  if (level !== undefined) return { level };
  return call.flag('inherit') ? { inherit: true } : null;
}

function mapFile(call: Call): readonly (readonly [string, readonly string[]])[] {
  const path = call.option('mapFile');
  if (path === undefined) return [];
  const wrong = () =>
    new CommandFailure('usage', 'The file of --map-file must be a JSON object: {"*": ["servers:read"]}');
  try {
    const map: unknown = JSON.parse(readFileSync(resolve(call.terminal.cwd, path), 'utf8'));
    if (typeof map !== 'object' || map === null || Array.isArray(map)) throw wrong();
    return Object.entries(map).map(([name, here]) => [name, [here].flat().map(String)] as const);
  } catch (error) {
    throw error instanceof CommandFailure ? error : wrong();
  }
}

interface ReadyLine {
  /** Of the file's rows, counted from 1. */
  readonly row: number;
  readonly value: Record<string, unknown>;
}

function convert(rows: readonly Row[], conversion: Conversion) {
  const lines: ReadyLine[] = [];
  const problems: Line[] = [];
  rows.forEach((row, at) => {
    const converted = importedRow(row, conversion);
    if ('value' in converted) lines.push({ row: at + 1, value: converted.value });
    else
      problems.push({ line: at + 1, foreign_id: null, result: 'rejected', token_id: null, message: converted.problem });
  });
  return { lines, problems };
}

/** The form that the flags and the system give; of tokens in the clear the narrowest that all of them have. */
function formOf(call: Call, source: Source, rows: readonly Row[], { columns }: Conversion) {
  const prefix = call.option('prefix') ?? '';
  const seen = source.isPlain ? formOfValues(rows, columns, prefix) : null;
  const [min, max] = lengthOf(call.option('length')) ?? seen?.length ?? source.length ?? needLength();
  return {
    source: call.option('source') ?? call.option('from'),
    recipe: source.recipe,
    prefix,
    alphabet: call.option('alphabet') ?? seen?.alphabet ?? source.alphabet,
    length_min: min,
    length_max: max,
    scheme: call.option('scheme') ?? source.scheme ?? undefined,
  };
}

function lengthOf(text: string | undefined): readonly [number, number] | null {
  if (text === undefined) return null;
  const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(text);
  if (match === null)
    throw new CommandFailure('usage', '--length must be a number such as 40, or a range such as 40-48.');
  return [Number(match[1]), Number(match[2] ?? match[1])];
}

function needLength(): never {
  throw new CommandFailure('usage', 'Say with --length how many characters stand behind the prefix.');
}

function formOfValues(rows: readonly Row[], columns: Columns, prefix: string) {
  const values = rows.flatMap((row) => {
    const name = columns.digest.find((one) => typeof row[one] === 'string');
    return name === undefined ? [] : [String(row[name]).trim()];
  });
  const rests = values.filter((value) => value.startsWith(prefix)).map((value) => value.slice(prefix.length));
  if (rests.length < values.length || values.length === 0) {
    throw new CommandFailure(
      'usage',
      values.length === 0 ? 'The file holds no tokens.' : 'Not all tokens have this prefix.',
    );
  }
  const all = (pattern: RegExp) => rests.every((rest) => pattern.test(rest));
  const lengths = rests.map((rest) => rest.length);
  return {
    alphabet: all(/^[0-9a-f]+$/)
      ? 'hex'
      : all(/^[0-9A-Za-z]+$/)
        ? 'base62'
        : all(/^[\w-]+$/)
          ? 'base64url'
          : 'printable',
    length: [lengths.reduce((a, b) => Math.min(a, b)), lengths.reduce((a, b) => Math.max(a, b))] as const,
  };
}

/** The answer about the file's own rows, those that were not sent among them. */
function merged(answer: Answer, lines: readonly ReadyLine[], problems: readonly Line[]): Answer {
  const told = answer.results.map((line) => ({ ...line, line: lines[line.line - 1]?.row ?? line.line }));
  return {
    ...answer,
    rejected: answer.rejected + problems.length,
    results: [...told, ...problems].sort((a, b) => a.line - b.line),
  };
}

function retold(reply: Reply, answer: Answer): Reply {
  return { ...reply, json: answer, text: JSON.stringify(answer) };
}

function inWords(call: Call, { dry_run, imported, skipped, rejected, results }: Answer): string {
  const refused = results.filter(({ result }) => result === 'rejected');
  const rows = table(
    refused,
    [
      { title: 'ROW', of: ({ line }) => line },
      { title: 'ID', of: ({ foreign_id }) => foreign_id },
      {
        title: 'WHY',
        of: ({ message, errors = [] }) =>
          [
            message,
            ...errors.filter((error) => error.message !== message).map(({ path, message: text }) => `${path}: ${text}`),
          ].join(' '),
      },
    ],
    call.paint,
  );
  const done = dry_run ? 'Nothing was changed. It would be: ' : '';
  return `${refused.length === 0 ? '' : `${rows}\n`}${done}${imported} imported, ${skipped} skipped (here already), ${rejected} rejected.\n`;
}
