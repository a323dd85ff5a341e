/**
 * Installs what the lock file names, when something of it is not there, and builds the dashboard when its sources changed.
 * Prevents a fresh clone (or one whose lock file moved on) from failing with "module not found", pages of yesterday, and a run
 * on a Node.js that is too old from failing with a riddle.
 *
 * Runs on whatever Node.js started npm, before anything is installed: plain JavaScript, no package imported.
 */
import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDashboard, canBuildDashboard, isDashboardBuilt } from './build-dashboard.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const isStart = process.env.npm_lifecycle_event === 'prestart';

if (!isInstalled()) {
  console.error('Installing the locked packages (npm ci) …');
  try {
    execSync(`npm ci --no-audit --no-fund --loglevel=error${isStart ? '' : ' --include=dev'}`, {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
    });
  } catch {
    console.error('npm ci failed, see above. Nothing was started.');
    process.exit(1);
  }
}
if (!hasPinnedNode() && !isNewEnough(process.versions.node)) {
  console.error(
    `Keyhouse needs Node.js ${needed().join('.')} or newer, and this is ${process.version}. On Linux and Windows npm brings ` +
      `a fitting one along; for ${process.platform} on ${process.arch} it did not: please install Node.js 24 and run this again.`,
  );
  process.exit(1);
}
if (!isDashboardBuilt(root)) bringDashboard();

/** Without its pages Keyhouse still runs: the dashboard then says how they are built. */
function bringDashboard() {
  if (!canBuildDashboard(root)) {
    console.error('The dashboard is not built, and what builds it is not installed: npm ci --include=dev brings it.');
    return;
  }
  console.error('Building the dashboard …');
  try {
    buildDashboard(root);
  } catch (error) {
    console.error(error.message);
  }
}

/** Compares versions rather than times: a checkout or a restored cache changes times at will. */
function isInstalled() {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return false;
  for (const [path, locked] of Object.entries(packagesOf(join(root, 'package-lock.json')) ?? {})) {
    const isPackage = path.includes('node_modules/');
    if (!isPackage || locked.optional || locked.devOptional || (locked.dev && isStart)) continue;
    const there = installed[path];
    if (there === undefined || there.version !== locked.version) return false;
  }
  return true;
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}

function hasPinnedNode() {
  return ['node', 'node.cmd'].some((name) => existsSync(join(root, 'node_modules', '.bin', name)));
}

/** The oldest version that package.json allows, as three numbers. */
function needed() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return engines.node.replace('>=', '').split('.').map(Number);
}

function isNewEnough(version) {
  const have = version.split('.').map(Number);
  const want = needed();
  const differs = want.findIndex((part, index) => part !== have[index]);
  return differs === -1 || have[differs] > want[differs];
}
