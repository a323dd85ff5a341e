import type { Row } from './row.ts';

/** One run, as it is stored in `bench/results`. */
export interface BenchResult {
  readonly measured_at: string;
  readonly machine: string;
  /** How many were stored for the rows about many tokens. */
  readonly tokens: number;
  readonly rows: readonly Row[];
}

/** The document with these rows in the places of the two tables that it has: what was measured, and what was missed. */
export function withTable(document: string, rows: readonly Row[]): string {
  return withLines(withLines(document, tableOf(rows)), missedOf(rows));
}

/** Puts a table in the place of the one whose first column has the same name. */
function withLines(document: string, table: readonly string[]): string {
  const lines = document.split('\n');
  const [name = ''] = /^\| \w+ \|/.exec(table[0] ?? '') ?? [];
  const first = lines.findIndex((line) => line.startsWith(name));
  if (first < 0) throw new Error(`the document has no table that begins with "${name}"`);
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.toSpliced(first, length, ...table).join('\n');
}

function tableOf(rows: readonly Row[]): string[] {
  const lines = rows.map(({ work, yardstick, target, measured, isMet, figures }) => {
    const verdict = isMet === null ? '' : isMet ? 'met' : '**missed**';
    const absolute = Object.entries(figures).map(([name, figure]) => `${name} ${figure.toLocaleString('en')}`);
    return [work, yardstick, target, measured, verdict, absolute.join('<br>')];
  });
  return drawn(['work', 'against', 'target', 'measured', '', 'figures'], lines);
}

/** By how much each target is missed, as a share of its speed and a multiple of its p99, and what a request is made of. */
function missedOf(rows: readonly Row[]): string[] {
  const lines = rows
    .filter(({ isMet }) => isMet === false)
    .map((row) => {
      const [least, most] = [ratioIn(row.target, /≥ ([\d.]+) ×/), ratioIn(row.target, /p99 ≤ ([\d.]+) ×/)];
      const [speed, p99] = [ratioIn(row.measured, /^([\d.]+) ×/), ratioIn(row.measured, /p99 ([\d.]+) ×/)];
      const isTimed = !Number.isNaN(most);
      return [
        row.work,
        `${Math.round((speed / least) * 100)} %`,
        isTimed ? `${(p99 / most).toFixed(2)} ×` : '–',
        ...(isTimed ? partsOf(row, least, rows) : ['–', '–']),
      ];
    });
  const header = ['missed', 'speed, of the target', 'p99, of the target', 'CPU per request, may be', 'is, and made of'];
  return drawn(header, lines);
}

const WITHOUT_SOCKET = ', without a socket';

/** What the CPU time of a request may be, and what it is made of as far as other rows tell. */
function partsOf({ work, figures }: Row, least: number, rows: readonly Row[]): [string, string] {
  const [ours, yardstick] = [Number(figures.cpu_us), Number(figures.yardstick_cpu_us)];
  const name = work.startsWith('the check in') ? 'authenticate' : work;
  const door = rows.find(
    (row) => row.work.endsWith(WITHOUT_SOCKET) && name.startsWith(row.work.split(',')[0] as string),
  );
  const inside = Number(door?.figures.door_ns ?? 0) / 1000;
  const parts = [
    `${yardstick.toFixed(1)} yardstick`,
    `${inside.toFixed(1)} the door without a socket`,
    `${(ours - yardstick - inside).toFixed(1)} rest`,
  ];
  return [`${(yardstick / least).toFixed(1)} µs`, `${ours.toFixed(1)} µs = ${parts.join(' + ')}`];
}

function ratioIn(words: string, pattern: RegExp): number {
  return Number(pattern.exec(words)?.[1] ?? Number.NaN);
}

function drawn(header: readonly string[], lines: readonly (readonly string[])[]): string[] {
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}
