/**
 * One record of RFC 4180. Every cell is quoted, so that nothing in it needs a second look; one that begins like a formula,
 * which spreadsheets would run, gets an apostrophe before it (threats row 21b).
 */
export function csvLine(cells: readonly (string | number | null | undefined)[]): string {
  return `${cells.map((cell) => `"${asPlainText(String(cell ?? '')).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

function asPlainText(cell: string): string {
  return /^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/**
 * The records of a text of RFC 4180, also one that a spreadsheet wrote again: with or without quotes, with line feeds
 * alone, with a byte order mark. The apostrophe before what looks like a formula is taken off again.
 * @returns null where a quote is not closed, or something stands behind one.
 */
export function readCsv(text: string): readonly (readonly string[])[] | null {
  const records: string[][] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|\n|\r|$)/gy;
  cell.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  let record: string[] = [];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) return null;
    const [, raw = '', end = ''] = found;
    const value = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw;
    record.push(/^'+[=+\-@\t\r]/.test(value) ? value.slice(1) : value);
    if (end === ',') {
      if (cell.lastIndex === text.length) record.push('');
      else continue;
    }
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}
