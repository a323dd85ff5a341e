/**
 * node bench/scan.ts: how fast tokens are looked for in bytes of several kinds, beside only reading the same file and beside
 * `grep -c -F` of the prefix. The target is 200 MB for each second of one core: CPU time, which others on the machine draw out
 * less; grep is a process of its own, and its time is the wall clock's.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report, walk } from '../src/cli/scan/index.ts';
import { keyhouse, presets } from '../src/profile/index.ts';
import { generateToken, systemRandom, TokenFinder } from '../src/token/index.ts';

const TARGET_MB = 200;
const SIZE = 200e6;
const ROUNDS = 5;

const source = readFileSync(new URL('../node_modules/swagger-ui-dist/swagger-ui-bundle.js', import.meta.url));
const KINDS: Readonly<Record<string, () => Buffer>> = {
  'minified script': () => repeated(source),
  'log lines': () =>
    repeated(Buffer.from(`${new Date(0).toISOString()} INFO request_id=req_4n2aZq8C path=/v1/tokens 200\n`)),
  'one line of Base64': () => Buffer.from(randomBytes((SIZE * 3) / 4).toString('base64')),
  'one line of letters': () => Buffer.alloc(SIZE, 'a'),
  'random bytes': () => randomBytes(SIZE),
  'a program': () => repeated(readFileSync(process.execPath)),
  'UTF-16': () => repeated(Buffer.from(source.toString('latin1'), 'utf16le')),
};

const folder = mkdtempSync(join(tmpdir(), 'keyhouse-scan-'));
const piece = Buffer.allocUnsafe(4 * 1024 * 1024);
try {
  const formats = Object.values(presets).map(({ token }) => token);
  const token = generateToken(keyhouse.token, 'token', 'live', systemRandom);
  console.log(`${cpus()[0]?.model.trim()}, Node ${process.version}; MB/s, best of ${ROUNDS}, ${SIZE / 1e6} MB each\n`);
  console.log('| bytes | keyhouse scan | only read | grep -c -F | target |\n|---|---|---|---|---|');
  for (const [name, make] of Object.entries(KINDS)) {
    const file = join(folder, 'bytes');
    writeFileSync(file, Buffer.concat([make(), Buffer.from(`\n ${token}\n`)]));
    const scanned = fastest(() => scan(file, formats));
    const met = scanned >= TARGET_MB ? 'met' : 'MISSED';
    const others = [
      fastest(() => read(file)),
      fastest(
        () => grep(file),
        () => performance.now(),
      ),
    ];
    console.log(`| ${name} | ${[scanned, ...others].map((speed) => speed.toFixed(0)).join(' | ')} | ${met} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function scan(file: string, formats: ConstructorParameters<typeof TokenFinder>[0]): void {
  const report = new Report(new TokenFinder(formats), { find: () => {}, problem: (message) => console.error(message) });
  walk(folder, file, report);
  if (report.finds !== 1) throw new Error(`${report.finds} finds instead of one`);
}

function read(file: string): void {
  const open = openSync(file, 'r');
  while (readSync(open, piece) > 0);
  closeSync(open);
}

function grep(file: string): void {
  execFileSync('grep', ['-c', '-a', '-F', `${keyhouse.token.prefix}_`, file], { stdio: 'ignore' });
}

/** Megabytes a second in the quickest of several rounds. @param clockMs default this process' CPU time. */
function fastest(work: () => void, clockMs: () => number = cpuMs): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const begun = clockMs();
    work();
    best = Math.min(best, clockMs() - begun);
  }
  return SIZE / 1e6 / (best / 1e3);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

function repeated(bytes: Buffer): Buffer {
  return Buffer.concat(Array(Math.ceil(SIZE / bytes.length)).fill(bytes)).subarray(0, SIZE);
}
