import { printable } from './terminal.ts';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null;
}

/** Rows as aligned columns under their titles; a missing value is a dash. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], paint: Paint): string {
  const cells = rows.map((row) => columns.map((column) => cell(column.of(row))));
  const widths = columns.map(({ title }, at) => Math.max(width(title), ...cells.map((line) => width(line[at] ?? ''))));
  const titles = aligned(
    columns.map(({ title }) => title),
    widths,
  );
  return [paint.dim(titles), ...cells.map((line) => aligned(line, widths))].map((line) => `${line}\n`).join('');
}

/** One thing as names and values below each other; what is missing is left out. */
export function facts(
  entries: readonly (readonly [name: string, value: string | number | null])[],
  paint: Paint,
): string {
  const present = entries.filter(([, value]) => value !== null && value !== '');
  const nameWidth = Math.max(0, ...present.map(([name]) => width(name)));
  return present
    .map(([name, value]) => {
      const [first = '', ...rest] = printable(String(value)).split('\n');
      const indent = ' '.repeat(nameWidth + 2);
      return `${paint.dim(pad(name, nameWidth))}  ${[first, ...rest.map((line) => indent + line)].join('\n')}\n`;
    })
    .join('');
}

export interface Paint {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

export function paintOf(hasColours: boolean): Paint {
  const ansi = (code: number) => (text: string) => (hasColours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { dim: ansi(2), bold: ansi(1) };
}

function cell(value: string | number | null): string {
  return value === null || value === '' ? '–' : printable(String(value)).replaceAll('\n', ' ');
}

function aligned(line: readonly string[], widths: readonly number[]): string {
  return line
    .map((text, at) => (at === line.length - 1 ? text : pad(text, widths[at] ?? 0)))
    .join('  ')
    .trimEnd();
}

function pad(text: string, to: number): string {
  return text + ' '.repeat(Math.max(0, to - width(text)));
}

function width(text: string): number {
  return [...text].length;
}
