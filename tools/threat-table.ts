/**
 * The table of docs/threats.md against the titles of the tests. Prevents a row that claims a test which is not there any
 * more, and a test whose row nobody finds.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const THREATS = 'docs/threats.md';

export interface ThreatRow {
  readonly row: string;
  readonly holds: string;
  readonly files: readonly string[];
  readonly waitsFor: string;
}

const FOLDERS = ['src', 'client/src', 'test', 'tools', 'examples', 'python'];
/** Tests, and the suites that several of them run. */
const TEST_FILE = /(?:\.test\.ts|-cases\.ts|-conformance\.ts|-concurrency\.ts|(?:^|\/)test_\w+\.py)$/;
const LINE = /^\| (\d+[a-i]?) \| (.+?) \| (.*?) ?\| (.*?) ?\|$/;
/** Its titles are samples. */
const OWN_TEST = 'threats-table.test.ts';
/** `row 6: …`, `rows 1 to 5 and 13: …`, `… (rows 75, 99)`; of another document is what a section sign precedes. */
const NAMED = /(?<!§\S{1,9} )\brows? (\d+[a-i]?(?:(?:, | and | to )\d+[a-i]?)*)(?=[:)'`])/g;

export function readThreats(root: string): readonly ThreatRow[] {
  return readFileSync(join(root, THREATS), 'utf8')
    .split('\n')
    .map((line) => LINE.exec(line))
    .filter((match) => match !== null)
    .map(([, row = '', holds = '', files = '', waitsFor = '']) => ({
      row,
      holds,
      files: [...files.matchAll(/`([^`]+)`/g)].map((match) => String(match[1])),
      waitsFor,
    }));
}

/** Which rows each test file names. */
export function rowsNamedByTests(root: string): ReadonlyMap<string, ReadonlySet<string>> {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => TEST_FILE.test(path) && !path.includes('node_modules') && !path.endsWith(OWN_TEST))
      .map((path) => join(folder, path)),
  );
  const named = files.map((path) => [path, rowsNamedIn(readFileSync(join(root, path), 'utf8'))] as const);
  return new Map(named.filter(([, rows]) => rows.size > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function rowsNamedIn(text: string): ReadonlySet<string> {
  const rows = new Set<string>();
  for (const [, list = ''] of text.matchAll(NAMED)) {
    for (const part of list.split(/, | and /)) {
      const [first = '', last] = part.split(' to ');
      rows.add(first);
      if (last === undefined) continue;
      for (let row = Number.parseInt(first, 10) + 1; row <= Number.parseInt(last, 10); row++) rows.add(`${row}`);
      rows.add(last);
    }
  }
  return rows;
}

/** The document with the column of files filled in anew. */
export function fillThreats(root: string): string {
  const named = [...rowsNamedByTests(root)];
  return readFileSync(join(root, THREATS), 'utf8')
    .split('\n')
    .map((line) => {
      const match = LINE.exec(line);
      if (match === null) return line;
      const [, row = '', holds = '', , waitsFor = ''] = match;
      const files = named.filter(([, rows]) => rows.has(row)).map(([path]) => `\`${path}\``);
      return `| ${[row, holds, files.join(', '), waitsFor].join(' | ')} |`.replaceAll('  |', ' |');
    })
    .join('\n');
}
