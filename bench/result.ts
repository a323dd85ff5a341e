import type { Row } from './row.ts';

/** One run, as it is stored in `bench/results`. */
export interface BenchResult {
  readonly measured_at: string;
  readonly machine: string;
  /** How many were stored for the rows about many tokens. */
  readonly tokens: number;
  readonly rows: readonly Row[];
}

/** The document with these rows in the place of the table that it has. */
export function withTable(document: string, rows: readonly Row[]): string {
  const lines = document.split('\n');
  const first = lines.findIndex((line) => line.startsWith('| work |'));
  if (first < 0) throw new Error('the document has no table that begins with "work"');
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.toSpliced(first, length, ...tableOf(rows)).join('\n');
}

function tableOf(rows: readonly Row[]): string[] {
  const lines = rows.map(({ work, yardstick, target, measured, isMet, figures }) => {
    const verdict = isMet === null ? '' : isMet ? 'met' : '**missed**';
    const absolute = Object.entries(figures).map(([name, figure]) => `${name} ${figure.toLocaleString('en')}`);
    return [work, yardstick, target, measured, verdict, absolute.join('<br>')];
  });
  const header = ['work', 'against', 'target', 'measured', '', 'figures'];
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}
