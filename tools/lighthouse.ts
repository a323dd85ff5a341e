/**
 * `npm run lighthouse` starts a server with ten thousand tokens, signs in, and has Lighthouse judge the overview and the list of
 * tokens. Prevents pages that grow slow, or out of reach for some people, without anybody looking. Ends with 1 when a score is
 * missed. Scores of speed depend on what else the machine does, so this is a command and no test.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium } from 'playwright-core';
import { addCrowd, type Crowd } from '../bench/crowd.ts';
import { openBare } from '../bench/seeded-engine.ts';
import { openDashboardHouse } from '../test/dashboard/house.ts';
import { findProgram, runProcess } from '../test/services/process.ts';

/** Too large for a development dependency; npm brings it when this runs. */
const LIGHTHOUSE = 'lighthouse@13.5.0';
const SIZES = { tokenCount: 10_000, usageRows: 100_000 };
const DEADLINE_MS = 180_000;

const PAGES = [
  { name: 'overview', path: '/' },
  { name: 'tokens', path: '/tokens' },
] as const;

/** Scores of a hundred. */
const LEAST = { performance: 90, accessibility: 100, 'best-practices': 100 } as const;
type Category = keyof typeof LEAST;
const CATEGORIES = Object.keys(LEAST) as Category[];

/** What of a report is looked at. */
interface Report {
  readonly finalDisplayedUrl: string;
  readonly categories: Readonly<Record<Category, { score: number | null; auditRefs: readonly AuditRef[] }>>;
  readonly audits: Readonly<Record<string, Audit>>;
}

interface AuditRef {
  readonly id: string;
  readonly weight: number;
}

interface Audit {
  readonly title: string;
  readonly score: number | null;
  readonly displayValue?: string;
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, reports: { type: 'string' } },
});
const runs = Number(values.runs);
if (!Number.isSafeInteger(runs) || runs < 1) throw new TypeError('--runs takes a whole number from 1');
const browser = findProgram('chromium');
if (browser === null) throw new Error('Chromium is not installed');

const folder = mkdtempSync(join(tmpdir(), 'keyhouse-lighthouse-'));
const reports = values.reports ?? join(folder, 'reports');
mkdirSync(reports, { recursive: true });
try {
  const dataDir = join(folder, 'data');
  const crowd = await seed(dataDir);
  const house = await openDashboardHouse({ settings: { 'data-dir': dataDir }, isEmpty: true });
  try {
    const port = await freePort();
    const context = await chromium.launchPersistentContext(join(folder, 'browser'), {
      executablePath: browser,
      args: ['--no-sandbox', `--remote-debugging-port=${port}`],
    });
    try {
      await signIn(context, house.dashboard, crowd);
      const isMet = await judgeAll(house.dashboard, port, await cacheOf(context));
      if (!isMet) process.exitCode = 1;
    } finally {
      await context.close();
    }
  } finally {
    await house.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function seed(dataDir: string): Promise<Crowd> {
  process.stderr.write(`seeding ${SIZES.tokenCount} tokens …\n`);
  const opened = await openBare(dataDir, null);
  try {
    return await addCrowd(opened, SIZES);
  } finally {
    await opened.close();
  }
}

/** As a person does; Lighthouse opens its tabs beside this one and finds the session there. */
async function signIn(context: BrowserContext, dashboard: string, { admin }: Crowd): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${dashboard}/sign-in`);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.goto('about:blank');
}

/** Empties what the browser keeps of files. Lighthouse would forget the session with them, so it is told to forget nothing. */
async function cacheOf(context: BrowserContext): Promise<() => Promise<unknown>> {
  const session = await context.newCDPSession(await context.newPage());
  return () => session.send('Network.clearBrowserCache');
}

async function judgeAll(dashboard: string, port: number, emptyCache: () => Promise<unknown>): Promise<boolean> {
  console.log(`${new Date().toISOString()}, ${cpus()[0]?.model.trim()} × ${cpus().length}, load ${loads()}`);
  console.log(
    `${LIGHTHOUSE}, preset desktop, simulated throttling, ${SIZES.tokenCount} tokens, signed in; median of ${runs}\n`,
  );
  let isMet = true;
  for (const { name, path } of PAGES) {
    const judged: Report[] = [];
    for (let run = 1; run <= runs; run++) {
      const file = join(reports, `${name}-${run}.json`);
      await emptyCache();
      judged.push(await judge(`${dashboard}${path}`, port, file));
    }
    console.log(`${name}`);
    for (const category of CATEGORIES) {
      const scores = judged.map(({ categories }) => Math.round((categories[category].score ?? 0) * 100));
      const score = median(scores);
      const verdict = score >= LEAST[category] ? '✓' : '✗';
      isMet &&= score >= LEAST[category];
      console.log(`${verdict} ${category} ${score} (at least ${LEAST[category]}; runs: ${scores.join(', ')})`);
    }
    for (const line of found(judged)) console.log(`    ${line}`);
  }
  console.log(`\nload afterwards ${loads()}`);
  return isMet;
}

async function judge(url: string, port: number, file: string): Promise<Report> {
  const { code, stdout, stderr } = await runProcess(
    'npx',
    [
      '--yes',
      LIGHTHOUSE,
      url,
      `--port=${port}`,
      '--preset=desktop',
      '--disable-storage-reset',
      `--only-categories=${CATEGORIES.join(',')}`,
      '--output=json',
      `--output-path=${file}`,
      '--quiet',
    ],
    {
      // It needs the Node.js that runs this, not the one that npx was started by.
      env: { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`, CI: '1' },
      deadlineMs: DEADLINE_MS,
    },
  );
  if (code !== 0) throw new Error(`Lighthouse ended with ${code}:\n${stdout}${stderr}`);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  if (report.finalDisplayedUrl !== url)
    throw new Error(`asked for ${url}, Lighthouse was sent to ${report.finalDisplayedUrl}`);
  return report;
}

/** What costs points in any run, with its figure in the last one. */
function found(judged: readonly Report[]): readonly string[] {
  const lines = new Map<string, string>();
  for (const { categories, audits } of judged) {
    for (const category of CATEGORIES) {
      for (const { id, weight } of categories[category].auditRefs) {
        const audit = audits[id];
        if (audit === undefined || weight === 0 || audit.score === null || audit.score >= 0.995) continue;
        const figure = audit.displayValue === undefined ? '' : ` ${audit.displayValue}`;
        lines.set(id, `${id}: ${audit.title}${figure} (${Math.round(audit.score * 100)})`);
      }
    }
  }
  return [...lines.values()];
}

function median(scores: readonly number[]): number {
  return [...scores].sort((a, b) => a - b)[Math.floor(scores.length / 2)] ?? 0;
}

function loads(): string {
  return loadavg()
    .map((load) => load.toFixed(2))
    .join(' ');
}

/** Chromium takes a number, and tells nobody which one it chose itself. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
