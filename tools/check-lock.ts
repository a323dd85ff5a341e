/**
 * `npm run check`: the lock file. Prevents an install that works on the machine where the lock was written and fails, or
 * misses a native binary, on another system: npm silently leaves an optional package out of the lock when the registry
 * it asked did not have it, and reports that for workspaces not even in `npm ci`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
  readonly link?: boolean;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** Native packages of which a system is left out on purpose, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'node-darwin': 'the registry has no current Node.js for macOS; tools/ensure-install.mjs says what to do there',
};

/** Sentences about what is wrong with the lock's packages. */
export function lockProblems(packages: LockedPackages): readonly string[] {
  return [...missingOptional(packages), ...missingSystems(packages), ...fixedPlaces(packages)];
}

function missingOptional(packages: LockedPackages): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !resolutions(path, name).some((place) => place in packages))
      .map((name) => `${path === '' ? 'the root' : path} may install ${name}, and the lock does not have it`),
  );
}

/** `a-linux-x64` without any `a-darwin-…` beside it: nobody on macOS can run what needs `a`. */
function missingSystems(packages: LockedPackages): string[] {
  const names = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  const families = new Set([...names].flatMap((name) => /^(.+)-linux-(?:x64|arm64)/.exec(name)?.[1] ?? []));
  return [...families]
    .filter((family) => !(`${family}-darwin` in LEFT_OUT))
    .filter((family) => ![...names].some((name) => name.startsWith(`${family}-darwin-`)))
    .map((family) => `${family} is locked for Linux and not for macOS (${family}-darwin-…)`);
}

/** A package comes from a registry over HTTPS: neither a folder, a repository nor a mirror in the clear that others lack. */
function fixedPlaces(packages: LockedPackages): string[] {
  return Object.entries(packages).flatMap(([path, { resolved, link }]) =>
    resolved === undefined || link === true || /^https:.*\.tgz$/.test(resolved)
      ? []
      : [`${path} is locked to ${resolved}, which not everyone can reach`],
  );
}

/** Where Node.js would look for `name` from the package at `path`, nearest first. */
function resolutions(path: string, name: string): string[] {
  const places = [`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  for (let end = path.length; end > 0; ) {
    end = path.lastIndexOf('node_modules/', end - 1);
    if (end === -1) break;
    places.push(`${path.slice(0, end)}node_modules/${name}`);
  }
  return [...places, `node_modules/${name}`];
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: LockedPackages };
  const problems = [...lockProblems(lock.packages)];
  const dryRun = spawnSync('npm', ['ci', '--dry-run', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (dryRun.status !== 0) problems.push(`npm ci would fail:\n${dryRun.stderr}`);
  for (const problem of problems) console.error(`package-lock.json: ${problem}`);
  console.log(`lock: ${Object.keys(lock.packages).length} packages, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
