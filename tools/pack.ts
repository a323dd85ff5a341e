/**
 * `npm run pack:dist` builds the package into `dist/package`, the client into `dist/client`, and packs both into `dist/`. Prevents publishing the repository
 * itself: Node.js refuses TypeScript below node_modules, and our pinned Node.js must not reach an application.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { packageName } from './import-rules.ts';
import { packClient } from './pack-client.ts';
import { type Manifest, publishedManifest } from './published-manifest.ts';
import { packFolder, runProgram } from './run-program.ts';
import { importedModules, tokenize } from './source-tokens.ts';

const WORKER = /(new URL\(\s*['"]\.[^'"]+)\.ts(?=['"],\s*import\.meta\.url)/g;

/** Builds and packs the repository at `root`; returns the tarball's path. Throws with the tool's own output. */
export function packRepository(root: string): string {
  const out = join(root, 'dist');
  const stage = join(out, 'package');
  rmSync(stage, { recursive: true, force: true });
  runProgram(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], root);
  copyStaticFiles(join(root, 'src'), join(stage, 'dist'));
  if (existsSync(join(root, 'dashboard'))) {
    runProgram(process.execPath, ['tools/build-dashboard.mjs'], root);
    cpSync(join(root, 'dashboard/dist'), join(stage, 'dashboard/dist'), { recursive: true });
  }
  for (const file of ['bin', 'LICENSE', 'README.md', 'CHANGELOG.md']) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(stage, file), { recursive: true });
  }
  const repository = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const manifest = publishedManifest(repository, finishBuiltFiles(join(stage, 'dist')));
  const entryPoints = JSON.stringify([manifest.exports, manifest.bin]).match(/\.\/(?:dist|bin)\/[^"]+/g) ?? [];
  for (const file of entryPoints) {
    if (!existsSync(join(stage, file))) throw new Error(`${file} is an entry point, and nothing was built there`);
  }
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return packFolder(stage, out);
}

/** Everything under `src/` that is not TypeScript is read at run time. */
function copyStaticFiles(from: string, to: string): void {
  for (const path of filesOf(from)) {
    if (path.endsWith('.ts')) continue;
    const target = join(to, relative(from, path));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target);
  }
}

/** Points workers at built files, and returns the packages that any built file imports, types included. */
function finishBuiltFiles(folder: string): ReadonlySet<string> {
  const imported = new Set<string>();
  for (const path of filesOf(folder)) {
    if (!/\.(?:js|d\.ts)$/.test(path)) continue;
    const text = readFileSync(path, 'utf8');
    const finished = text.replace(WORKER, '$1.js');
    if (finished !== text) writeFileSync(path, finished);
    for (const { specifier, isUrl } of importedModules(tokenize(finished))) {
      if (specifier.startsWith('.')) {
        if (isUrl && join(dirname(path), specifier) === join(folder, '../package.json')) continue;
        const target = join(dirname(path), specifier.replace(/\.ts$/, '.d.ts'));
        if (!existsSync(target)) throw new Error(`${relative(folder, path)} needs ${specifier}, which was not built`);
      } else if (!isBuiltin(specifier)) imported.add(packageName(specifier));
    }
  }
  return imported;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

if (import.meta.main) {
  try {
    const root = join(import.meta.dirname, '..');
    console.log(packRepository(root));
    console.log(packClient(root));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
