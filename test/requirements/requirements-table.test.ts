import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presets } from '../../src/profile/index.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Row {
  readonly id: string;
  readonly files: readonly string[];
  readonly waitsFor: string;
}

const ROWS: readonly Row[] = readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8')
  .split('\n')
  .map((line) => /^\| ([A-Z]\d+) \| .+? \| (.*?) ?\| (.*?) ?\|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, id = '', files = '', waitsFor = '']) => ({
    id,
    files: [...files.matchAll(/`([^`]+)`/g)].map((match) => String(match[1])),
    waitsFor,
  }));

/** Rows by the test file whose titles name them: `D3: …`, `D6, D7: …`, `I3, row 17: …`. */
const NAMED: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  ['src', 'test', 'tools', 'examples'].flatMap(testFiles).map((path) => [path, rowsNamedIn(path)] as const),
);

function testFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .map((path) => join(folder, path));
}

function rowsNamedIn(path: string): ReadonlySet<string> {
  const titles = readFileSync(join(ROOT, path), 'utf8').matchAll(/\(\s*['"`]((?:(?:row )?\w+, )*(?:row )?\w+): /g);
  return new Set(
    [...titles].flatMap(([, names = '']) => names.split(', ')).filter((name) => /^[IDHCS]\d+$/.test(name)),
  );
}

describe('the table of requirements', () => {
  it('has every row of the five documents once, in order', () => {
    const counts = { I: 8, D: 18, H: 9, C: 6, S: 10 };
    const all = Object.entries(counts).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    expect(ROWS.map(({ id }) => id)).toEqual(all);
  });

  it.each(ROWS)('$id is shown by tests that name it, or says what it waits for', ({ id, files, waitsFor }) => {
    for (const file of files) expect([file, NAMED.get(file)?.has(id)]).toEqual([file, true]);
    if (files.length === 0) expect(waitsFor).not.toBe('');
    const profile = /the profile `(\w+)`/.exec(waitsFor)?.[1] ?? '';
    expect(Object.keys(presets)).not.toContain(profile);
    const elsewhere = [...NAMED].filter(([, names]) => names.has(id)).map(([file]) => file);
    if (elsewhere.length > 0) expect(files).not.toEqual([]);
  });
});
