/**
 * Builds `client/` into a package for applications of either module system. Prevents what only its users would notice: a
 * dependency in a package that promises none, an entry point without types, a file that Node.js reads as the other kind.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { packFolder, runProgram } from './run-program.ts';
import { importedModules, tokenize } from './source-tokens.ts';

interface ClientManifest extends Readonly<Record<string, unknown>> {
  readonly exports: Readonly<Record<string, string>>;
}

const COMMON_JS = ['--module', 'commonjs', '--moduleResolution', 'bundler', '--verbatimModuleSyntax', 'false'];

/** Builds and packs the client of the repository at `root`; returns the tarball's path. Throws with the tool's own output. */
export function packClient(root: string): string {
  const out = join(root, 'dist');
  const stage = join(out, 'client');
  const client = join(root, 'client');
  rmSync(stage, { recursive: true, force: true });
  const compile = (folder: string, more: readonly string[]) => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    runProgram(process.execPath, [tsc, '-p', 'client/tsconfig.json', '--outDir', join(stage, folder), ...more], root);
  };
  compile('esm', []);
  compile('cjs', COMMON_JS);
  // Beside these files, or else Node.js reads them as what the whole package is.
  writeFileSync(join(stage, 'cjs/package.json'), '{ "type": "commonjs" }\n');
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  cpSync(join(client, 'README.md'), join(stage, 'README.md'));
  for (const kind of ['esm', 'cjs']) requireNoPackages(join(stage, kind));
  const { private: _private, ...manifest } = JSON.parse(
    readFileSync(join(client, 'package.json'), 'utf8'),
  ) as ClientManifest;
  const exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([key, file]) => [key, builtExport(stage, file)]),
  );
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`);
  return packFolder(stage, out);
}

function builtExport(stage: string, file: string) {
  const name = /^\.\/src\/(.+)\.ts$/.exec(file)?.[1];
  if (name === undefined) return file;
  const of = (kind: string) => ({ types: `./${kind}/${name}.d.ts`, default: `./${kind}/${name}.js` });
  const built = { import: of('esm'), require: of('cjs') };
  for (const path of [built.import, built.require].flatMap((entry) => Object.values(entry))) {
    if (!existsSync(join(stage, path))) throw new Error(`${path} is an entry point, and nothing was built there`);
  }
  return built;
}

function requireNoPackages(folder: string): void {
  for (const name of readdirSync(folder, { encoding: 'utf8', recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, specifier = '']) => specifier);
    for (const specifier of [...importedModules(tokenize(text)).map((one) => one.specifier), ...required]) {
      if (specifier.startsWith('.') || isBuiltin(specifier)) continue;
      throw new Error(`${name} imports ${specifier}: the client has no dependencies`);
    }
  }
}
