import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OTHERS, pinned, startServer } from '../http/running-server.ts';
import { hasWrk, Load, type LoadShape } from '../http/wrk.ts';
import type { Amounts } from '../proofs.ts';
import { seedFolder } from '../seeded-engine.ts';

const CONNECTIONS = 4_000;
const VALID: LoadShape = { connections: 32, pauseMs: 16 };

/** What slowhttptest (https://github.com/shekyan/slowhttptest) does in each of its manners. */
const MANNERS: Readonly<Record<string, readonly string[]>> = {
  'header lines that never end': ['-H', '-i', '2', '-u', '/v1/auth/test'],
  'bodies that never end': ['-B', '-i', '2', '-s', '8192', '-t', 'POST', '-u', '/v1/tokens/verify'],
  'answers that are not read': ['-X', '-w', '1', '-y', '8', '-n', '2', '-z', '4', '-u', '/openapi.json'],
};

/** What those who hold tokens notice of thousands of clients who take their time. */
export async function slowClients({ seconds }: Amounts): Promise<void> {
  if (!hasWrk()) throw new Error('wrk is not installed');
  if (spawnSync('slowhttptest', ['-h'], { stdio: 'ignore' }).error !== undefined)
    throw new Error('slowhttptest is not installed');
  const folder = await seedFolder(1_000, 'roomy');
  const reports = mkdtempSync(join(tmpdir(), 'keyhouse-slow-'));
  const { dataDir, tokens } = folder;
  const server = await startServer({ is: 'keyhouse', dataDir, upstream: null, warmedBy: null, isBehindProxy: false });
  const valid = new Load(tokens.map((token) => ({ method: 'GET', path: '/v1/auth/test', token, body: null })));
  try {
    await valid.run(server.url, seconds, VALID);
    const alone = await valid.run(server.url, seconds, VALID);
    console.log(`those who hold tokens, alone: p99 ${(alone.p99Micros / 1000).toFixed(2)} ms`);
    for (const [what, manner] of Object.entries(MANNERS)) {
      const report = join(reports, 'report');
      const target = manner.map((text) => (text.startsWith('/') ? server.url + text : text));
      const many = ['-c', String(CONNECTIONS), '-r', '1000', '-l', String(seconds), '-p', '5', '-g', '-o', report];
      const [program, ...args] = pinned(OTHERS, ['slowhttptest', ...target, ...many]);
      const [during] = await Promise.all([valid.run(server.url, seconds, VALID), promisify(execFile)(program, args)]);
      const { connected, closed, isAvailable } = readReport(`${report}.csv`);
      console.log(
        `${what}: ${connected.toLocaleString('en')} connected at most, ${closed.toLocaleString('en')} ended by then; ` +
          `${isAvailable ? 'always' : 'not always'} available to slowhttptest; p99 of the others ` +
          `${(during.p99Micros / 1000).toFixed(2)} ms = ${(during.p99Micros / alone.p99Micros).toFixed(2)} × alone`,
      );
    }
  } finally {
    valid.remove();
    await server.stop();
    folder.remove();
    rmSync(reports, { recursive: true, force: true });
  }
}

/** Its table: a line for each second, with seconds, closed, pending, connected and whether the service answered. */
function readReport(file: string) {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const rows = lines.map((line) => line.split(',').map(Number));
  const most = (column: number) => Math.max(...rows.map((row) => row[column] ?? 0));
  return { closed: most(1), connected: most(3), isAvailable: rows.every((row) => (row[4] ?? 0) > 0) };
}
