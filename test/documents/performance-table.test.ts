import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BenchResult, withTable } from '../../bench/result.ts';

describe('docs/performance.md', () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const document = read('docs/performance.md');
  const links = [...document.matchAll(/\]\(\.\.\/(bench\/results\/[\w-]+\.json)\)/g)].map(([, path]) => path as string);
  const runs = links.map((path) => JSON.parse(read(path)) as BenchResult);

  it('shows every row of the runs that it names, and no other figures in the table', () => {
    expect(runs.length).toBeGreaterThan(0);
    const rows = runs.flatMap((run) => run.rows);
    expect(document).toBe(withTable(document, rows));
  });

  it('names the machine and the day of each run', () => {
    for (const { machine, measured_at } of runs) {
      expect(document).toContain(machine);
      expect(document).toContain(measured_at.slice(0, 10));
    }
  });
});
