/** node bench/write-table.ts bench/results/DATE.json …: puts the rows of those runs into the table of docs/performance.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type BenchResult, withTable } from './result.ts';

const files = process.argv.slice(2);
if (files.length === 0) throw new TypeError('name the result files of the runs');
const document = new URL('../docs/performance.md', import.meta.url);
const rows = files.flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as BenchResult).rows);
writeFileSync(document, withTable(readFileSync(document, 'utf8'), rows));
