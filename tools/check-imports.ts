/**
 * `npm run check`: import direction and the few rules of the house that the linter cannot know. Prevents the slow decay in
 * which every single import seemed harmless. The rules are in `boundaries.ts`, `import-rules.ts` and `source-rules.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeImports, type Package, type Violation } from './import-rules.ts';
import { judgeFile, judgeSourceText } from './source-rules.ts';
import { importedModules, tokenize } from './source-tokens.ts';

const FOLDERS = ['src', 'client', 'dashboard', 'test', 'tools', 'bench', 'bin', 'examples'];
const CODE = /\.(?:ts|tsx|mjs|js)$/;
const NOT_OURS = new Set(['node_modules', 'dist', 'keyhouse-data', 'keyhouse-data.secrets']);

/** Every violation of the repository at `root`, and how many files were looked at. */
export function checkRepository(root: string): { readonly files: number; readonly violations: readonly Violation[] } {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, unknown>;
  };
  const ourPackage: Package = { name: manifest.name, entries: Object.keys(manifest.exports) };
  const paths = FOLDERS.flatMap((folder) => codeFiles(root, folder)).sort();
  const violations = paths.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const tokens = tokenize(text);
    return [
      ...judgeFile(path, text),
      ...judgeImports(path, importedModules(tokens), ourPackage),
      ...judgeSourceText(path, tokens),
    ];
  });
  return { files: paths.length, violations };
}

function codeFiles(root: string, folder: string): string[] {
  let entries: ReturnType<typeof readFolder>;
  try {
    entries = readFolder(join(root, folder));
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : codeFiles(root, path);
    return CODE.test(entry.name) ? [path] : [];
  });
}

function readFolder(path: string) {
  return readdirSync(path, { withFileTypes: true });
}

if (import.meta.main) {
  const { files, violations } = checkRepository(join(import.meta.dirname, '..'));
  for (const { path, line, sentence } of violations) console.error(`${path}:${line}: ${sentence}`);
  if (files === 0) console.error('no file was looked at: the check is run from the wrong place');
  console.log(`imports: ${files} files, ${violations.length} violations`);
  process.exitCode = violations.length > 0 || files === 0 ? 1 : 0;
}
