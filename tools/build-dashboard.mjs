/**
 * `npm run build:dashboard` builds the dashboard's pages into `dashboard/dist`, unless what is there was built from these very
 * sources. Prevents a start, a test run or a package with the pages of yesterday, and a folder that is half old and half new
 * while somebody reads it.
 *
 * Runs on whatever Node.js started npm: plain JavaScript.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const STAMP = '.built-from';

/** Files and folders of `dashboard/` that decide what is built. */
const SOURCES = ['index.html', 'package.json', 'public', 'src', 'vite.config.ts', 'vite.portal.config.ts'];

/** Whether `dashboard/dist` was built from the sources that are there now, or there is nothing to build. */
export function isDashboardBuilt(root) {
  if (!existsSync(join(root, 'dashboard/index.html'))) return true;
  const stamp = join(root, 'dashboard/dist', STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOfSources(root);
}

/** Whether the packages that build it are installed; they are left out with `--omit=dev`. */
export function canBuildDashboard(root) {
  return existsSync(join(root, 'node_modules/vite/bin/vite.js'));
}

/** Builds beside the old folder and then takes its place. Throws with what the bundler printed. */
export function buildDashboard(root) {
  const digest = digestOfSources(root);
  const made = join(root, `dashboard/dist.new-${process.pid}`);
  const old = join(root, `dashboard/dist.old-${process.pid}`);
  const dist = join(root, 'dashboard/dist');
  const vite = [
    join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    'dashboard',
    '--outDir',
    made,
    '--logLevel',
    'warn',
  ];
  // The pages first, into an empty folder; then the element for pages of other origins, beside them.
  const builds = [['--emptyOutDir'], ['--config', join(root, 'dashboard/vite.portal.config.ts')]];
  try {
    for (const further of builds) {
      execFileSync(process.execPath, [...vite, ...further], {
        cwd: root,
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, NODE_ENV: 'production' },
      });
    }
    writeFileSync(join(made, STAMP), digest);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(made, dist);
  } catch (error) {
    throw new Error(`The dashboard could not be built:\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
  } finally {
    for (const left of [made, old]) rmSync(left, { recursive: true, force: true });
  }
}

function digestOfSources(root) {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesOf(join(root, 'dashboard'), source)).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, 'dashboard', path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesOf(folder, path) {
  const there = join(folder, path);
  if (!existsSync(there)) return [];
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(there, { withFileTypes: true }).flatMap((entry) => filesOf(folder, `${path}/${entry.name}`));
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  try {
    if (!isDashboardBuilt(root)) buildDashboard(root);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
