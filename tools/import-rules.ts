/**
 * Judges the imports of one file against the table in `boundaries.ts`. Each violation is a sentence that can be acted on
 * without opening the table.
 */
import { posix } from 'node:path';
import { BOUNDARIES, MAY_IMPORT_FILES, type Part, partOf } from './boundaries.ts';
import type { ImportedModule } from './source-tokens.ts';

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly sentence: string;
}

export interface Package {
  readonly name: string;
  /** The keys of its exports: `.`, `./express`, … */
  readonly entries: readonly string[];
}

/** `path` is relative to the repository, with forward slashes. */
export function judgeImports(
  path: string,
  imports: readonly ImportedModule[],
  ourPackage: Package,
): readonly Violation[] {
  const isTest = /\.(?:test|bench)\.ts$/.test(path);
  return imports.flatMap((imported) => {
    if (imported.isUrl && !/\.[jt]sx?$/.test(imported.specifier)) return [];
    const sentence = path.startsWith('examples/')
      ? judgeExample(path, imported, ourPackage, isTest)
      : path.startsWith('src/')
        ? judgeSource(path, imported, ourPackage, isTest)
        : path.startsWith('client/')
          ? judgeClient(path, imported)
          : path.startsWith('dashboard/')
            ? judgeDashboard(path, imported)
            : null;
    return sentence === null ? [] : [{ path, line: imported.line, sentence }];
  });
}

function judgeSource(path: string, imported: ImportedModule, ourPackage: Package, isTest: boolean): string | null {
  const part = partOf(path);
  const { specifier, typesOnly } = imported;
  if (part === null || isTest) return null;
  if (!specifier.startsWith('.')) return judgeModule(part, specifier, ourPackage);
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith('src/')) return `src/ may not import ${target}: the product does not depend on its tooling`;
  const to = partOf(target);
  if (to === null) return null;
  if (/\.test\.ts$/.test(target)) return `${target} is a test, and only tests may import tests`;
  if (to === part) return null;
  const boundary = BOUNDARIES[part];
  if (!boundary.may.includes(to)) {
    if (boundary.mayTypes?.includes(to) !== true) return `${part} may not import ${to}: ${boundary.because}`;
    if (!typesOnly) return `${part} may import only types of ${to} (\`import type\`): ${boundary.because}`;
  }
  const isEntry = to === 'index' || target === `src/${to}/index.ts` || isNamedEntry(to, target);
  if (!isEntry && !MAY_IMPORT_FILES.includes(part)) {
    return `${part} may import ${to} only through src/${to}/index.ts: what is not in its index is its own affair`;
  }
  return null;
}

function judgeModule(part: Part, specifier: string, ourPackage: Package): string | null {
  const { modules, pure, because } = BOUNDARIES[part];
  if (specifier === ourPackage.name || specifier.startsWith(`${ourPackage.name}/`)) {
    return `src/ may not import itself as ${specifier}: inside the house, paths are relative`;
  }
  if (modules === undefined || modules.includes(packageName(specifier))) return null;
  return `${part} may not import ${specifier}: ${pure ? 'it is pure, ' : ''}${because}`;
}

function judgeClient(path: string, { specifier, typesOnly }: ImportedModule): string | null {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    return target.startsWith('client/') ? null : `client may not import ${target}: it is installed without the rest`;
  }
  if (specifier.startsWith('node:') || typesOnly) return null;
  return `client may not import ${specifier}: whoever installs it gets nothing else`;
}

function judgeDashboard(path: string, { specifier }: ImportedModule): string | null {
  if (!specifier.startsWith('.')) return null;
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith('dashboard/')) return null;
  return `dashboard may not import ${target}: what runs in a browser speaks to the server over HTTP alone`;
}

/** What the examples have in common and would have anyway, without Keyhouse. */
const KIT = 'examples/kit/';

function judgeExample(path: string, imported: ImportedModule, ourPackage: Package, isTest: boolean): string | null {
  const { specifier } = imported;
  const home = path.split('/').slice(0, 2).join('/');
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    if ([`${home}/`, KIT].some((folder) => target.startsWith(folder)) || (isTest && target.startsWith('test/')))
      return null;
    return `an example may not import ${target}: it is read as an application of its own, which has only the package`;
  }
  if (packageName(specifier) !== ourPackage.name) return null;
  const entry = specifier.replace(ourPackage.name, '.');
  if (ourPackage.entries.includes(entry)) return null;
  return `an example may not import ${specifier}: the package's public entry points are ${ourPackage.entries.join(', ')}`;
}

function isNamedEntry(part: Part, target: string): boolean {
  return BOUNDARIES[part].entries?.some((entry) => target === `src/${part}/${entry}`) ?? false;
}

/** `@scope/name` or `name` without the path inside the package; `node:` modules as they are. */
export function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
