import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readThreats, rowsNamedByTests, rowsNamedIn } from '../../tools/threat-table.ts';

const ROOT = join(import.meta.dirname, '../..');
const ROWS = readThreats(ROOT);
const NAMED = rowsNamedByTests(ROOT);
const HOW = 'npx node tools/fill-threats.ts fills the tests in';

describe('the table of threats', () => {
  it('has every row once, in order', () => {
    const heads = [...new Set(ROWS.map(({ row }) => Number.parseInt(row, 10)))];
    expect(heads).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    const ids = ROWS.map(({ row }) => row);
    expect(new Set(ids).size).toBe(ids.length);
    const sorted = [...ids].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
    expect(ids).toEqual(sorted);
  });

  it.each(ROWS)('row $row is shown by tests that name it, or says what it waits for', ({ row, files, waitsFor }) => {
    for (const file of files) expect([file, NAMED.get(file)?.has(row)], HOW).toEqual([file, true]);
    if (files.length === 0) expect(waitsFor).not.toBe('');
  });

  it('knows every row that a test names', () => {
    const known = new Set(ROWS.map(({ row }) => row));
    const unknown = [...NAMED].flatMap(([file, rows]) =>
      [...rows].filter((row) => !known.has(row)).map((row) => `${file}: row ${row}`),
    );
    expect(unknown).toEqual([]);
  });

  it('reads lists and ranges of rows in titles, and no rows of another document', () => {
    const names = (title: string) => [...rowsNamedIn(title)];
    expect(names("it('rows 1 to 3 and 13: …')")).toEqual(['1', '2', '3', '13']);
    expect(names("describe('a server (rows 75, 99)')")).toEqual(['75', '99']);
    expect(names("it('row 100e: …')")).toEqual(['100e']);
    expect(names("it('peers §5 row 12: …'), 'three rows 4 of'")).toEqual([]);
  });
});
