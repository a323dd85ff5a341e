/**
 * npm run bench [-- --tokens 100000 --json FILE --rows http]: the rows of the speed table that one machine can tell, side by
 * side with their yardsticks and peers in one run. `--rows http` and `--rows process` measure only those. Ratios are what
 * counts; absolute figures belong to the machine.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { hasWrk } from './http/wrk.ts';
import type { BenchResult } from './result.ts';
import type { Row } from './row.ts';
import { cacheMemory } from './rows/cache-memory.ts';
import { cachedDecision } from './rows/cached-decision.ts';
import { firstUse } from './rows/first-use.ts';
import { overHttp, overHttpWithMany } from './rows/over-http.ts';
import { peers } from './rows/peers.ts';
import { withoutSockets } from './rows/without-sockets.ts';
import { wrongChecksum } from './rows/wrong-checksum.ts';
import { type SeededEngine, type SeededFolder, seedEngine, seedFolder } from './seeded-engine.ts';

const { values } = parseArgs({
  options: { tokens: { type: 'string', default: '1000000' }, json: { type: 'string' }, rows: { type: 'string' } },
});
const many = Number(values.tokens);
if (!Number.isSafeInteger(many) || many < 10_000) throw new TypeError('--tokens takes a whole number from 10000');

const rows: Row[] = [];
if (values.rows !== 'http') await inProcess();
if (values.rows !== 'process') await doors();

const machine = `${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, Node ${process.version}`;
const result: BenchResult = { measured_at: new Date().toISOString(), machine, tokens: many, rows };
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
print(rows, machine);

async function inProcess(): Promise<void> {
  progress(`seeding ${many.toLocaleString('en')} tokens`);
  const crowd = await seedEngine(many);
  await withEngine(crowd, async () => {
    progress('first use');
    rows.push(...(await firstUse(crowd)));
  });
  // A fresh process-wide start for memory: nothing of the crowd has been decided yet.
  const roomy = await seedEngine(many, 'roomy');
  await withEngine(roomy, async () => {
    progress('memory');
    rows.push(...(await cacheMemory(roomy)));
    const few = await seedEngine(1_000, 'roomy');
    await withEngine(few, async () => {
      progress('cached decisions');
      rows.unshift(...(await cachedDecision(few, roomy)));
      progress('wrong checksums');
      rows.push(...(await wrongChecksum(few)));
      progress('peers');
      rows.push(...(await peers(few)));
    });
  });
}

async function doors(): Promise<void> {
  progress('the doors without sockets');
  await withFolder(1_000, async (few) => void rows.push(...(await withoutSockets(few))));
  if (!hasWrk()) {
    progress('wrk is not installed: the rows over HTTP are left out');
    return;
  }
  progress('over HTTP');
  await withFolder(1_000, async (few) => void rows.push(...(await overHttp(few))));
  progress(`over HTTP, with ${many.toLocaleString('en')} tokens in memory`);
  await withFolder(many, async (crowd) => void rows.push(...(await overHttpWithMany(crowd))));
}

async function withFolder(tokenCount: number, work: (folder: SeededFolder) => Promise<void>): Promise<void> {
  const folder = await seedFolder(tokenCount, 'roomy');
  try {
    await work(folder);
  } finally {
    folder.remove();
  }
}

async function withEngine(engine: SeededEngine, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await engine.close();
  }
}

function progress(what: string): void {
  process.stderr.write(`${what} …\n`);
}

function print(table: readonly Row[], on: string): void {
  console.log(`\n${on}\n`);
  for (const { work, yardstick, target, measured, isMet, figures } of table) {
    const verdict = isMet === null ? ' ' : isMet ? '✓' : '✗';
    console.log(`${verdict} ${work}`);
    console.log(`    ${measured}   target ${target}   against ${yardstick}`);
    console.log(
      `    ${Object.entries(figures)
        .map(([name, figure]) => `${name} ${figure.toLocaleString('en')}`)
        .join(' · ')}`,
    );
  }
}
